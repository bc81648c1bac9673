import { effects, land } from "./effect.ts";
import type { State } from "./model-state.ts";
import type { Game, Move } from "./move.ts";
import { newRuns } from "./new-runs.ts";
import { deeds } from "./person-moves.ts";
import { runMoves } from "./run-moves.ts";
import { did, tell } from "./story.ts";
import { passing } from "./time-passes.ts";
import type { Adrift } from "./world.ts";
import { START } from "./world-parts.ts";

/** Everything that may happen next besides what living runs do: runs begin, writes land, a person acts, time passes. */
export async function worldMoves(game: Game, state: State): Promise<Move[]> {
  const { adrift, left } = state.world;
  const begun = await newRuns(game, state);
  const moves: Move[] = [];
  // A run that begins asks at once, or lets time pass first: with nothing between but other requests, to begin earlier
  // makes no difference to anyone.
  for (const one of begun) {
    for (const move of await runMoves(game, one.state, one.run))
      moves.push({ ...move, says: () => `${one.says}; ${move.says()}` });
  }
  for (const one of adrift) moves.push(...landings(game, state, one));
  if (left.person > 0) moves.push(...game.person.flatMap((deed) => deeds(state, deed)));
  // Once nobody can do anything any more, time changes nothing.
  const isOver =
    state.runs.length === 0 && adrift.length === 0 && left.timers + left.units + left.calls + left.handlers === 0;
  if (!isOver) moves.push(...passing(state, ""), ...begun.flatMap((one) => passing(one.state, `${one.says}; `)));
  return moves;
}

/** What somebody sent who no longer waits for it. */
export function landings({ skew }: Pick<Game, "skew">, { world, runs }: State, one: Adrift): Move[] {
  const { call, by, excuse } = one;
  const rest: State = { world: { ...world, adrift: world.adrift.filter((other) => other !== one) }, runs };
  if (call.kind === "push") {
    const says = (): string => `a push of ${call.keyId} that nobody waits for lands`;
    return [{ to: land(rest, { keyId: call.keyId, excuse }), did: "landed late", says, breach: undefined }];
  }
  return effects(rest, call, { by, ahead: START - by.beganOn, skew }).map(({ state: to, breach }) => ({
    to,
    did: did(call),
    says: () => tell("a run that no longer waits for it", call, "only now"),
    breach,
  }));
}
