import type { Answer, Call } from "./call.ts";
import { type Breach, judge } from "./judge.ts";
import type { Flight, State } from "./model-state.ts";
import { perform } from "./outcomes.ts";
import { isRevocation, type Request } from "./request.ts";

/** What a request did to the whole state, what it answered, and the promise that it broke. */
export interface Effect {
  state: State;
  answer: Answer;
  oddly: string | undefined;
  breach: Breach | undefined;
}

/** Every way in which a request may take effect now, first the one without any fault. */
export function effects(state: State, call: Call, request: Request): Effect[] {
  const breach = judge(state.world, call, request);
  const revoked = call.kind === "retire" && isRevocation(state.world, call.keyId, request) ? call.keyId : undefined;
  return perform(state.world, call, request).map(({ world, answer, oddly }) => {
    const after = { world, runs: state.runs };
    return { state: revoked === undefined ? after : excuse(after, revoked), answer, oddly, breach };
  });
}

const EXCUSE = "sent before it was revoked";

/** Whatever of this credential is on its way, or was put in place by a late push, was sent before it was revoked. */
function excuse({ world, runs }: State, keyId: string): State {
  const { held, current, adrift } = world;
  const heldLate = held?.keyId === keyId && current?.content !== keyId;
  return {
    world: {
      ...world,
      held: heldLate ? { keyId, excuse: EXCUSE } : held,
      adrift: adrift.map((one) =>
        one.call.kind === "push" && one.call.keyId === keyId ? { ...one, excuse: EXCUSE } : one,
      ),
    },
    runs: runs.map((run) => (run.flight?.keyId === keyId ? { ...run, flight: { keyId, excuse: EXCUSE } } : run)),
  };
}

/** The consumer takes what was pushed. */
export function land({ world, runs }: State, { keyId, excuse }: Flight): State {
  return { world: { ...world, held: { keyId, excuse } }, runs };
}
