import type { Holder } from "../../shared/rotation/ports.ts";
import { LIST_LAGS, minutes, NEW_IS_REFUSED, REMOVED_IS_LET_IN } from "./bounds.ts";
import type { Answer, Call } from "./call.ts";
import { asListed, type Credential, FOREIGN, valueOf } from "./credential.ts";
import { freshVersion } from "./forget.ts";
import { asSeen, type Tags, type VaultVersion, versionKey } from "./vault-version.ts";
import { type Author, fault, findCredential, replaceCredential, spend, type World } from "./world.ts";

/** The world after a request, and what it answered. The first outcome is the one without any fault. */
export interface Outcome {
  world: World;
  answer: Answer;
  /** What was odd about it, for the story. */
  oddly?: string;
}

const DONE: Answer = { key: "ok", value: () => undefined };
const SIGNED_IN: Answer = { key: "in", value: () => ({ kind: "signed-in" }) };
const UNKNOWN: Answer = { key: "out", value: () => ({ kind: "unknown-secret" }) };

/** Every way in which the world may do what it is asked. A push is not among these: it has steps of its own. */
export function perform(world: World, call: Call, request: Request): Outcome[] {
  switch (call.kind) {
    case "list":
      return lists(world, request);
    case "latest": {
      const version = world[call.store];
      return [{ world, answer: shown(version, request) }];
    }
    case "sign-in":
      return signIns(world, call.keyId);
    case "issue":
      return [issue(world, call.expiresOn - request.ahead)];
    case "retire":
      return [{ world: remove(world, call.keyId, isRevocation(world, call.keyId, request) ? "revocation" : "run"), answer: DONE }];
    case "announce": {
      const intent: VaultVersion = {
        name: "staged/intent#",
        enabled: true,
        createdOn: world.now,
        expiresOn: undefined,
        intent: true,
        content: undefined,
        tags: {},
      };
      return [{ world: { ...world, staged: intent }, answer: DONE }];
    }
    case "store":
      return [store(world, call, request)];
    case "note":
      return [{ world: note(world, call, request), answer: DONE }];
    case "push":
      throw new Error("A push is no single request");
    default:
      return call satisfies never;
  }
}

/** Who asks, and whose clock the answer shows. */
export interface Request {
  by: Author;
  /** The run's own clock is ahead of the world's by so much: every run has begun at the same time by its own clock. */
  ahead: number;
  /** Entra's clock is ahead of ours by so much. */
  skew: number;
}

/** A run that was told of a leak takes away what was issued before it; anything else it retires as usual. */
export function isRevocation(world: World, keyId: string, { by, skew }: Pick<Request, "by" | "skew">): boolean {
  const found = findCredential(world, keyId);
  return by.ask?.revokeOld === true && found !== undefined && found.addedOn + skew < by.ask.issuedBefore;
}

/** Whether a sign-in with this credential succeeds; new ones may be refused, removed ones let in, for a while. */
export function signIns(world: World, keyId: string): Outcome[] {
  if (keyId === FOREIGN) return [{ world, answer: SIGNED_IN }];
  const found = findCredential(world, keyId);
  if (!found || world.now >= found.expiresOn) return [{ world, answer: UNKNOWN }];
  const { left, tally } = world;
  if (found.removed) {
    const outcomes: Outcome[] = [{ world, answer: UNKNOWN }];
    if (left.lingers > 0 && world.now < found.removed.on + REMOVED_IS_LET_IN)
      outcomes.push({ world: { ...world, left: spend(left, "lingers") }, answer: SIGNED_IN, oddly: "still let in" });
    return outcomes;
  }
  if (found.usable) return [{ world, answer: SIGNED_IN }];
  const outcomes: Outcome[] = [{ world: replaceCredential(world, keyId, { usable: true }), answer: SIGNED_IN }];
  if (left.refusals > 0 && world.now < found.addedOn + NEW_IS_REFUSED)
    outcomes.push({
      world: { ...world, left: spend(left, "refusals"), tally: fault(tally) },
      answer: UNKNOWN,
      oddly: "refused while it replicates",
    });
  return outcomes;
}

