import { type Breach, judge } from "./judge.ts";
import type { Answer, Call } from "./call.ts";
import { isRevocation, perform, type Request } from "./perform.ts";
import type { State } from "./state.ts";

/** What a request did to the whole state, what it answered, and the promise that it broke. */
export interface Effect {
  state: State;
  answer: Answer;
  oddly: string | undefined;
  breach: Breach | undefined;
}

/** Every way in which a request may take effect now. */
export function effects(state: State, call: Call, request: Request): Effect[] {
  const breach = judge(state.world, call, request);
  const revoked = call.kind === "retire" && isRevocation(state.world, call.keyId, request) ? call.keyId : undefined;
  return perform(state.world, call, request).map(({ world, answer, oddly }) => {
    const after = { world, runs: state.runs };
    return { state: revoked === undefined ? after : markStale(after, revoked), answer, oddly, breach };
  });
}

/** The exception that the design accepts: what was on its way when its credential was revoked may land afterwards. */
function markStale({ world, runs }: State, keyId: string): State {
  const mark = <T extends { keyId: string; stale: boolean }>(flight: T | undefined): T | undefined =>
    flight?.keyId === keyId ? { ...flight, stale: true } : flight;
  return {
    world: {
      ...world,
      held: world.held?.keyId === keyId ? { ...world.held, excused: true } : world.held,
      adrift: world.adrift.map((one) =>
        one.call.kind === "push" && one.call.keyId === keyId ? { ...one, stale: true } : one,
      ),
    },
    runs: runs.map((run) => (run.flight?.keyId === keyId ? { ...run, flight: mark(run.flight) } : run)),
  };
}

/** The consumer takes what was pushed. */
export function land({ world, runs }: State, { keyId, stale }: { keyId: string; stale: boolean }): State {
  return { world: { ...world, held: { keyId, excused: stale } }, runs };
}
