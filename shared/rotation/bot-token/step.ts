import type { WaitingCode } from "../../problems/problems.ts";
import type { Later } from "../outcome.ts";

/** Lifetimes that every release since 0.12 knows, in days (OpenMetadata's schema `auth/jwtAuth.json`). */
export type TokenLifetime = "7" | "30" | "60" | "90";

export type IssueReason = "the bot holds no token" | "it is due" | "asked for" | "compromised";
export type PromoteReason =
  | "none is stored"
  | "the stored one is disabled"
  | "the server holds another one"
  | "its copy in the vault ends soon";

export type Step =
  | { kind: "issue"; because: IssueReason; target: string; lifetime: TokenLifetime; affects?: string }
  | { kind: "promote"; because: PromoteReason; target: string }
  | { kind: "push"; because: "not delivered"; target: string; version: string }
  | { kind: "confirm"; because: "delivered before this run began"; target: string; version: string };

export interface Plan {
  next: Step | undefined;
  /** A step that is due but waits for a better moment, and until when at most. */
  waits: { step: Step; code: WaitingCode; because: string; until: Date } | undefined;
  later: Later[];
}
