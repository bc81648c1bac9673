import { MINUTE } from "../../shared/rotation/state.ts";
import { FOREIGN } from "./credential.ts";
import { nextDeadline } from "./deadlines.ts";
import { effects, land } from "./effect.ts";
import type { Game, Move, PersonDeed } from "./move.ts";
import { remove } from "./perform.ts";
import type { Opening, RunKind } from "./replay.ts";
import { at, inOrder, type State } from "./state.ts";
import { tell } from "./story.ts";
import { type Adrift, fault, findCredential, spend, type World } from "./world.ts";

/** Everything that may happen next besides what living runs do: runs begin, writes land, a person acts, time passes. */
export async function worldMoves(game: Game, state: State): Promise<Move[]> {
  return [
    ...(await beginnings(game, state)),
    ...state.world.adrift.flatMap((one) => landings(game, state, one)),
    ...(state.world.left.person > 0 ? game.person.flatMap((deed) => deeds(state, deed)) : []),
    ...passing(game, state),
  ];
}

async function beginnings(game: Game, state: State): Promise<Move[]> {
  const { world, runs } = state;
  const { left } = world;
  const handlers = runs.filter(({ node }) => node.opening.kind === "handler").length;
  const others = runs.length - handlers;
  const moves: Move[] = [];
  if (left.timers > 0 && others < game.mostRuns) moves.push(await begin(game, state, "timer"));
  if (left.calls > 0 && others < game.mostRuns) moves.push(await begin(game, state, "call"));
  if (left.handlers > 0 && world.event && handlers === 0) moves.push(await begin(game, state, "handler"));
  return moves;
}

const NAMES = { timer: "timers", call: "calls", handler: "handlers" } as const;

async function begin({ tree, ask }: Game, { world, runs }: State, kind: RunKind): Promise<Move> {
  const { now, left, tally } = world;
  const asking = kind === "call" && ask !== undefined;
  const asked = asking ? (world.asked ?? now) : world.asked;
  const opening: Opening = {
    kind,
    beganOn: now,
    ask: asking ? { issuedBefore: asked ?? now, revokeOld: ask.revokeOld } : undefined,
  };
  const begun = tree.begin(opening);
  const node = begun instanceof Promise ? await begun : begun;
  const label = `${kind} ${tally.begun + 1}`;
  const overlaps = tally.overlaps + (runs.length > 0 ? 1 : 0);
  const to: State = {
    world: { ...world, asked, left: spend(left, NAMES[kind]), tally: { ...tally, overlaps, begun: tally.begun + 1 } },
    runs: inOrder([...runs, { node, flight: undefined, label }]),
  };
  const why = asking ? (ask.revokeOld ? " (a leak: revokeOld)" : " (asks for a replacement)") : "";
  return { to, says: () => `${label} begins${why}`, breach: undefined };
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
  return effects(rest, one.call, { by: one.by, skew: game.skew }).map(({ state: to, breach }) => ({
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

function passing(game: Game, state: State): Move[] {
  const { world, runs } = state;
  const { left, now } = world;
  // Once nobody can do anything any more, time changes nothing.
  if (runs.length === 0 && world.adrift.length === 0 && left.timers + left.calls + left.handlers === 0) return [];
  const deadline = nextDeadline(state);
  const moves: Move[] = [];
  if (deadline !== undefined && deadline <= game.endsOn)
    moves.push({ to: at(deadline, state), says: () => "time passes", breach: undefined });
  if (left.minutes > 0 && now + MINUTE < (deadline ?? game.endsOn)) {
    const { world: later, runs: living } = at(now + MINUTE, state);
    const to = { world: { ...later, left: spend(later.left, "minutes") }, runs: living };
    moves.push({ to, says: () => "a minute passes", breach: undefined });
  }
  return moves;
}
