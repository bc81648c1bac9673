import { MINUTE } from "../../shared/limits.ts";
import { nextDeadline } from "./deadlines.ts";
import { at, type State } from "./model-state.ts";
import type { Move } from "./move.ts";
import { spend } from "./world.ts";

/** Time passes until something falls due, or, where the budget allows, for a minute in which nothing does. */
export function passing(state: State, prefix: string): Move[] {
  const { now, left } = state.world;
  const deadline = nextDeadline(state);
  const moves: Move[] = [];
  const later = deadline === undefined ? undefined : at(deadline, state);
  if (later) moves.push({ to: later, did: "", says: () => `${prefix}time passes`, breach: undefined });
  if (left.minutes > 0 && now + MINUTE < (deadline ?? Infinity)) {
    const soon = at(now + MINUTE, { ...state, world: { ...state.world, left: spend(left, "minutes") } });
    if (soon) moves.push({ to: soon, did: "", says: () => `${prefix}a minute passes`, breach: undefined });
  }
  return moves;
}
