import type { Answer, Call } from "./call.ts";
import { type Credential, type Remover, secretValueOf } from "./credential.ts";
import { freshVersion } from "./forget-what-is-old.ts";
import { lists, shown, signIns } from "./reads.ts";
import { isRevocation, type Outcome, type Request } from "./request.ts";
import type { Tags, VaultVersion } from "./vault-version.ts";
import { findCredential, replaceCredential, type World } from "./world.ts";

const DONE: Answer = { key: "ok", value: () => undefined };

/** Every way in which the world may do what it is asked, first the one without any fault. A push has its own steps. */
export function perform(world: World, call: Call, request: Request): Outcome[] {
  switch (call.kind) {
    case "list":
      return lists(world, request);
    case "latest":
      return [{ world, answer: shown(world[call.store], request) }];
    case "sign-in":
      return signIns(world, call.keyId);
    case "issue":
      return [issue(world, call, request)];
    case "retire": {
      const by = isRevocation(world, call.keyId, request) ? "revocation" : "run";
      return [{ world: remove(world, call.keyId, by), answer: DONE }];
    }
    case "announce":
      // What is read as the latest version is the latest that holds a value: an announcement hides nothing.
      return [{ world, answer: DONE }];
    case "store":
      return [store(world, call, request)];
    case "note":
      return [note(world, call, request)];
    case "push":
      throw new Error("A push is no single request");
    default:
      return call satisfies never;
  }
}

function issue(world: World, { announcedOn, expiresOn }: Call & { kind: "issue" }, request: Request): Outcome {
  const { credentials, now, tally } = world;
  const keyId = `k${credentials.length + 1}`;
  const issued: Credential = {
    keyId,
    addedOn: now,
    issuedOn: announcedOn === undefined ? now + request.skew : announcedOn - request.ahead,
    expiresOn: expiresOn - request.ahead,
    usable: false,
    removed: undefined,
    stored: false,
    proven: false,
    promotions: 0,
    acknowledged: undefined,
  };
  return {
    world: { ...world, credentials: [...credentials, issued], tally: { ...tally, issued: tally.issued + 1 } },
    answer: { key: keyId, value: () => ({ keyId, value: secretValueOf(keyId) }) },
  };
}

/** Takes a credential away; a second time does nothing. */
export function remove(world: World, keyId: string, by: Remover): World {
  const found = findCredential(world, keyId);
  if (!found || found.removed) return world;
  return replaceCredential(world, keyId, { removed: { on: world.now, by } });
}

function store(world: World, call: Call & { kind: "store" }, request: Request): Outcome {
  const { store: name, content, tags } = call;
  const known = findCredential(world, content);
  const promotions = (known?.promotions ?? 0) + (name === "current" ? 1 : 0);
  const made: VaultVersion = {
    name: `${name}/${content}#${promotions}`,
    enabled: true,
    createdOn: world.now,
    expiresOn: call.expiresOn - request.ahead,
    content,
    tags: { ...tags, issuedOn: tags.issuedOn - request.ahead },
  };
  const version = freshVersion(made, world);
  // Promoting once more what is current already, or what the consumer still holds, takes nothing from its delivery.
  const isInUse = world.current?.content === content || world.held?.keyId === content;
  const acknowledged = isInUse ? known?.acknowledged : undefined;
  const change = name === "current" ? { promotions, acknowledged } : { stored: true };
  const after = known ? replaceCredential(world, content, change) : world;
  return {
    world: { ...after, [name]: version, event: world.event || name === "current" },
    answer: shown(version, request),
  };
}

/** Tags belong to one version and are replaced whole, by what the run read before and what it notes now. */
function note(world: World, { version, milestones }: Call & { kind: "note" }, request: Request): Outcome {
  const name = version.version.startsWith("current/") ? "current" : "staged";
  const latest = world[name];
  if (latest?.name !== version.version) {
    // Nobody else reads it any more.
    const noted = { ...version, ...milestones };
    return { world, answer: { key: `overtaken ${JSON.stringify(noted)}`, value: () => noted } };
  }
  const time = (date: Date | undefined): number | undefined => date && date.getTime() - request.ahead;
  const { provenOn, promotedOn, deliveredOn, confirmedOn, checkedOn, refusedOn } = { ...version, ...milestones };
  const tags: Tags = {
    keyId: version.keyId,
    issuedOn: time(version.issuedOn),
    proven: provenOn !== undefined,
    promoted: promotedOn !== undefined,
    deliveredOn: time(deliveredOn),
    confirmed: confirmedOn !== undefined,
    checked: checkedOn !== undefined,
    refused: refusedOn !== undefined,
  };
  const noted = { ...latest, tags };
  return { world: { ...world, [name]: noted }, answer: shown(noted, request) };
}
