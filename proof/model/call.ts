import type { SecretStore, Version } from "../../shared/rotation/secret-store.ts";

export type StoreName = "current" | "staged";

/** A request of a run that the world has not answered yet. Times are as the run's own clock shows them. */
export type Call =
  | { kind: "list" }
  | { kind: "issue"; announcedOn: number | undefined; expiresOn: number }
  | { kind: "retire"; keyId: string }
  | { kind: "latest"; store: StoreName }
  | { kind: "store"; store: StoreName; content: string; tags: Kept; expiresOn: number }
  | { kind: "announce"; on: number }
  | { kind: "note"; version: Version; milestones: Milestones }
  | { kind: "sign-in"; keyId: string }
  | { kind: "push"; keyId: string };

export interface Kept {
  keyId: string;
  issuedOn: number;
  proven: boolean;
}

export type Milestones = Parameters<SecretStore["note"]>[1];

/** What a run is told, made only when it is needed. `key` tells answers apart. */
export type Answer = { key: string; value: () => unknown } | { key: string; failure: string };

export const NO_ANSWER: Answer = { key: "!", failure: "no answer" };
/** The consumer tries the secret before it takes it. */
export const REFUSED: Answer = { key: "refused", failure: "Entra refuses the secret" };

/** Calls that change something; the others may be repeated at will. */
export function isWrite(call: Call): boolean {
  return call.kind !== "list" && call.kind !== "latest" && call.kind !== "sign-in";
}
