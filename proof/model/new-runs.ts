import { inOrder, type LiveRun, type State } from "./model-state.ts";
import type { Game } from "./move.ts";
import type { Opening, RunKind } from "./opening.ts";
import { spend } from "./world.ts";
import { START } from "./world-parts.ts";

/** A run that has just begun and asked for nothing yet. */
export interface NewRun {
  state: State;
  run: LiveRun;
  says: string;
}

const BUDGETS = { timer: "timers", unit: "units", call: "calls", handler: "handlers" } as const;

/** Units and calls that live at the same time. */
const MOST_RUNS = 2;

/** Every run that may begin now: two units or calls at a time, and one event handler. */
export async function newRuns(game: Game, state: State): Promise<NewRun[]> {
  const { world, runs } = state;
  const { left } = world;
  const handlers = runs.filter(({ node }) => node.opening.kind === "handler").length;
  const hasRoom = runs.length - handlers < MOST_RUNS;
  const kinds: RunKind[] = [];
  if (left.timers > 0 && hasRoom) kinds.push("timer");
  if (left.calls > 0 && hasRoom) kinds.push("call");
  if (left.units > 0 && hasRoom && world.asked) kinds.push("unit");
  if (left.handlers > 0 && world.event && handlers === 0) kinds.push("handler");
  return Promise.all(kinds.map((kind) => begin(game, state, kind)));
}

async function begin({ tree, ask }: Game, { world, runs }: State, kind: RunKind): Promise<NewRun> {
  const { now, left, tally } = world;
  const asks = (kind === "call" || kind === "unit") && ask;
  const asking = asks ? (world.asked ?? { issuedBefore: now, ...asks }) : undefined;
  // By its own clock every run begins at the same moment, so that those that begin at different times are one.
  const opening: Opening = {
    kind,
    beganOn: START,
    ask: asking && { ...asking, issuedBefore: asking.issuedBefore + START - now },
  };
  const begun = tree.begin(opening);
  const label = `${kind} ${tally.begun + 1}`;
  const run: LiveRun = { node: begun instanceof Promise ? await begun : begun, beganOn: now, flight: undefined, label };
  const counted = { ...tally, begun: tally.begun + 1, overlapped: tally.overlapped || runs.length > 0 };
  const why = asking ? (asking.revokeOld ? " (a leak: revokeOld)" : " (asks for a replacement)") : "";
  return {
    state: {
      world: { ...world, asked: asking ?? world.asked, left: spend(left, BUDGETS[kind]), tally: counted },
      runs: inOrder([...runs, run]),
    },
    run,
    says: `${label} begins${why}`,
  };
}
