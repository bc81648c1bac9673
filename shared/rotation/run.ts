import { type Log, stepWaits, takeStep } from "../log.ts";
import type { WaitingCode } from "../problems/problems.ts";
import { failedLook, subjectOf } from "./look.ts";
import { type Moment, type Order, type Run, skipName } from "./order.ts";
import { type Applied, type Later, type Outcome, report, type Step, type StepReport } from "./outcome.ts";
import type { Stored } from "./stored.ts";

/** What is to be done next about a credential, and what must wait. */
export interface Decision<S extends Step> {
  next: S | undefined;
  later: Later[];
  /** A step that is due but waits for a better moment. */
  waits?: { step: S; code: WaitingCode; because: string } | undefined;
  /** Thrown at the end: what should be done may not be. */
  refusal?: Error | undefined;
  /** It rests on what was seen before an earlier step: the world is to be looked at again, and planned for anew. */
  looksAgain?: boolean;
}

/** The least that a look shows: the latest version in the vault. */
interface Seen {
  current: Stored | undefined;
}

/** How one credential is looked at, what is decided about it, and how a step is taken. */
export interface Steps<Sight extends Seen, S extends Step, R extends Run> {
  name: string;
  now(): Date;
  log: Log;
  /** A run ends after this many, whatever is left: no rotation of this credential needs as many. */
  mostSteps: number;
  /** What is known at this moment; or, where there is nothing to rotate, what the run came to. */
  observe(run: R): Promise<{ sight: Sight } | { ended: Outcome }>;
  plan(sight: Sight, moment: Moment<R>): Decision<S>;
  /** All steps that a run would take now if each succeeded at once. */
  forecast(sight: Sight, moment: Moment<R>): { steps: S[]; waits?: Decision<S>["waits"] };
  apply(step: S, sight: Sight, run: R): Promise<Applied>;
  /** The run after a step that is done and was planned at that time. */
  after(step: S, run: R, plannedOn: Date): R;
  isDelivered(sight: Sight, now: Date): boolean;
}

interface Telling {
  subject: string;
  log: Log;
}

/** What has come of a run so far. */
interface Tally {
  steps: StepReport[];
  failures: { step: Step; failure: unknown }[];
  waiting: string[];
  /** When each of those may be looked at again, where it says so. */
  looks: (Date | undefined)[];
  /** What waits for nothing but time. */
  coming: Later[];
}

/**
 * Observes, plans and applies one step, until nothing is due. A step that must wait, or fails, does not keep the run
 * from the others: what is current still reaches its consumer while Entra refuses to issue the next.
 * @throws the first failure of a step, or why nothing may be done, when everything else is done.
 */
export async function run<Sight extends Seen, S extends Step, R extends Run>(
  credential: Steps<Sight, S, R>,
  order: Pick<Order, "endsOn" | "leaves">,
  begun: R,
): Promise<Outcome> {
  const tally: Tally = { steps: [], failures: [], waiting: [], looks: [], coming: [] };
  try {
    return await takeAll(credential, { ...order, tally }, begun);
  } catch (error) {
    // The failure of a step is told by the step.
    if (!tally.failures.some(({ failure }) => failure === error)) credential.log(failedLook(credential, error));
    throw error;
  }
}

async function takeAll<Sight extends Seen, S extends Step, R extends Run>(
  credential: Steps<Sight, S, R>,
  { endsOn, leaves, tally }: Pick<Order, "endsOn" | "leaves"> & { tally: Tally },
  begun: R,
): Promise<Outcome> {
  const { name, log } = credential;
  const how = { subject: subjectOf(credential), log, tell: (applied: Applied) => applied };
  for (let own = begun; ; ) {
    const seen = await credential.observe(own);
    if ("ended" in seen) return seen.ended;
    const { sight } = seen;
    const now = credential.now();
    const decision = credential.plan(sight, { name, now, run: own });
    if (decision.looksAgain) continue;
    const { next } = decision;
    if (!next || tally.steps.length >= credential.mostSteps || now >= endsOn) {
      const isDelivered = credential.isDelivered(sight, now);
      const left = tally.failures.filter(({ step }) => step.kind === "retire").map(({ step }) => step.target);
      if (left.length > 0) leaves?.(left);
      return { ...conclude(decision, tally, { isDelivered, how }), current: sight.current };
    }
    const applied = await attempt(() => takeStep(next, how, () => credential.apply(next, sight, own)));
    if ("failure" in applied) tally.failures.push({ step: next, failure: applied.failure });
    else count(tally, next, applied);
    own = "state" in applied && applied.state === "done" ? credential.after(next, own, now) : skipping(next, own);
  }
}

