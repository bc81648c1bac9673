import { askedBy, continued, forgetAsk, vouchedFor } from "../asked.ts";
import type { Order } from "../order.ts";
import type { Outcome } from "../outcome.ts";
import type { Rotation } from "../rotatable.ts";
import { preview, run, type Steps } from "../run.ts";
import type { Asked } from "../stored.ts";
import { apply } from "./apply.ts";
import { deployAnyway } from "./deliver.ts";
import { forecast } from "./forecast.ts";
import { type Look, observe, type Sight } from "./observe.ts";
import type { Run } from "./observed.ts";
import { planBotToken, wholeSecond } from "./plan.ts";
import type { Ports } from "./ports.ts";
import type { Step } from "./step.ts";

/** The rotation of the token that OpenMetadata issues to a bot. */
export function botToken(ports: Ports): Rotation {
  const { name, now, log } = ports;
  return {
    credential: "bot-token",
    name,
    rotate: (order) => asMeant(ports, order, (meant) => noted(ports, meant, () => rotate(ports, meant))),
    preview: (order) =>
      asMeant(ports, order, (meant) => preview(stepsOf(ports, meant, looking(ports, meant, true)), begun(meant))),
    answered: () => forgetAsk(ports.current),
    now,
    log,
  };
}

/** A call that names no moment may go on with an earlier one: that stands in the vault. */
async function asMeant(
  { current, now }: Ports,
  order: Order,
  rotation: (meant: Order) => Promise<Outcome>,
): Promise<Outcome> {
  const latest = order.ask?.open || order.ask?.byMessage ? await current.latest() : undefined;
  const isDone = ({ before }: Asked): boolean =>
    latest?.deliveredOn !== undefined && latest.issuedOn !== undefined && latest.issuedOn >= wholeSecond(before);
  const ask = continued(vouchedFor(order.ask, [latest]), [latest], { now: now(), isDone });
  if (ask) order.means?.(ask.issuedBefore);
  return rotation({ ...order, ask });
}

/** Of what must wait nothing else tells since when it was asked for. */
async function noted({ current }: Ports, { ask }: Order, rotation: () => Promise<Outcome>): Promise<Outcome> {
  const outcome = await rotation();
  const waits = outcome.steps.some(({ kind, state }) => kind === "issue" && state === "waiting");
  const latest = ask && waits ? await current.latest() : undefined;
  if (ask && latest?.keyId && latest.asked?.before.getTime() !== ask.issuedBefore.getTime()) {
    await current.note(latest, { asked: askedBy(ask) });
  }
  return outcome;
}

/** Whatever ends a run: the pipelines are not left with the token that it has ended. */
async function rotate(ports: Ports, order: Order): Promise<Outcome> {
  // A run that somebody asked for looks thoroughly; the timer does as soon as something is due.
  const thorough = order.ask !== undefined || order.leavesPushToEvent !== true;
  const steps = stepsOf(ports, order, looking(ports, order, thorough));
  let locksOut = false;
  const apply: typeof steps.apply = async (step, sight, own) => {
    const applied = await steps.apply(step, sight, own);
    if (step.kind === "issue" || step.kind === "push") locksOut = step.kind === "issue";
    return applied;
  };
  try {
    return await run({ ...steps, apply }, order, begun(order));
  } catch (error) {
    if (locksOut) await deployAnyway(ports, { endsOn: order.endsOn, of: "" });
    throw error;
  }
}

function begun({ beganOn, ask, notebook, called }: Order): Run {
  return { beganOn, ask, called, goesOnWith: notebook?.told, issuedOn: undefined, skips: new Set() };
}

/** Looks briefly, until something is due; from then on thoroughly. */
function looking(ports: Ports, { policy }: Order, fromTheStart: boolean) {
  let thorough = fromTheStart;
  return async (run: Run): Promise<Look> => {
    const moment = { name: ports.name, now: ports.now(), run };
    const look = await observe(ports, policy, { ...moment, thorough });
    if (thorough || look.kind !== "seen") return look;
    const { next, waits } = planBotToken(look, policy, { ...moment, now: ports.now() });
    if (!next && !waits) return look;
    thorough = true;
    return observe(ports, policy, { ...moment, now: ports.now(), thorough });
  };
}

function stepsOf(ports: Ports, order: Order, look: (run: Run) => Promise<Look>): Steps<Sight, Step, Run> {
  const { name, now, log } = ports;
  const { policy, endsOn, briefly, notebook } = order;
  return {
    name,
    now,
    log,
    mostSteps: 12,
    async observe(own) {
      const seen = await look(own);
      return seen.kind === "seen" ? { sight: seen } : { ended: unused(seen) };
    },
    plan: (sight, moment) => planBotToken(sight, policy, moment),
    forecast: (sight, moment) => forecast(sight, policy, moment),
    apply: (step, sight, own) => apply(step, sight, { ports, policy, endsOn, run: own, briefly, notebook }),
    after: (step, own, plannedOn) => (step.kind === "issue" ? { ...own, issuedOn: plannedOn } : own),
    isDelivered: ({ held, current }) =>
      held.keyId !== undefined && current?.keyId === held.keyId && current.deliveredOn !== undefined,
  };
}

function unused(look: Exclude<Look, Sight>): Outcome {
  const { because, current } = look;
  if (look.kind === "not-up") return { steps: [], converged: false, waitingFor: because, later: [], current };
  const unseen = look.kind === "unseen" ? { unseen: look.code } : {};
  return { steps: [], converged: true, later: [], current, unused: because, ...unseen };
}
