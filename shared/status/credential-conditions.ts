import type { CredentialKind } from "../deployment/credentials.ts";
import { GRACE } from "../limits.ts";
import type { ProblemCode } from "../problems/problems.ts";
import { TOO_MANY } from "../rotation/client-secret/reasons.ts";
import { type Condition, holds, lacks } from "./condition.ts";
import type { BotTokenFacts, ClientSecretFacts, CredentialFacts } from "./credential.ts";
import { delivered } from "./delivered.ts";
import { secretRotating, tokenRotating } from "./rotating.ts";
import { explained, severityOf, type Unread } from "./unread.ts";

/** At which moment, and from when on something that is due is late. */
export interface Judging {
  now: Date;
  /** Milliseconds. */
  lateAfter: number;
  /** Whether the deployment has any registration; without, it merely is not set up yet. */
  isSetUp: boolean;
}

/** What was read of a credential, or why it was not. */
export type CredentialRead = CredentialFacts | ({ credential: CredentialKind; secret: string } & Unread);

/** `Ready`, `Delivered`, `Rotating` and `Blocked` of one credential. Pure. */
export function credentialConditions(told: CredentialRead, judging: Judging): Condition[] {
  if ("error" in told) return unseen(told, judging);
  if ("unused" in told) return [holds("Ready", "unused", `Not used: ${told.unused}`)];
  return "inEntra" in told ? ofClientSecret(told, judging) : ofBotToken(told, judging);
}

function unseen(unread: Unread, { isSetUp }: Judging): Condition[] {
  const { code } = unread;
  const message = explained(unread);
  const verdict = code === "registration-missing" && !isSetUp ? "attention" : severityOf(code);
  const unknown = { status: "Unknown", verdict: "healthy", reason: "unknown", message: "Could not be read" } as const;
  return [
    { type: "Ready", status: "Unknown", verdict, reason: code, message },
    { type: "Delivered", ...unknown },
    { type: "Rotating", ...unknown },
    verdict === "failing"
      ? { type: "Blocked", status: "True", verdict, reason: code, message }
      : { type: "Blocked", ...unknown },
  ];
}

function ofClientSecret(told: ClientSecretFacts, judging: Judging): Condition[] {
  const { current, inEntra, blocked, code } = told;
  const hasOlder = inEntra.managed.some(({ keyId, expiresOn }) => keyId !== current?.keyId && expiresOn > judging.now);
  return [
    secretReady(told, judging),
    delivered(current, judging, { hasOlder }),
    secretRotating(told, judging),
    blocked === undefined || code === undefined ? unblocked() : isBlocked(code, `${blocked}: none is issued`),
  ];
}

function ofBotToken(told: BotTokenFacts, judging: Judging): Condition[] {
  return [
    tokenReady(told, judging),
    // The old token has ended with the new one: whoever has not got that is locked out.
    delivered(told.current, judging, { hasOlder: false }),
    tokenRotating(told, judging),
    unblocked(),
  ];
}

function isBlocked(reason: ProblemCode, what: string): Condition {
  return { type: "Blocked", status: "True", verdict: "failing", reason, message: `${what}. ${TOO_MANY}` };
}

function unblocked(): Condition {
  const message = "Nothing keeps it from being replaced";
  return { type: "Blocked", status: "False", verdict: "healthy", reason: "unblocked", message };
}

function secretReady({ current, blocked }: ClientSecretFacts, { now }: Judging): Condition {
  if (!current) return lacks("Ready", ["attention", "none-stored"], "None is stored yet: the next run issues one");
  const { keyId, enabled, refusedOn, inEntra, issuedOn, storedOn, expiresOn } = current;
  const replaced = blocked === undefined ? "the next run replaces it" : "nothing replaces it yet, as Blocked says";
  if (keyId === undefined) {
    return lacks("Ready", ["attention", "not-ours"], `What the vault holds was stored by somebody else; ${replaced}`);
  }
  if (!enabled) return lacks("Ready", ["failing", "disabled"], `Somebody disabled the current version; ${replaced}`);
  if (refusedOn) return lacks("Ready", ["failing", "refused"], `Entra refuses it, or it is another one; ${replaced}`);
  // Entra's list lags behind.
  const isYoung = now.getTime() <= (issuedOn ?? storedOn).getTime() + GRACE;
  if (!inEntra && !isYoung) {
    return lacks("Ready", ["failing", "not-in-entra"], `Somebody removed it in Entra: nobody can sign in; ${replaced}`);
  }
  if (expiresOn && expiresOn <= now) return lacks("Ready", ["failing", "expired"], `It has expired; ${replaced}`);
  return holds("Ready", "ready", "It signs in, as far as this app can see", current.checkedOn ?? current.provenOn);
}

function tokenReady({ current, inOpenMetadata: held }: BotTokenFacts, { now }: Judging): Condition {
  if (typeof held === "string") {
    const verdict = current ? "failing" : "attention";
    return lacks("Ready", [verdict, "no-token"], "The bot holds no token; the next run has one issued");
  }
  if (held.expiresOn instanceof Date && held.expiresOn <= now) {
    return lacks("Ready", ["failing", "expired"], "The bot's token has expired; the next run has one issued");
  }
  if (!current) return lacks("Ready", ["attention", "none-stored"], "None is stored yet: the next run stores it");
  if (!current.enabled) {
    return lacks(
      "Ready",
      ["failing", "disabled"],
      "Somebody disabled the current version; the next run stores it anew",
    );
  }
  if (!current.inOpenMetadata) {
    const message = "The server holds another token than the vault; the next run brings that into the vault";
    return lacks("Ready", ["attention", "another-token"], message);
  }
  return holds("Ready", "ready", "The server and the vault hold the same token", held.issuedOn);
}
