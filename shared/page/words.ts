import type { CredentialKind } from "../deployment/credentials.ts";
import { PROBLEMS, type ProblemCode } from "../problems/problems.ts";
import type { Verdict } from "../status/condition.ts";

/** What each verdict is called on the page. */
export const VERDICTS: Record<Verdict, string> = { healthy: "Healthy", attention: "Attention", failing: "Failing" };

/** What each credential is called on the page. */
export const CREDENTIALS: Record<CredentialKind, string> = {
  "ingestion-client-secret": "Ingestion client secret",
  "server-client-secret": "Server client secret",
  "bot-token": "Bot token",
};

/** What comes, by the kind of step. */
const COMING: Record<string, string> = {
  issue: "The next one is issued",
  prove: "The next one is proven",
  promote: "The next one becomes current",
  push: "It is delivered",
  confirm: "Its delivery is confirmed",
  check: "It is signed in with, to see whether it works",
  retire: "The previous one is retired",
};

/** What a step will do, in words. */
export function comes({ kind, waits }: { kind: string; waits?: ProblemCode | undefined }): string {
  if (waits === "readers-pending") return "Readers of the vault have had time; delivery is then assumed";
  const words = COMING[kind] ?? kind;
  return waits === undefined ? words : `${words}, at the latest (${PROBLEMS[waits].title})`;
}

/** "1 deployment", "3 deployments". */
export function count(amount: number, one: string): string {
  return `${amount.toLocaleString("en")} ${one}${amount === 1 ? "" : "s"}`;
}
