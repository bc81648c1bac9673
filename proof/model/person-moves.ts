import { FOREIGN } from "./credential.ts";
import type { State } from "./model-state.ts";
import type { Deed, Move } from "./move.ts";
import { remove } from "./outcomes.ts";
import type { Tags } from "./vault-version.ts";
import { fault, findCredential, spend, type World } from "./world.ts";

/** What a person does meanwhile, if it can be done now. */
export function deeds({ world, runs }: State, deed: Deed): Move[] {
  const after = done(world, deed);
  if (!after) return [];
  const { left, tally } = after;
  const to = { world: { ...after, left: spend(left, "person"), tally: fault(tally) }, runs };
  return [{ to, did: "meddled", says: () => `a person ${deed}`, breach: undefined }];
}

function done(world: World, deed: Deed): World | undefined {
  const { current } = world;
  switch (deed) {
    case "removes the current credential": {
      const found = findCredential(world, current?.content);
      return found && !found.removed ? remove(world, found.keyId, "person") : undefined;
    }
    case "disables the current version":
      return current?.enabled ? { ...world, current: { ...current, enabled: false } } : undefined;
    case "stores a secret by hand": {
      const version = { name: `current/${FOREIGN}#1`, enabled: true, createdOn: world.now, expiresOn: undefined };
      return { ...world, event: true, current: { ...version, content: FOREIGN, tags: {} } };
    }
    case "points the tags at an older credential":
      return withLies(world);
    default:
      return deed satisfies never;
  }
}

/** Both secrets, by whoever may write tags and read no value: as if the older one had been delivered long ago. */
function withLies(world: World): World | undefined {
  const { current, staged, credentials } = world;
  const older = credentials.find(({ keyId, removed }) => !removed && keyId !== current?.content);
  if (!current?.tags.keyId || !older) return undefined;
  const { keyId, issuedOn, acknowledged } = older;
  const lie: Tags = { ...current.tags, keyId, issuedOn, deliveredOn: acknowledged?.on ?? issuedOn, confirmed: true };
  return {
    ...world,
    current: { ...current, tags: lie },
    staged: staged && { ...staged, tags: { ...staged.tags, keyId } },
  };
}
