import { minutes } from "./bounds.ts";
import type { Call } from "./call.ts";
import { type Credential, credentialKey } from "./credential.ts";
import { type VaultVersion, versionKey } from "./vault-version.ts";

/** How often each thing may still happen on the way. */
export interface Budget {
  readonly timers: number;
  readonly calls: number;
  /** Messages that go on with what a call has asked for: they come at any time, or never. */
  readonly units: number;
  readonly handlers: number;
  /** Runs that end anywhere, by a crash or by the host. */
  readonly crashes: number;
  /** Answers that never come, the write being done at once, later or never. */
  readonly lost: number;
  /** Reads of Entra's list that show an earlier state. */
  readonly stale: number;
  /** Sign-ins refused because the credential is new. */
  readonly refusals: number;
  /** Sign-ins let in although the credential was removed. */
  readonly lingers: number;
  readonly person: number;
  /** Steps of one minute, in which nothing falls due. */
  readonly minutes: number;
}

/** What the consumer holds. */
export interface Held {
  readonly keyId: string;
  readonly excuse: Excuse | undefined;
}

/** Why the consumer may hold a credential that was revoked because of a leak: what put it there. */
export type Excuse =
  /** A push of it was on its way already. */
  | "sent before it was revoked"
  /** A run that had read it before sent it afterwards, and Entra still let it in. */
  | "sent after it was revoked";

/** A write whose run no longer waits for it: it may still land. */
export interface Adrift {
  readonly call: Call;
  readonly by: Author;
  /** It can land before this moment only. */
  readonly until: number;
  readonly excuse: Excuse | undefined;
}

/** The run that sent something. */
export interface Author {
  readonly beganOn: number;
  readonly ask: AskedFor | undefined;
}

export interface AskedFor {
  readonly issuedBefore: number;
  readonly revokeOld: boolean;
}

/** The outside world at one moment: all truth, whatever a run may believe. Never changed, only replaced. */
export interface World {
  readonly now: number;
  readonly credentials: readonly Credential[];
  readonly current: VaultVersion | undefined;
  readonly staged: VaultVersion | undefined;
  readonly held: Held | undefined;
  readonly adrift: readonly Adrift[];
  /** The vault has raised an event, which may arrive at any time, any number of times, or never. */
  readonly event: boolean;
  /** What the first asking call asked for; repeats carry it. */
  readonly asked: AskedFor | undefined;
  readonly left: Budget;
  readonly tally: Tally;
}

export interface Tally {
  /** Runs that began. */
  readonly begun: number;
  readonly issued: number;
  /** A run began while another one lived. */
  readonly overlapped: boolean;
  /** Crashes, lost answers, persons and refused proofs: each may cost a credential. */
  readonly faults: number;
}

/** Tells worlds apart in everything that matters from now on: the same world an hour later is the same. */
export function worldKey({
  now,
  credentials,
  current,
  staged,
  held,
  adrift,
  event,
  asked,
  left,
  tally,
}: World): string {
  let key = "";
  for (const one of credentials) key += `${credentialKey(one, now)} `;
  key += `|${versionKey(current, now)}|${versionKey(staged, now)}|${held?.keyId}${held?.excuse ?? ""}|`;
  if (adrift.length > 0)
    key += adrift
      .map((one) => adriftKey(one, now))
      .toSorted()
      .join(" ");
  key += `|${event ? "e" : ""}${askKey(asked, now)}|${tally.overlapped ? "o" : ""}${tally.faults}|`;
  key += `${left.timers}${left.units}${left.calls}${left.handlers}${left.crashes}${left.lost}`;
  return `${key}${left.stale}${left.refusals}${left.lingers}${left.person}${left.minutes}`;
}

function adriftKey({ call, by, until, excuse }: Adrift, now: number): string {
  const sent = `${JSON.stringify(call)}@${minutes(now - by.beganOn)}${askKey(by.ask, now)}`;
  return `${sent}~${minutes(until - now)}${excuse ?? ""}`;
}

function askKey(ask: AskedFor | undefined, now: number): string {
  return ask ? `>${minutes(now - ask.issuedBefore)}${ask.revokeOld ? "!" : ""}` : "";
}

export function spend(left: Budget, what: keyof Budget): Budget {
  return { ...left, [what]: left[what] - 1 };
}

export function fault(tally: Tally): Tally {
  return { ...tally, faults: tally.faults + 1 };
}

export function findCredential(world: World, keyId: string | undefined): Credential | undefined {
  return world.credentials.find((one) => one.keyId === keyId);
}

export function replaceCredential(world: World, keyId: string, change: Partial<Credential>): World {
  const credentials = world.credentials.map((one) => (one.keyId === keyId ? { ...one, ...change } : one));
  return { ...world, credentials };
}
