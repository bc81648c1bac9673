import type { Step as SecretStep } from "../rotation/client-secret/step.ts";
import { type Condition, lacks } from "./condition.ts";
import type { BotTokenFacts, ClientSecretFacts } from "./credential.ts";

interface Moment {
  now: Date;
  lateAfter: number;
}

/** Is a client secret being replaced, and does that go on as it should? Pure. */
export function secretRotating(told: ClientSecretFacts, { now, lateAfter }: Moment): Condition {
  const { current, staged, dueNow, inEntra, plan } = told;
  // That it is looked at once a day replaces nothing.
  const isMereCheck = dueNow?.kind === "check" && !isLate(dueNow, { now, lateAfter });
  if (dueNow && !isMereCheck) {
    return due(dueNow, { now, lateAfter, dueOn: plan?.dueOn, expiresOn: current?.expiresOn, does: DOES });
  }
  if (staged?.stage === "proven") {
    const message = `The next one has signed in, and takes its place ${plan ? `on ${plan.dueOn.toISOString()}` : "soon"}`;
    return rotating("successor-proven", message, staged.provenOn);
  }
  if (staged && staged.stage !== "announced") {
    return rotating("successor-staged", "The next one is stored, and is being proven", staged.storedOn);
  }
  const others = inEntra.managed.filter(({ keyId, expiresOn }) => keyId !== current?.keyId && expiresOn > now);
  if (others.length > 0 && current) {
    const until = plan?.retireOn
      ? `until ${plan.retireOn.toISOString()}`
      : "until this one is delivered, and for the overlap";
    const message = `The previous one still signs in ${until}, so that nobody is locked out`;
    return rotating("overlap", message, current.deliveredOn ?? current.storedOn);
  }
  return settled();
}

/** Is the token of a bot being replaced? Pure. */
export function tokenRotating(told: BotTokenFacts, { now, lateAfter }: Moment): Condition {
  const { dueNow, waitingFor, code, inOpenMetadata: held, plan } = told;
  const expiresOn = typeof held === "object" && held.expiresOn instanceof Date ? held.expiresOn : undefined;
  if (dueNow) return due(dueNow, { now, lateAfter, dueOn: plan?.dueOn, expiresOn, does: DOES_TO_TOKEN });
  if (waitingFor !== undefined && code !== undefined) return rotating(code, `It waits: ${waitingFor}`, plan?.dueOn);
  return settled();
}

/** What a step does, in words that go with "will". */
const DOES: Record<SecretStep["kind"], string> = {
  issue: "issue the next one",
  prove: "prove that the next one signs in",
  promote: "make the next one current",
  push: "deliver it",
  confirm: "confirm its delivery",
  check: "sign in with it, to see whether it works",
  retire: "retire the previous one",
};
/** A server issues and ends tokens by itself: the vault follows. */
const DOES_TO_TOKEN: typeof DOES = { ...DOES, promote: "store the server's token in the vault" };

/** These say no more than the step itself. */
const PLAIN: readonly string[] = ["due", "due soon", "not proven yet", "not delivered"];

/** Why a step is taken, as it stands behind its words; nothing where those say it already. Pure. */
export function inBrackets(because: string): string {
  return PLAIN.includes(because) ? "" : ` (${because})`;
}

interface Due extends Moment {
  dueOn: Date | undefined;
  expiresOn: Date | undefined;
  does: typeof DOES;
}

function due(
  step: { kind: SecretStep["kind"]; because: string; since?: Date | undefined },
  { now, lateAfter, dueOn, expiresOn, does }: Due,
): Condition {
  const { kind, because, since } = step;
  const soon = because === "due soon";
  const what = `${does[kind]}${inBrackets(because)}`;
  if (!since || !isLate(step, { now, lateAfter })) {
    return rotating(soon ? "due-soon" : "due", `The next run will ${what}`, since);
  }
  // Two thirds of the time that was left for it are gone.
  const isNear =
    dueOn && expiresOn && expiresOn.getTime() - now.getTime() < (expiresOn.getTime() - dueOn.getTime()) / 3;
  const message = `Due since ${since.toISOString()} and not done: ${what}. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now`;
  return { ...rotating("overdue", message, since), verdict: isNear ? "failing" : "attention" };
}

function isLate({ since }: { since?: Date | undefined }, { now, lateAfter }: Moment): boolean {
  return since !== undefined && now.getTime() > since.getTime() + lateAfter;
}

function rotating(reason: Condition["reason"], message: string, since: Date | undefined): Condition {
  return { type: "Rotating", status: "True", verdict: "healthy", reason, message, ...(since ? { since } : {}) };
}

function settled(): Condition {
  return lacks("Rotating", ["healthy", "settled"], "Nothing is being replaced");
}
