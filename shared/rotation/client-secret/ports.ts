import type { RegistrationName } from "../../deployment/registration-names.ts";
import type { Log } from "../../log.ts";
import type { WaitingCode } from "../../problems/problems.ts";
import type { Clock } from "../../retry.ts";
import type { Notebook } from "../progress.ts";
import type { SecretStore } from "../secret-store.ts";
import type { Issued } from "./observed.ts";
import type { SecretLimits } from "./tenant-policy.ts";

/** A credential that this app made: whose it is, by its name in Entra, and the nonce under which it was announced. */
export type Signed = Issued & {
  /** Earlier releases did not write one. */
  mark: string | undefined;
  nonce: string;
};

/** The registration whose client secrets are rotated. */
export interface Holder {
  objectId: string;
  appId: string;
  createdOn: Date;
  /** Client id of the application that made it, where Entra says so. */
  createdByAppId: string | undefined;
  /** This installation's own. */
  managed: readonly Issued[];
  /** By an earlier release: this installation's own, or those of another one. */
  unsigned: readonly Signed[];
  /** Another installation's. */
  others: readonly Signed[];
  /** The number of those that this app did not make. */
  foreign: number;
}

/** The client id of the registration: one that is deleted and made anew has another, so what is remembered may be old. */
export interface ClientId {
  /** What is remembered of it, or else what Entra shows. */
  find(): Promise<string | undefined>;
  /** Takes what a look has shown. */
  tell(appId: string): void;
  forget(): void;
}

/** The client secrets of one registration in Entra. */
export interface Credentials {
  list(): Promise<Holder | undefined>;
  /** What the tenant's policies allow; undefined where they cannot be read. */
  limits(objectId: string, createdOn: Date): Promise<SecretLimits | undefined>;
  issue(objectId: string, nonce: string, expiresOn: Date): Promise<{ keyId: string; value: string }>;
  retire(objectId: string, keyId: string): Promise<void>;
}

/**
 * What a push came to. `waiting` is not a failure: there was no time left, and the next run goes on; or, with `until`,
 * nothing but time is missing, and nobody need call again. With `readUntil` the consumer reads the vault by itself, until
 * then as is assumed, and nobody can see whether it has.
 */
export type Pushed =
  | { kind: "delivered"; detail: string; readUntil?: Date }
  | { kind: "waiting"; code: WaitingCode; because: string; until?: Date; lookOn?: Date; readUntil?: Date };

/** What is handed to the consumer. Nothing is begun after `endsOn`; `urgent` after a leak: what waits for time does not. */
export interface Handed {
  appId: string;
  value: string;
  /** Its version in the vault, and when it became current. */
  version: string;
  storedOn: Date;
  /** Whether it was delivered before: a confirmation. */
  again: boolean;
  urgent: boolean;
  endsOn: Date;
  /** What was done of this delivery before, and what is left of it. */
  notebook?: Notebook | undefined;
}

/** Whoever signs in with the secret. Delivered means verified: read back, and signed in as the consumer would. */
export interface Consumer {
  push(secret: Handed): Promise<Pushed>;
}

/** Everything that the rotation of one credential reads, writes and waits with. */
export interface Ports extends Clock {
  /** Name of the vault secret. */
  name: string;
  credentials: Credentials;
  /** May Entra's reads not show a registration yet, because it was made a moment ago? Taken for granted where not told. */
  madeLately?(): boolean;
  /** How the registration is found, and the client id of the app's own identity, which must have made it. */
  registration: RegistrationName;
  ownAppId(): Promise<string | undefined>;
  clientId: ClientId;
  current: SecretStore;
  /** The twin that holds what is not handed to anyone yet. */
  staged: SecretStore;
  /** Signs in at Entra as the consumer would. */
  signIn(appId: string, value: string): Promise<{ kind: "signed-in" | "unknown-secret" | "expired-secret" }>;
  consumer: Consumer;
  nonce(): string;
  log: Log;
}
