import type { CredentialKind } from "../deployment/credentials.ts";
import { cut, LONGEST_TEXT } from "./cut.ts";
import type { Notice } from "./notice.ts";
import { concernedBy } from "./shared-cause.ts";

/** About what is told: a credential, without one a deployment as a whole, and without that the app itself. */
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
  const others = news.kind === "stalled" ? reportedOnce({ deployment, credential }, news.reason ?? "") : "";
  const title = news.kind === "test" ? "Test" : `${TITLES[news.kind]}: ${nameOf({ deployment, credential })}${others}`;
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

function nameOf({ deployment, credential }: Subject): string {
  if (!deployment) return "the app itself";
  return credential ? `${credential} of "${deployment}"` : `deployment "${deployment}"`;
}

function reportedOnce({ credential }: Subject, reason: string): string {
  const concerned = concernedBy(reason);
  if (concerned === "all") return " (reported once for all credentials)";
  return concerned && credential ? " (reported once for the deployment)" : "";
}
