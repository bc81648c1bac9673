import type { CredentialKind } from "../deployment/credentials.ts";
import { cut, LONGEST_TEXT } from "./cut.ts";
import type { Notice } from "./notice.ts";
import { isShared } from "./shared-cause.ts";

/** About what is told: a credential, or without one the app itself. */
export interface Subject {
  deployment?: string | undefined;
  credential?: CredentialKind | undefined;
  secret?: string | undefined;
}

/** A notice before it is said whom it is about; `of` tells one of its kind from another. */
export type News = Pick<Notice, "kind" | "message" | "reason" | "hint"> & { of: string };

const TITLES: Record<Exclude<Notice["kind"], "test">, string> = {
  delivered: "Rotated and delivered",
  "assumed-delivered": "Rotated, delivery assumed",
  stalled: "Needs attention",
  expiring: "About to expire",
  recovered: "Recovered",
  "leak-answered": "Leak answered",
};

/** The notice, with whom it is about. Pure. */
export function noticeOf({ of, ...news }: News, { deployment, credential, secret }: Subject, now: Date): Notice {
  const what = credential && deployment ? `${credential} of "${deployment}"` : "the app itself";
  const others = isShared(news.reason ?? "") ? " (reported once for all credentials)" : "";
  const title = news.kind === "test" ? "Test" : `${TITLES[news.kind]}: ${what}${others}`;
  return {
    id: [deployment ?? "app", credential, news.kind, of].filter(Boolean).join("/"),
    on: now.toISOString(),
    ...(deployment ? { deployment } : {}),
    ...(credential ? { credential } : {}),
    ...(secret ? { secret } : {}),
    title,
    ...news,
    message: cut(news.message, LONGEST_TEXT),
    ...(news.hint ? { hint: cut(news.hint, LONGEST_TEXT) } : {}),
  };
}
