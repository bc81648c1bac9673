import { FOREIGN } from "./credential.ts";
import type { State } from "./model-state.ts";
import type { Deed, Move } from "./move.ts";
import { remove } from "./outcomes.ts";
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
    default:
      return deed satisfies never;
  }
}
