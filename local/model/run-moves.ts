import { type Call, isWrite, NO_ANSWER, REFUSED } from "./call.ts";
import { type Effect, effects, land } from "./effect.ts";
import { judge } from "./judge.ts";
import type { Game, Move } from "./move.ts";
import { signIns } from "./perform.ts";
import type { RunNode } from "./run-tree.ts";
import { adriftPush, crash, inOrder, requestOf, type LiveRun, type State } from "./state.ts";
import { acknowledge, prove } from "./evidence.ts";
import { tell } from "./story.ts";
import { fault, spend } from "./world.ts";

type Given = { index: number; answer: Effect["answer"] }[];

/** Everything that one living run may do or suffer next. */
export async function runMoves(
  game: Game,
  state: State,
  run: LiveRun,
  { suffers } = { suffers: true },
): Promise<Move[]> {
  const moves: Move[] = [];
  const { node } = run;
  const answer = async (effect: Omit<Effect, "answer">, given: Given, says: () => string): Promise<void> => {
    const next = game.tree.proceed(node, given, state.world.now + node.opening.beganOn - run.beganOn);
    const settled = next instanceof Promise ? await next : next;
    moves.push({ to: advance(effect.state, run, settled), says, breach: effect.breach ?? broken(settled) });
  };
  const [first] = node.waitsFor;
  if (first?.call.kind === "push") {
    await pushMoves(state, { run, call: first.call, index: first.index }, { answer, moves });
  } else if (!game.splitReads && node.waitsFor.length > 1) {
    for (const { given, effect } of together(game, state, run)) {
      await answer(effect, given, () => tell(run.label, "observes", effect.oddly));
    }
  } else {
    for (const { index, call } of node.waitsFor) {
      for (const effect of effects(state, call, requestOf(run, game.skew))) {
        await answer(effect, [{ index, answer: effect.answer }], () => tell(run.label, call, effect.oddly));
      }
    }
  }
  if (!suffers) return moves;
  if (first && first.call.kind !== "push" && state.world.left.lost > 0) {
    const { call } = first;
    const cut = lose(state, run, isWrite(call) ? call : undefined);
    const given = node.waitsFor.map(({ index }) => ({ index, answer: NO_ANSWER }));
    await answer({ state: cut, oddly: undefined, breach: undefined }, given, () =>
      tell(run.label, call, isWrite(call) ? "no answer; it may still be done" : "no answer"),
    );
  }
  if (state.world.left.crashes > 0) {
    moves.push({ to: crash(state, run), says: () => `${run.label} crashes`, breach: undefined });
  }
  return moves;
}

/** The three reads of an observation at one moment. */
function together(game: Game, state: State, run: LiveRun): { given: Given; effect: Effect }[] {
  const request = requestOf(run, game.skew);
  const [first, ...others] = run.node.waitsFor;
  if (!first) return [];
  const rest = others.flatMap(({ index, call }) =>
    effects(state, call, request)
      .slice(0, 1)
      .map(({ answer }) => ({ index, answer })),
  );
  return effects(state, first.call, request).map((effect) => ({
    given: [{ index: first.index, answer: effect.answer }, ...rest],
    effect,
  }));
}

interface Pushing {
  answer(effect: Omit<Effect, "answer">, given: Given, says: () => string): Promise<void>;
  moves: Move[];
}

/**
 * A push tries the secret, sends it, and is answered when it has landed. Whoever no longer waits for the answer cannot
 * call the write back.
 */
async function pushMoves(
  state: State,
  { run, call, index }: { run: LiveRun; call: Call & { kind: "push" }; index: number },
  { answer, moves }: Pushing,
): Promise<void> {
  const { world, runs } = state;
  const { flight, beganOn, label } = run;
  const nothing = { oddly: undefined, breach: undefined };
  if (!flight) {
    const breach = judge(world, call, requestOf(run, 0));
    for (const tried of signIns(world, call.keyId)) {
      if (tried.answer.key === "in") {
        const sent = { ...run, flight: { keyId: call.keyId, stale: false } };
        const to = { world: tried.world, runs: inOrder(runs.map((one) => (one === run ? sent : one))) };
        moves.push({ to, says: () => tell(label, `sends ${call.keyId} to the consumer`, tried.oddly), breach });
      } else {
        await answer({ state: { world: tried.world, runs }, ...nothing }, [{ index, answer: REFUSED }], () =>
          tell(label, `finds ${call.keyId} refused before pushing it`, tried.oddly),
        );
      }
    }
    return;
  }
  const landed = land(state, flight);
  const delivered = { key: "delivered", value: () => ({ kind: "delivered", detail: "verified" }) };
  await answer({ state: acknowledge(landed, flight.keyId, beganOn), ...nothing }, [{ index, answer: delivered }], () =>
    tell(label, `is told that the consumer holds ${flight.keyId}`, undefined),
  );
  if (world.left.lost === 0) return;
  const given = [{ index, answer: NO_ANSWER }];
  await answer({ state: lose(landed, run, undefined), ...nothing }, given, () =>
    tell(label, `gets no answer to its push of ${flight.keyId}, which has landed`, undefined),
  );
  const adrift = { world: { ...world, adrift: [...world.adrift, adriftPush(run)] }, runs };
  await answer({ state: lose(adrift, run, undefined), ...nothing }, given, () =>
    tell(label, `gives up waiting for its push of ${flight.keyId}, which is still on its way`, undefined),
  );
}

/** The answer is lost; a write may be done now, later, or never. */
function lose({ world, runs }: State, run: LiveRun, call: Call | undefined): State {
  const { left, tally, adrift } = world;
  const sent = call ? [...adrift, { ...adriftPush(run), call }] : adrift;
  return { world: { ...world, left: spend(left, "lost"), tally: fault(tally), adrift: sent }, runs };
}

function advance({ world, runs }: State, run: LiveRun, node: RunNode): State {
  const after = node.proved ? prove(world, node.proved) : world;
  // A write may have marked the flights of the others; this run's own is over.
  const position = runs.findIndex((one) => one.node === run.node && one.label === run.label);
  const others = runs.filter((_, index) => index !== position);
  const rest = node.ended === "no" ? [...others, { ...run, node, flight: undefined }] : others;
  return { world: after, runs: inOrder(rest) };
}

function broken(node: RunNode): Move["breach"] {
  if (node.ended !== "broken") return undefined;
  return { promise: "code", rule: `a run breaks: ${node.fault instanceof Error ? node.fault.message : "unknown"}` };
}
