import type { Later } from "../outcome.ts";

export type ReplaceReason =
  | "none is stored"
  | "the stored one is not ours"
  | "the stored one is disabled"
  | "Entra refuses it, or it is another one than noted"
  | "Entra no longer lists it"
  | "it is due"
  | "asked for";

export type CheckReason = "an older one is to go" | "nobody has signed in with it for a day";

export type Step =
  | { kind: "issue"; because: ReplaceReason | "it is due soon"; target: string; expiresOn: Date }
  | { kind: "prove"; because: "not proven yet"; target: string; version: string }
  | { kind: "promote"; because: ReplaceReason | "an older one displaced it"; target: string; version: string }
  | { kind: "push"; because: "not delivered" | "old ones were revoked"; target: string; version: string }
  | { kind: "confirm"; because: "delivered before this run began"; target: string; version: string }
  | { kind: "check"; because: CheckReason; target: string; version: string }
  | { kind: "retire"; because: "replaced" | "compromised"; target: string };

export interface Plan {
  next: Step | undefined;
  later: Later[];
  /** Why nothing may be issued although something should be. */
  blocked: string | undefined;
}