/** The truth, and where the budget allows every list that lacks something young or still has something just removed. */
function lists(world: World, request: Request): Outcome[] {
  const { credentials, now, left } = world;
  const alive = credentials.filter(({ removed }) => !removed);
  const outcomes: Outcome[] = [{ world, answer: listing(alive, request) }];
  if (left.stale === 0) return outcomes;
  const young = credentials.filter(({ addedOn, removed }) => now < (removed?.on ?? addedOn) + LIST_LAGS);
  for (let choice = 1; choice < 1 << young.length; choice += 1) {
    const wrong = young.filter((_, bit) => choice & (1 << bit));
    const shown = credentials.filter((one) => Boolean(one.removed) === wrong.includes(one));
    const oddly = `out of date: ${shown.map(({ keyId }) => keyId).join(", ") || "none"}`;
    outcomes.push({ world: { ...world, left: spend(left, "stale") }, answer: listing(shown, request), oddly });
  }
  return outcomes;
}

function listing(shown: readonly Credential[], { by, ahead, skew }: Request): Answer {
  let key = "";
  for (const { keyId, addedOn, expiresOn } of shown)
    key += `${keyId}@${minutes(addedOn - by.beganOn)}~${minutes(expiresOn - by.beganOn)} `;
  const value = (): Holder => ({
    objectId: "application",
    appId: "application",
    createdOn: new Date(0),
    managed: shown.map((one) => asListed(one, ahead + skew)),
    foreign: 1,
  });
  return { key, value };
}

function shown(version: VaultVersion | undefined, { by, ahead }: Request): Answer {
  return { key: versionKey(version, by.beganOn), value: () => version && asSeen(version, ahead) };
}

function issue(world: World, expiresOn: number): Outcome {
  const { credentials, now, tally } = world;
  const keyId = `k${credentials.length + 1}`;
  const issued: Credential = {
    keyId,
    addedOn: now,
    expiresOn,
    usable: false,
    removed: undefined,
    stored: false,
    proven: false,
    promotions: 0,
    acknowledged: undefined,
  };
  return {
    world: { ...world, credentials: [...credentials, issued], tally: { ...tally, issued: tally.issued + 1 } },
    answer: { key: keyId, value: () => ({ keyId, value: valueOf(keyId) }) },
  };
}

/** Takes a credential away; a second time does nothing. What was on its way with it is marked. */
export function remove(world: World, keyId: string, by: "run" | "revocation" | "person"): World {
  const found = findCredential(world, keyId);
  if (!found || found.removed) return world;
  return replaceCredential(world, keyId, { removed: { on: world.now, by } });
}

function store(world: World, call: Call & { kind: "store" }, request: Request): Outcome {
  const { store: name, content, tags } = call;
  const known = findCredential(world, content);
  const promotions = (known?.promotions ?? 0) + (name === "current" ? 1 : 0);
  const made: VaultVersion = {
    name: `${name}/${content}#${name === "current" ? promotions : 1}`,
    enabled: true,
    createdOn: world.now,
    expiresOn: call.expiresOn - request.ahead,
    intent: false,
    content,
    tags: { ...tags, issuedOn: tags.issuedOn - request.ahead },
  };
  const version = freshVersion(made, world);
  // Promoting once more what is current already takes nothing away from its delivery.
  const acknowledged = world.current?.content === content ? known?.acknowledged : undefined;
  const change = name === "current" ? { promotions, acknowledged } : { stored: true };
  const after = known ? replaceCredential(world, content, change) : world;
  return {
    world: { ...after, [name]: version, event: world.event || name === "current" },
    answer: shown(version, request),
  };
}

/** Tags belong to one version and are replaced whole, by what the run read before and what it notes now. */
function note(world: World, { version, milestones }: Call & { kind: "note" }, { ahead }: Request): World {
  const name = version.version.startsWith("current/") ? "current" : "staged";
  const latest = world[name];
  if (latest?.name !== version.version) return world;
  const time = (date: Date | undefined): number | undefined => date && date.getTime() - ahead;
  const { provenOn, deliveredOn, confirmedOn } = { ...version, ...milestones };
  const tags: Tags = {
    keyId: version.keyId,
    issuedOn: time(version.issuedOn),
    proven: provenOn !== undefined,
    deliveredOn: time(deliveredOn),
    confirmed: confirmedOn !== undefined,
  };
  return { ...world, [name]: { ...latest, tags } };
}
