import type { WaitingCode } from "../../problems/problems.ts";
import type { Later } from "../outcome.ts";

/** Lifetimes that every release since 0.12 knows, in days (OpenMetadata's schema `auth/jwtAuth.json`). */
export type TokenLifetime = "7" | "30" | "60" | "90";

export type IssueReason = "the bot has no token" | "due" | "requested" | "compromised";
export type PromoteReason =
  | "the vault has none"
  | "disabled in the vault"
  | "OpenMetadata has a different token"
  | "the copy in the vault expires soon";

export type Step =
  | { kind: "issue"; because: IssueReason; target: string; lifetime: TokenLifetime; affects?: string }
  | { kind: "promote"; because: PromoteReason; target: string }
  | { kind: "push"; because: "not delivered"; target: string; version: string }
  | { kind: "confirm"; because: "delivered by an earlier run"; target: string; version: string };

export interface Plan {
  next: Step | undefined;
  /** A step that is due but waits for a better moment, and until when at most. */
  waits: { step: Step; code: WaitingCode; because: string; until: Date } | undefined;
  later: Later[];
}
