import { LONGEST_RUN } from "../../shared/limits.ts";
import type { State } from "./model-state.ts";
import { findCredential, replaceCredential, type World } from "./world.ts";

/** What the model itself has seen, whatever the app notes about it. */

/** One run has signed in with it often enough, in a row. */
export function prove(world: World, keyId: string): World {
  return findCredential(world, keyId)?.proven ? world : replaceCredential(world, keyId, { proven: true });
}

/** The consumer says that it holds it: for the first time, or to a run that began when all runs of then had ended. */
export function acknowledge(state: State, keyId: string, beganOn: number): State {
  const found = findCredential(state.world, keyId);
  if (!found) return state;
  const { acknowledged } = found;
  if (acknowledged && (acknowledged.again || beganOn < acknowledged.on + LONGEST_RUN)) return state;
  const change = { on: acknowledged?.on ?? state.world.now, again: acknowledged !== undefined };
  return { ...state, world: replaceCredential(state.world, keyId, { acknowledged: change }) };
}
