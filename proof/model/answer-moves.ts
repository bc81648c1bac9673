import type { Answer } from "./call.ts";
import { prove } from "./evidence.ts";
import { judgeAnswer } from "./judge.ts";
import { authorOf, inOrder, type LiveRun, type State } from "./model-state.ts";
import type { Game, Move } from "./move.ts";
import type { RunNode } from "./run-tree.ts";

/** Answers to some or all of what a run waits for. */
export type Given = { index: number; answer: Answer }[];

/** The state when a run is answered, and what is to be said about it. */
export interface Told extends Omit<Move, "to"> {
  state: State;
}

/** The move in which a run gets its answer and goes on to whatever it asks for next. */
export async function answered(
  { tree }: Game,
  { run, given }: { run: LiveRun; given: Given },
  { state, did, says, breach }: Told,
): Promise<Move> {
  const { node } = run;
  const next = tree.proceed(node, given, state.world.now + node.opening.beganOn - run.beganOn);
  const settled = next instanceof Promise ? await next : next;
  const to = advance(state, run, settled);
  return { to, did, says, breach: breach ?? broken(settled) ?? judgeAnswer(to.world, settled, authorOf(run)) };
}

function advance({ world, runs }: State, run: LiveRun, node: RunNode): State {
  // What the run did may have marked the flights of others: it is not the same object any more.
  const position = runs.findIndex((one) => one.node === run.node && one.label === run.label);
  const others = runs.filter((_, index) => index !== position);
  const rest = node.ended === "no" ? [...others, { ...run, node, flight: undefined }] : others;
  return { world: node.proved ? prove(world, node.proved) : world, runs: inOrder(rest) };
}

function broken(node: RunNode): Move["breach"] {
  if (node.ended !== "broken") return undefined;
  return {
    promise: "no unexpected failure",
    rule: `a run breaks: ${node.fault instanceof Error ? node.fault.message : "?"}`,
  };
}