/** Says what a run would do now; writes nothing. */
export async function preview<Sight extends Seen, S extends Step, R extends Run>(
  credential: Steps<Sight, S, R>,
  begun: R,
): Promise<Outcome> {
  const seen = await credential.observe(begun);
  if ("ended" in seen) return seen.ended;
  const moment = { name: credential.name, now: credential.now(), run: begun };
  const { steps, waits } = credential.forecast(seen.sight, moment);
  const { later } = credential.plan(seen.sight, moment);
  const reports = steps.map((step) => report(step, "planned"));
  if (waits) reports.push(report(waits.step, "waiting", { code: waits.code }));
  const waitingFor = waits ? { waitingFor: waits.because } : {};
  return { steps: reports, converged: reports.length === 0, ...waitingFor, later, current: seen.sight.current };
}

async function attempt(step: () => Promise<Applied>): Promise<Applied | { failure: unknown }> {
  try {
    return await step();
  } catch (failure) {
    return { failure };
  }
}

function count(tally: Tally, step: Step, applied: Applied): void {
  if (applied.state === "done") {
    const { delivery } = applied;
    tally.steps.push(report(step, "done", delivery ? { delivery } : {}));
    return;
  }
  const { code, detail, until, lookOn } = applied;
  tally.steps.push(report(step, "waiting", { code }));
  if (until) tally.coming.push({ kind: step.kind, on: until, target: step.target });
  else {
    tally.waiting.push(detail);
    tally.looks.push(lookOn);
  }
}

function skipping<R extends Run>(step: Step, run: R): R {
  return { ...run, skips: new Set([...run.skips, skipName(step)]) };
}

function conclude<S extends Step>(
  { next, later, waits: due, refusal }: Decision<S>,
  { steps, failures, waiting, looks, coming }: Tally,
  { isDelivered, how }: { isDelivered: boolean; how: Telling },
): Omit<Outcome, "current"> {
  const [failed] = failures;
  if (failed) throw failed.failure;
  if (refusal) throw refusal;
  if (due) {
    stepWaits(due.step, how, { code: due.code, detail: due.because });
    steps.push(report(due.step, "waiting", { code: due.code }));
    waiting.push(due.because);
    looks.push(undefined);
  }
  if (next) {
    const because = `no time left for the step ${next.kind} (${next.because})`;
    stepWaits(next, how, { code: "out-of-time", detail: because });
    steps.push(report(next, "waiting", { code: "out-of-time" }));
    waiting.push(because);
    looks.push(undefined);
  }
  const converged = !next && waiting.length === 0 && (isDelivered || coming.some(({ kind }) => kind === "push"));
  const waitingFor = waiting.length > 0 ? { waitingFor: waiting.join("; ") } : {};
  const all = [...coming, ...later].toSorted((a, b) => a.on.getTime() - b.on.getTime());
  return { steps, converged, ...waitingFor, ...lookAgain(looks), later: all };
}

/** One that does not say when is looked at as soon as can be. */
function lookAgain(looks: readonly (Date | undefined)[]): { lookOn?: Date } {
  const said = looks.flatMap((on) => on ?? []);
  if (said.length === 0 || said.length < looks.length) return {};
  return { lookOn: said.reduce((first, on) => (on < first ? on : first)) };
}
