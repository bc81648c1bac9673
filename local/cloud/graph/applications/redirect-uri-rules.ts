import type { Application } from "../../directory/application.ts";
import { badRequest, invalidValue } from "../refusal.ts";

/**
 * Throws what Entra says against redirect URIs (Microsoft Learn: "Redirect URI (reply URL) outline and restrictions"):
 * absolute, without fragment, unencrypted only on this machine, and each for one platform only (the last unverified).
 */
export function checkRedirectUris({ web, spa, publicClient }: Application): void {
  const all = [...web.redirectUris, ...spa.redirectUris, ...publicClient.redirectUris];
  for (const uri of web.redirectUris) if (!isWebAddress(uri)) throw invalidValue("web.redirectUris", "Application");
  for (const uri of spa.redirectUris) if (!isWebAddress(uri)) throw invalidValue("spa.redirectUris", "Application");
  if (new Set(all).size < all.length) {
    throw badRequest("A redirect URI can be registered once only, for one platform.");
  }
}

function isWebAddress(uri: string): boolean {
  if (!URL.canParse(uri) || uri.length > 256) return false;
  const { protocol, hostname, hash } = new URL(uri);
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1";
  return hash === "" && !uri.includes("*") && (protocol === "https:" || (protocol === "http:" && isLocal));
}
