import { answered, type Given, type Told } from "./answer-moves.ts";
import { isWrite, NO_ANSWER } from "./call.ts";
import { effects } from "./effect.ts";
import { adriftCall, crash, type LiveRun, requestOf, type State } from "./model-state.ts";
import type { Game, Move } from "./move.ts";
import { pushMoves } from "./push-moves.ts";
import { did, tell } from "./story.ts";
import { fault, spend } from "./world.ts";

/** What one living run may do next, in every way in which the world may answer it. */
export async function runMoves(game: Game, state: State, run: LiveRun): Promise<Move[]> {
  const [first] = run.node.waitsFor;
  if (first?.call.kind === "push") {
    const { call, index } = first;
    return pushMoves(game, state, { run, call, index });
  }
  const moves: Promise<Move>[] = [];
  for (const { told, given } of game.splitReads ? oneByOne(game, state, run) : together(game, state, run)) {
    moves.push(answered(game, { run, given }, told));
  }
  return Promise.all(moves);
}

interface Answering {
  told: Told;
  given: Given;
}

/** Each request on its own, in any order. */
function oneByOne(game: Game, state: State, run: LiveRun): Answering[] {
  return run.node.waitsFor.flatMap(({ index, call }) =>
    effects(state, call, requestOf(run, game.skew)).map((effect) => ({
      given: [{ index, answer: effect.answer }],
      told: { ...effect, did: did(call), says: () => tell(run.label, call, effect.oddly) },
    })),
  );
}

/** What is asked for at once is answered at one moment; only the first of several, Entra's list, can be out of date. */
function together(game: Game, state: State, run: LiveRun): Answering[] {
  const [first, ...others] = run.node.waitsFor;
  if (!first) return [];
  const request = requestOf(run, game.skew);
  const rest = others.flatMap(({ index, call }) => {
    const [effect] = effects(state, call, request);
    return effect ? [{ index, answer: effect.answer }] : [];
  });
  const what = others.length > 1 ? "observes" : others.length > 0 ? "looks at the vault once more" : first.call;
  return effects(state, first.call, request).map((effect) => ({
    given: [{ index: first.index, answer: effect.answer }, ...rest],
    told: { ...effect, did: did(first.call), says: () => tell(run.label, what, effect.oddly) },
  }));
}

/** What may befall a living run: it crashes, or gets no answer, and what it asked for is done now, later or never. */
export async function mishaps(game: Game, state: State, run: LiveRun): Promise<Move[]> {
  const { world, runs } = state;
  const moves: Move[] = [];
  const [first] = run.node.waitsFor;
  if (first && first.call.kind !== "push" && world.left.lost > 0) {
    const { call } = first;
    const sent = isWrite(call) ? [adriftCall(run, call)] : [];
    const left = spend(world.left, "lost");
    const cut = { ...world, left, tally: fault(world.tally), adrift: [...world.adrift, ...sent] };
    const given = run.node.waitsFor.map(({ index }) => ({ index, answer: NO_ANSWER }));
    const says = (): string => tell(run.label, call, isWrite(call) ? "no answer; it may still be done" : "no answer");
    moves.push(
      await answered(
        game,
        { run, given },
        { state: { world: cut, runs }, did: "lost answers", says, breach: undefined },
      ),
    );
  }
  if (world.left.crashes > 0)
    moves.push({ to: crash(state, run), did: "crashes", says: () => `${run.label} crashes`, breach: undefined });
  return moves;
}
