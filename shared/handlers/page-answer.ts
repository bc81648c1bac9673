import { createHash } from "node:crypto";
import type { HttpResponseInit } from "@azure/functions";
import { SCRIPT } from "../page/script.ts";
import { STYLE } from "../page/style.ts";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is fetched from anywhere; of scripts and styles only our own run, by their hash. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A page as an answer that no cache keeps, no frame shows, and that tells nobody where somebody came from. */
export function page(status: number, body: string): HttpResponseInit {
  return {
    status,
    body,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
    },
  };
}
