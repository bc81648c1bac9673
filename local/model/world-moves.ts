import { MINUTE } from "../../shared/rotation/state.ts";
import { FOREIGN } from "./credential.ts";
import { nextDeadline } from "./deadlines.ts";
import { effects, land } from "./effect.ts";
import type { Game, Move, PersonDeed } from "./move.ts";
import { remove } from "./perform.ts";
import type { Opening, RunKind } from "./replay.ts";
import { runMoves } from "./run-moves.ts";
import { at, inOrder, type LiveRun, type State } from "./state.ts";
import { START } from "./start.ts";
import { tell } from "./story.ts";
import { type Adrift, fault, findCredential, spend, type World } from "./world.ts";

/** Everything that may happen next besides what living runs do: runs begin, writes land, a person acts, time passes. */
export async function worldMoves(game: Game, state: State): Promise<Move[]> {
  return [
    ...(await beginnings(game, state)),
    ...state.world.adrift.flatMap((one) => landings(game, state, one)),
    ...(state.world.left.person > 0 ? game.person.flatMap((deed) => deeds(state, deed)) : []),
    ...(await passing(game, state)),
  ];
}

/**
 * A run begins and asks for the first time at one moment, or begins just before time passes: to begin earlier, with
 * nothing but other requests between, makes no difference to anyone.
 */
async function beginnings(game: Game, state: State): Promise<Move[]> {
  const moves: Move[] = [];
  for (const { state: begun, run, says } of await newRuns(game, state)) {
    for (const first of await runMoves(game, begun, run, { suffers: false })) {
      moves.push({ ...first, says: () => `${says}; ${first.says()}` });
    }
  }
  return moves;
}

const NAMES = { timer: "timers", call: "calls", handler: "handlers" } as const;

interface NewRun {
  state: State;
  run: LiveRun;
  says: string;
}

async function newRuns(game: Game, state: State): Promise<NewRun[]> {
  const { world, runs } = state;
  const { left } = world;
  const handlers = runs.filter(({ node }) => node.opening.kind === "handler").length;
  const others = runs.length - handlers;
  const kinds: RunKind[] = [];
  if (left.timers > 0 && others < game.mostRuns) kinds.push("timer");
  if (left.calls > 0 && others < game.mostRuns) kinds.push("call");
  if (left.handlers > 0 && world.event && handlers === 0) kinds.push("handler");
  return Promise.all(kinds.map((kind) => begin(game, state, kind)));
}

async function begin({ tree, ask }: Game, { world, runs }: State, kind: RunKind): Promise<NewRun> {
  const { now, left, tally } = world;
  const asking = kind === "call" && ask !== undefined;
  const asked = asking ? (world.asked ?? now) : world.asked;
  const opening: Opening = {
    kind,
    beganOn: START,
    ask: asking ? { issuedBefore: START + (asked ?? now) - now, revokeOld: ask.revokeOld } : undefined,
  };
  const begun = tree.begin(opening);
  const node = begun instanceof Promise ? await begun : begun;
  const label = `${kind} ${tally.begun + 1}`;
  const run: LiveRun = { node, beganOn: now, flight: undefined, label };
  const counted = { ...tally, begun: tally.begun + 1, overlapped: tally.overlapped || runs.length > 0 };
  const why = asking ? (ask.revokeOld ? " (a leak: revokeOld)" : " (asks for a replacement)") : "";
  return {
    state: {
      world: { ...world, asked, left: spend(left, NAMES[kind]), tally: counted },
      runs: inOrder([...runs, run]),
    },
    run,
    says: `${label} begins${why}`,
  };
}

/** What somebody sent who no longer waits for it. */
function landings(game: Game, state: State, one: Adrift): Move[] {
  const { world, runs } = state;
  const rest: State = { world: { ...world, adrift: world.adrift.filter((other) => other !== one) }, runs };
  if (one.call.kind === "push") {
    const { keyId } = one.call;
    const says = (): string => `a push of ${keyId} that nobody waits for lands`;
    return [{ to: land(rest, { keyId, stale: one.stale }), says, breach: undefined }];
  }
  return effects(rest, one.call, { by: one.by, ahead: START - one.by.beganOn, skew: game.skew }).map(({ state: to, breach }) => ({
    to,
    says: () => tell("nobody any more", one.call, "sent long ago"),
    breach,
  }));
}

function deeds({ world, runs }: State, deed: PersonDeed): Move[] {
  const after = done(world, deed);
  if (!after) return [];
  const { left, tally } = after;
  const to = { world: { ...after, left: spend(left, "person"), tally: fault(tally) }, runs };
  return [{ to, says: () => `a person ${deed}`, breach: undefined }];
}

function done(world: World, deed: PersonDeed): World | undefined {
  const { current } = world;
  switch (deed) {
    case "removes the current credential": {
      const found = findCredential(world, current?.content);
      return found && !found.removed ? remove(world, found.keyId, "person") : undefined;
    }
    case "disables the current version":
      return current?.enabled ? { ...world, current: { ...current, enabled: false } } : undefined;
    case "stores a secret by hand": {
      const name = `current/${FOREIGN}#1`;
      const version = { name, enabled: true, createdOn: world.now, expiresOn: undefined, intent: false };
      return { ...world, event: true, current: { ...version, content: FOREIGN, tags: {} } };
    }
    default:
      return deed satisfies never;
  }
}

async function passing(game: Game, state: State): Promise<Move[]> {
  const { left } = state.world;
  const begun = await newRuns(game, state);
  // Once nobody can do anything any more, time changes nothing.
  if (state.runs.length === 0 && state.world.adrift.length === 0 && left.timers + left.calls + left.handlers === 0) return [];
  const before = [{ state, says: "" }, ...begun.map((one) => ({ state: one.state, says: `${one.says}; ` }))];
  return before.flatMap((one) => passes(game, one.state, one.says));
}

function passes(game: Game, state: State, prefix: string): Move[] {
  const { now, left } = state.world;
  const deadline = nextDeadline(state);
  const moves: Move[] = [];
  const later = deadline === undefined ? undefined : at(deadline, state);
  if (later) moves.push({ to: later, says: () => `${prefix}time passes`, breach: undefined });
  if (left.minutes > 0 && now + MINUTE < (deadline ?? Infinity)) {
    const soon = at(now + MINUTE, { ...state, world: { ...state.world, left: spend(left, "minutes") } });
    if (soon) moves.push({ to: soon, says: () => `${prefix}a minute passes`, breach: undefined });
  }
  return moves;
}
