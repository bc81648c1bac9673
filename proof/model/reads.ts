import { ENTRA_LIST_LAG } from "../../shared/limits.ts";
import type { Holder } from "../../shared/rotation/client-secret/ports.ts";
import { minutes, NEW_IS_REFUSED, REMOVED_IS_LET_IN } from "./bounds.ts";
import type { Answer } from "./call.ts";
import { asListed, type Credential, FOREIGN } from "./credential.ts";
import type { Outcome, Request } from "./request.ts";
import { asSeen, type VaultVersion, versionKey } from "./vault-version.ts";
import { fault, findCredential, replaceCredential, spend, type World } from "./world.ts";

const SIGNED_IN: Answer = { key: "in", value: () => ({ kind: "signed-in" }) };
const UNKNOWN: Answer = { key: "out", value: () => ({ kind: "unknown-secret" }) };

/** Whether the answer to a sign-in lets in. */
export function isLetIn({ answer }: Outcome): boolean {
  return answer === SIGNED_IN;
}

/** Whether a sign-in with this credential succeeds; new ones may be refused, removed ones let in, for a while. */
export function signIns(world: World, keyId: string): Outcome[] {
  if (keyId === FOREIGN) return [{ world, answer: SIGNED_IN }];
  const found = findCredential(world, keyId);
  const { left, now, tally } = world;
  if (!found || now >= found.expiresOn) return [{ world, answer: UNKNOWN }];
  if (found.removed) {
    const refused: Outcome = { world, answer: UNKNOWN };
    if (left.lingers === 0 || now >= found.removed.on + REMOVED_IS_LET_IN) return [refused];
    return [refused, { world: { ...world, left: spend(left, "lingers") }, answer: SIGNED_IN, oddly: "still let in" }];
  }
  if (found.usable) return [{ world, answer: SIGNED_IN }];
  const taken: Outcome = { world: replaceCredential(world, keyId, { usable: true }), answer: SIGNED_IN };
  if (left.refusals === 0 || now >= found.addedOn + NEW_IS_REFUSED) return [taken];
  const refused = { ...world, left: spend(left, "refusals"), tally: fault(tally) };
  return [taken, { world: refused, answer: UNKNOWN, oddly: "refused while it replicates" }];
}

/** The truth, and where the budget allows every list that lacks something young or still has something just removed. */
export function lists(world: World, request: Request): Outcome[] {
  const { credentials, now, left } = world;
  const alive = credentials.filter(({ removed }) => !removed);
  const outcomes: Outcome[] = [{ world, answer: listing(alive, request) }];
  if (left.stale === 0) return outcomes;
  const young = credentials.filter(({ addedOn, removed }) => now < (removed?.on ?? addedOn) + ENTRA_LIST_LAG);
  for (let choice = 1; choice < 1 << young.length; choice += 1) {
    const wrong = young.filter((_, bit) => choice & (1 << bit));
    const listed = credentials.filter((one) => Boolean(one.removed) === wrong.includes(one));
    const oddly = `out of date: ${listed.map(({ keyId }) => keyId).join(" ") || "none"}`;
    outcomes.push({ world: { ...world, left: spend(left, "stale") }, answer: listing(listed, request), oddly });
  }
  return outcomes;
}

function listing(listed: readonly Credential[], { by, ahead }: Request): Answer {
  let key = "";
  for (const { keyId, issuedOn, expiresOn } of listed)
    key += `${keyId}@${minutes(issuedOn - by.beganOn)}~${minutes(expiresOn - by.beganOn)} `;
  const value = (): Holder => ({
    objectId: "application",
    appId: "application",
    createdOn: new Date(0),
    createdByAppId: undefined,
    unsigned: [],
    others: [],
    managed: listed.map((one) => asListed(one, ahead)),
    foreign: 1,
  });
  return { key, value };
}

/** A version as the run sees it. */
export function shown(version: VaultVersion | undefined, { by, ahead }: Request): Answer {
  return { key: versionKey(version, by.beganOn), value: () => version && asSeen(version, ahead) };
}
