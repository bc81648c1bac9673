import type { Later } from "../outcome.ts";

export type ReplaceReason =
  | "the vault has none"
  | "not stored by this app"
  | "disabled in the vault"
  | "failed its last check"
  | "no longer in Entra"
  | "due"
  | "requested";

/** So much is seen to before anything goes: what is current is what it says, and its consumer holds it. */
type BeforeRetirement = "before older secrets are retired";
export type CheckReason = BeforeRetirement | "no known sign-in for 24 hours";
export type ConfirmReason = BeforeRetirement | "delivered by an earlier run";

export type Step =
  | { kind: "issue"; because: ReplaceReason | "due soon"; target: string; expiresOn: Date }
  | { kind: "prove"; because: "not proven yet"; target: string; version: string }
  | { kind: "promote"; because: ReplaceReason | "overwritten by an older secret"; target: string; version: string }
  | { kind: "push"; because: "not delivered" | "old secrets were revoked"; target: string; version: string }
  | { kind: "confirm"; because: ConfirmReason; target: string; version: string }
  | { kind: "check"; because: CheckReason; target: string; version: string }
  | { kind: "retire"; because: "replaced" | "compromised"; target: string };

export interface Plan {
  next: Step | undefined;
  later: Later[];
  /** Why nothing may be issued although something should be. */
  blocked: string | undefined;
}
