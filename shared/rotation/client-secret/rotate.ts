import type { CredentialKind } from "../../deployment/credentials.ts";
import { blotted, StalledError } from "../../errors.ts";
import { type Order, type Outcome, type Rotation, report, type StepReport } from "../rotation.ts";
import { apply } from "./apply.ts";
import { forecast } from "./forecast.ts";
import { observe, observePatiently, type Sight } from "./observe.ts";
import { planRotation } from "./plan.ts";
import type { Ports } from "./ports.ts";
import { deliverCurrent } from "./push.ts";
import { isAlive } from "./reasons.ts";
import type { Applied, Later, Run } from "./state.ts";

/** A run ends after so many steps, whatever is left: no rotation needs as many. */
const MOST_STEPS = 40;

/**
 * The rotation of one of the client secrets. Without `byEvent` the vault's event is not answered, and whoever promotes
 * pushes: where a push is felt (a restart), a run and an event that come at once must not both make one.
 */
export function clientSecret(credential: CredentialKind, ports: Ports, { byEvent = true } = {}): Rotation {
  const { name, now, log } = ports;
  const own = (order: Order): Order => (byEvent ? order : { ...order, leavesPushToEvent: false });
  return {
    credential,
    name,
    rotate: (order) => rotate(ports, own(order)),
    preview: (order) => previewRotation(ports, own(order)),
    ...(byEvent ? { deliver: (endsOn: Date) => deliverCurrent(ports, endsOn) } : {}),
    now,
    log,
  };
}

/** Says what a run would do now; writes nothing. */
export async function previewRotation(ports: Ports, order: Order): Promise<Outcome> {
  const sight = await observe(ports);
  const moment = { name: ports.name, now: ports.now(), run: runOf(order) };
  const steps = forecast(sight, order.policy, moment);
  return {
    steps: steps.map((step) => report(step, "planned")),
    converged: steps.length === 0,
    later: planRotation(sight, order.policy, moment).later,
    current: sight.current,
  };
}

/**
 * Observes, plans and applies one step, until nothing is due. A step that must wait, or fails, does not keep the run
 * from the others: what is current still reaches its consumer while Entra refuses to issue the next.
 * @throws the first failure of a step, when everything else is done; {StalledError} when nothing may be issued.
 */
export async function rotate(ports: Ports, order: Order): Promise<Outcome> {
  const steps: StepReport[] = [];
  const failures: unknown[] = [];
  const retired = new Set<string>();
  let run = runOf(order);
  const coming: Later[] = [];
  let waitingFor: string | undefined;
  // Quoted, so that a caller's text stays on its line.
  if (order.ask)
    ports.log(`rotation of "${ports.name}": asked for because of ${JSON.stringify(blotted(order.ask.because))}`);
  for (;;) {
    const seen = await observePatiently(ports, order.endsOn);
    // Entra's list may still show what this run has retired.
    const sight = { ...seen, issued: seen.issued.filter(({ keyId }) => !retired.has(keyId)) };
    const moment = { name: ports.name, now: ports.now(), run };
    const { next, later, blocked } = planRotation(sight, order.policy, moment);
    if (!next || steps.length >= MOST_STEPS || moment.now >= order.endsOn) {
      if (failures.length > 0) throw failures[0];
      if (blocked) throw tooMany(ports.name, blocked);
      const waits = next !== undefined || waitingFor !== undefined;
      const converged = !waits && (isDelivered(sight, moment.now) || coming.some(({ kind }) => kind === "push"));
      const all = [...coming, ...later];
      return { steps, converged, ...(waitingFor ? { waitingFor } : {}), later: all, current: sight.current };
    }
    ports.log(`rotation of "${ports.name}": ${next.kind} ${next.target} (${next.because})`);
    const applied = await attempt(() => apply(next, sight, { ports, ...order }), failures);
    if (applied) {
      ports.log(
        `rotation of "${ports.name}": ${applied.state === "done" ? "" : `${next.kind} waits: `}${applied.detail}`,
      );
      steps.push(report(next, applied.state));
      if (applied.until) coming.push({ kind: next.kind, on: applied.until, target: next.target });
      else if (applied.state === "waiting") waitingFor = applied.detail;
    }
    if (applied?.state !== "done") run = { ...run, skips: new Set([...run.skips, next.kind]) };
    else if (next.kind === "retire") {
      retired.add(next.target);
      if (next.because === "compromised") run = { ...run, revoked: true };
    } else if (next.kind === "push") run = { ...run, revoked: false };
  }
}

async function attempt(step: () => Promise<Applied>, failures: unknown[]): Promise<Applied | undefined> {
  try {
    return await step();
  } catch (error) {
    failures.push(error);
    return undefined;
  }
}

function runOf({ beganOn, ask, leavesPushToEvent }: Order): Run {
  return { beganOn, ask, leavesPushToEvent: leavesPushToEvent ?? false, revoked: false, skips: new Set() };
}

function isDelivered({ current, issued }: Sight, now: Date): boolean {
  return isAlive(current, issued, now) && current.deliveredOn !== undefined;
}

function tooMany(name: string, blocked: string): StalledError {
  return new StalledError(
    `Cannot issue a successor of "${name}": ${blocked}`,
    'Something keeps losing them. See GET /api/status, remove those that nobody uses in Entra (Certificates & secrets), or, for a leak, call POST /api/rotate with {"because":"compromised","revokeOld":true}',
  );
}
