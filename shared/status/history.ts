import type { CredentialKind } from "../deployment/credentials.ts";
import type { Version } from "../rotation/secret-store.ts";
import { type Delivery, deliveryOf } from "../rotation/stored.ts";

/** What can have happened to a credential, in the order in which it happens to one. */
export const HAPPENED = [
  "issued",
  "proven",
  "promoted",
  "stored-by-somebody",
  "delivered",
  "confirmed",
  "checked",
  "refused",
  "retired",
] as const;

/** Something that happened to a credential. Ids and dates, never a value. */
export interface Happened {
  on: Date;
  kind: (typeof HAPPENED)[number];
  credential: CredentialKind;
  /** The vault secret. */
  secret: string;
  keyId?: string | undefined;
  version?: string | undefined;
  /** Of `delivered`. */
  delivery?: Delivery | undefined;
  /** Of `issued`: the beginning of the reason that somebody gave who asked for it. */
  because?: string | undefined;
  /** `false`: nobody noted when; it was no earlier than this. */
  exact?: false;
}

/** What was read of a credential's past. */
export interface Past {
  credential: CredentialKind;
  secret: string;
  /** All versions that the vault has, in any order; those of the successor-to-be apart. */
  current: readonly Version[];
  staged: readonly Version[];
  /** What Entra lists of ours; undefined where it lists none of that kind, or could not be read. */
  listed: readonly { keyId: string; issuedOn: Date }[] | undefined;
}

/** So many of a deployment are told. */
export const MOST_EVENTS = 100;

/**
 * What happened to the credentials of a deployment, the newest first, from what the vault's tags and Entra's list say.
 * What the vault no longer has is not told. Pure.
 */
export function historyOf(pasts: readonly Past[], now: Date): Happened[] {
  return pasts
    .flatMap(happenedTo)
    .filter(({ on }) => on <= now)
    .toSorted((one, other) => other.on.getTime() - one.on.getTime() || place(other) - place(one))
    .slice(0, MOST_EVENTS);
}

function place({ kind }: Happened): number {
  return HAPPENED.indexOf(kind);
}

function happenedTo(past: Past): Happened[] {
  const about = { credential: past.credential, secret: past.secret };
  const stored = oldestFirst(past.current);
  const events = [
    ...oldestFirst(past.staged).flatMap(milestones),
    ...stored.flatMap((version) => [...milestones(version), arrival(version)]),
    ...(past.listed ?? []).map(({ keyId, issuedOn }) => ({ on: issuedOn, kind: "issued" as const, keyId })),
    ...retirements(stored, past.listed),
  ];
  return onceEach(events).map((event) => ({ ...event, ...about }));
}

type Event = Omit<Happened, "credential" | "secret">;

/** What its tags say that was done with it; the staged version and the current one of the same credential say the same. */
function milestones(version: Version): Event[] {
  const { keyId, issuedOn, provenOn, deliveredOn, confirmedOn, checkedOn, refusedOn, asked } = version;
  if (keyId === undefined) return [];
  const dated: [Date | undefined, Omit<Event, "on" | "keyId">][] = [
    [issuedOn, { kind: "issued", ...(asked?.because ? { because: asked.because } : {}) }],
    [provenOn, { kind: "proven" }],
    [deliveredOn, { kind: "delivered", delivery: deliveryOf(version), version: version.version }],
    [confirmedOn, { kind: "confirmed", version: version.version }],
    [checkedOn, { kind: "checked", version: version.version }],
    [refusedOn, { kind: "refused", version: version.version }],
  ];
  return dated.flatMap(([on, event]) => (on ? [{ on, keyId, ...event }] : []));
}

function arrival({ keyId, createdOn, version }: Version): Event {
  if (keyId === undefined) return { on: createdOn, kind: "stored-by-somebody", version };
  return { on: createdOn, kind: "promoted", keyId, version };
}

/** Each one that was current, has a successor, and is no longer in Entra: nobody noted when it went. */
function retirements(stored: readonly Version[], listed: Past["listed"]): Event[] {
  if (!listed) return [];
  const there = new Set(listed.map(({ keyId }) => keyId));
  const ours = stored.flatMap(({ keyId, ...rest }) => (keyId === undefined ? [] : [{ ...rest, keyId }]));
  return ours.flatMap(({ keyId }, index) => {
    const successor = ours.slice(index + 1).find((other) => other.keyId !== keyId);
    if (!successor || there.has(keyId)) return [];
    return [
      { on: successor.deliveredOn ?? successor.createdOn, kind: "retired" as const, keyId, exact: false as const },
    ];
  });
}

const ONCE: readonly Event["kind"][] = ["issued", "proven", "retired"];

/**
 * What can happen to one but once is told by the first telling, of checks the last; what Entra lists says no more than the
 * tags. One that is stored a second time becomes current and is delivered again.
 */
function onceEach(events: readonly Event[]): Event[] {
  const found = new Map<string, Event>();
  for (const event of events) {
    const again = event.kind === "checked" || ONCE.includes(event.kind) ? "" : event.on.toISOString();
    const name = `${event.kind} ${event.keyId ?? event.version} ${again}`;
    const known = found.get(name);
    if (!known || (event.kind === "checked" && event.on > known.on)) found.set(name, event);
  }
  return [...found.values()];
}

/** Those that are more than announced. */
function oldestFirst(versions: readonly Version[]): Version[] {
  return versions
    .filter(({ intent }) => !intent)
    .toSorted((one, other) => one.createdOn.getTime() - other.createdOn.getTime());
}
