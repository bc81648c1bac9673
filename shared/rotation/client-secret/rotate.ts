import type { CredentialKind } from "../../deployment/credentials.ts";
import { StalledError } from "../../errors.ts";
import { continued, forgetAsk, vouchedFor } from "../asked.ts";
import type { Ask, Order } from "../order.ts";
import type { Outcome } from "../outcome.ts";
import type { Notebook } from "../progress.ts";
import type { Rotation } from "../rotatable.ts";
import { preview, run, type Steps } from "../run.ts";
import { apply } from "./apply.ts";
import { forecast } from "./forecast.ts";
import { lookingFrom } from "./kept.ts";
import { type Known, observe, observePatiently, type Sight } from "./observe.ts";
import type { Moment, Run } from "./observed.ts";
import { planRotation } from "./plan.ts";
import type { Ports } from "./ports.ts";
import { deliverCurrent } from "./push.ts";
import { isAlive, issuedOn, readersWait, TOO_MANY } from "./reasons.ts";
import type { Step } from "./step.ts";

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
    ...(byEvent ? { deliver: (endsOn: Date, notebook: Notebook) => deliverCurrent(ports, endsOn, notebook) } : {}),
    answered: () => forgetAsk(ports.current),
    now,
    log,
  };
}

/** Says what a run would do now; writes nothing. */
export function previewRotation(ports: Ports, order: Order): Promise<Outcome> {
  return preview(
    stepsOf(ports, order, () => observe(ports)),
    begun(order),
  );
}

/** @throws the first failure of a step, when everything else is done; {StalledError} when nothing may be issued. */
export async function rotate(ports: Ports, order: Order): Promise<Outcome> {
  return run(
    stepsOf(ports, order, (known) => observePatiently(ports, order.endsOn, known)),
    order,
    begun(order),
  );
}

/** Entra's list may still show what this run has retired. */
interface Begun extends Run {
  retired: ReadonlySet<string>;
}

function begun({ beganOn, ask, notebook, called, leavesPushToEvent = false }: Order): Begun {
  const goesOnWith = notebook?.told;
  return { beganOn, ask, called, goesOnWith, leavesPushToEvent, revoked: false, skips: new Set(), retired: new Set() };
}

type Look = (known: Known | undefined) => Promise<Sight>;

function stepsOf(ports: Ports, order: Order, look: Look): Steps<Sight, Step, Begun> {
  const { name, now, log } = ports;
  const looking = lookingFrom(look, order.ask);
  const { policy } = order;
  // As the first look shows it to be meant.
  let ask: Ask | undefined;
  let isMeant = false;
  const own = (moment: Moment): Moment => ({ ...moment, run: { ...moment.run, ask } });
  return {
    name,
    now,
    log,
    mostSteps: 40,
    async observe({ retired }) {
      const seen = await looking.look();
      if (!isMeant) {
        isMeant = true;
        ask = asMeant(order.ask, seen, now());
        if (ask) order.means?.(ask.issuedBefore);
      }
      return { sight: { ...seen, issued: seen.issued.filter(({ keyId }) => !retired.has(keyId)) } };
    },
    plan(sight, moment) {
      const plan = planRotation(sight, policy, own(moment));
      const { next, later, blocked } = plan;
      const refusal = blocked === undefined ? undefined : tooMany(name, blocked);
      return { next, later, refusal, looksAgain: looking.mustLookAgain(plan) };
    },
    forecast: (sight, moment) => ({ steps: forecast(sight, policy, own(moment)) }),
    apply: (step, sight) => looking.take(sight, () => apply(step, sight, { ports, ...order, ask })),
    after,
    isDelivered: ({ current, issued }, at) =>
      isAlive(current, issued, at) && (current.deliveredOn !== undefined || readersWait(current, at)),
  };
}

/**
 * Done is: what is current is newer and delivered, after a leak nothing else is left that was issued before, and no
 * successor is still being proven: a call that waits for that is answered 202, and comes again.
 */
function asMeant(said: Ask | undefined, { current, staged, issued }: Sight, now: Date): Ask | undefined {
  const ask = vouchedFor(said, [staged, current]);
  const next = staged?.keyId === current?.keyId ? undefined : staged;
  return continued(ask, [next, current], {
    now,
    isDone({ before }) {
      if (!current?.deliveredOn || issuedOn(current) < before || (next?.asked && !next.provenOn)) return false;
      return !ask?.revokeOld || issued.every((one) => one.keyId === current.keyId || one.issuedOn >= before);
    },
  });
}

function after(step: Step, run: Begun): Begun {
  if (step.kind === "push") return { ...run, revoked: false, handedOn: step.version };
  if (step.kind === "confirm") return { ...run, handedOn: step.version };
  if (step.kind === "check") return { ...run, checked: { version: step.version, keyId: step.target } };
  if (step.kind !== "retire") return run;
  const retired = new Set([...run.retired, step.target]);
  return { ...run, retired, revoked: run.revoked || step.because === "compromised" };
}

function tooMany(name: string, blocked: string): StalledError {
  return new StalledError("too-many-credentials", `Cannot issue the next secret for "${name}": ${blocked}`, {
    hint: TOO_MANY,
  });
}
