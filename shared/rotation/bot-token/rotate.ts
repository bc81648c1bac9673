import { blotted } from "../../errors.ts";
import { type Order, type Outcome, type Rotation, report, type StepReport } from "../rotation.ts";
import { apply } from "./apply.ts";
import { deployAnyway } from "./deliver.ts";
import { forecast } from "./forecast.ts";
import { type Look, observe, type Sight } from "./observe.ts";
import { planBotToken } from "./plan.ts";
import type { Ports } from "./ports.ts";
import type { Run, Step } from "./state.ts";

/** A run ends after so many steps, whatever is left: no rotation needs as many. */
const MOST_STEPS = 12;

/** The rotation of the token that OpenMetadata issues to a bot. */
export function botToken(ports: Ports): Rotation {
  const { name, now, log } = ports;
  return {
    credential: "bot-token",
    name,
    rotate: (order) => rotate(ports, order),
    preview: (order) => preview(ports, order),
    now,
    log,
  };
}

async function preview(ports: Ports, { policy, beganOn, ask }: Order): Promise<Outcome> {
  const run = newRun(beganOn, ask);
  const look = await observe(ports, policy, { name: ports.name, now: ports.now(), run, thorough: true });
  if (look.kind !== "seen") return unused(look);
  const { steps, waits } = forecast(look, policy, { name: ports.name, now: ports.now(), run });
  const { later } = planBotToken(look, policy, { name: ports.name, now: ports.now(), run });
  const reports = steps.map((step) => report(step, "planned"));
  if (waits) reports.push(report(waits.step, "waiting"));
  const converged = reports.length === 0;
  return { steps: reports, converged, ...(waits ? { waitingFor: waits.because } : {}), later, current: look.current };
}

/** Whatever ends a run: the pipelines are not left with the token that it has ended. */
async function rotate(ports: Ports, order: Order): Promise<Outcome> {
  const steps: StepReport[] = [];
  try {
    return await takeSteps(ports, order, steps);
  } catch (error) {
    const kinds = steps.map(({ kind }) => kind);
    if (kinds.lastIndexOf("issue") > kinds.lastIndexOf("push")) await deployAnyway(ports, order.endsOn);
    throw error;
  }
}

/**
 * Observes, plans and applies one step, until nothing is due. A step that must wait, or fails, does not keep the run
 * from the others.
 * @throws the first failure of a step, when everything else is done.
 */
async function takeSteps(ports: Ports, order: Order, steps: StepReport[]): Promise<Outcome> {
  const { name, log } = ports;
  const failures: unknown[] = [];
  const waiting: string[] = [];
  let run = newRun(order.beganOn, order.ask);
  // A run that somebody asked for looks thoroughly; the timer does as soon as something is due.
  let thorough = order.ask !== undefined || order.leavesPushToEvent !== true;
  if (order.ask) log(`rotation of "${name}": asked for because of ${JSON.stringify(blotted(order.ask.because))}`);
  for (;;) {
    const look = await observe(ports, order.policy, { name, now: ports.now(), run, thorough });
    if (look.kind === "unseen") log(`rotation of "${name}": left to the next run: ${look.because}`);
    if (look.kind !== "seen") return unused(look);
    const now = ports.now();
    const { next, waits, later } = planBotToken(look, order.policy, { name, now, run });
    if ((next || waits) && !thorough) {
      thorough = true;
      continue;
    }
    if (!next || steps.length >= MOST_STEPS || now >= order.endsOn) {
      if (failures.length > 0) throw failures[0];
      if (waits) {
        log(`rotation of "${name}": issue waits: ${waits.because}`);
        steps.push(report(waits.step, "waiting"));
        waiting.push(waits.because);
      }
      const outstanding = next !== undefined || steps.some(({ state }) => state === "waiting");
      const converged = !outstanding && isDelivered(look);
      const [waitingFor] = waiting;
      return { steps, converged, ...(waitingFor ? { waitingFor } : {}), later, current: look.current };
    }
    log(`rotation of "${name}": ${next.kind} ${next.target} (${next.because})`);
    try {
      const { state, detail } = await apply(next, look, { ports, endsOn: order.endsOn, run });
      log(`rotation of "${name}": ${state === "done" ? "" : `${next.kind} waits: `}${detail}`);
      steps.push(report(next, state));
      if (state === "waiting") waiting.push(detail);
      run = state === "done" ? after(next, run, now) : skipping(next, run);
    } catch (error) {
      failures.push(error);
      run = skipping(next, run);
    }
  }
}

function newRun(beganOn: Date, ask: Order["ask"]): Run {
  return { beganOn, ask, issuedOn: undefined, skips: new Set() };
}

function after(step: Step, run: Run, now: Date): Run {
  return step.kind === "issue" ? { ...run, issuedOn: now } : run;
}

function skipping(step: Step, run: Run): Run {
  return { ...run, skips: new Set([...run.skips, step.kind]) };
}

function isDelivered({ held, current }: Sight): boolean {
  return held.keyId !== undefined && current?.keyId === held.keyId && current.deliveredOn !== undefined;
}

function unused({ because, current }: Exclude<Look, Sight>): Outcome {
  return { steps: [], converged: true, later: [], current, unused: because };
}
