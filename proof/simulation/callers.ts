import { ContinuableError } from "../../shared/errors.ts";
import { HOUR, MINUTE } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { Answer } from "./invocations.ts";
import type { World } from "./world.ts";

/** How a pipeline calls POST /api/rotate. */
interface Call {
  revokeOld: boolean;
  /** Known once an answer said it, or from the beginning to a caller that takes no chances. */
  issuedBefore: Date | undefined;
  /** Repeated as it was, whatever the answers say. */
  plain: boolean;
}

/** It gives up after so many calls. */
const MOST_CALLS = 60;

/** A pipeline that calls without a reason, again and again until the answer says that all is done. */
export function converge(world: World, chance: Chance): void {
  repeat(world, chance, { call: undefined, left: MOST_CALLS });
}

/** A pipeline that asks for a new secret. Some send the moment themselves, others repeat what the answer says, or nothing. */
export function ask(world: World, chance: Chance, { revokeOld }: { revokeOld: boolean }): void {
  world.asks(world.timeline.now());
  const careful = chance.happens(0.6);
  const plain = !careful && chance.happens(0.5);
  const issuedBefore = careful ? new Date(world.timeline.now()) : undefined;
  world.journal.note("a pipeline", `asks for a new secret${revokeOld ? ", as the old one has leaked" : ""}`);
  world.journal.count(revokeOld ? "asked for because of a leak" : "asked for");
  repeat(world, chance, { call: { revokeOld, issuedBefore, plain }, left: MOST_CALLS });
}

function repeat(world: World, chance: Chance, { call, left }: { call: Call | undefined; left: number }): void {
  const again = (next: Call | undefined, after: number): void => {
    if (left > 0) world.timeline.after(after, () => repeat(world, chance, { call: next, left: left - 1 }));
  };
  const answered = (answer: Answer): void => {
    if (answer.kind === "converged" && answer.issuedBefore && call?.revokeOld) revoked(world, answer.issuedBefore);
    if (answer.kind === "converged") return;
    const issuedBefore = told(answer);
    const next = call && (call.plain ? call : { ...call, issuedBefore: call.issuedBefore ?? issuedBefore });
    again(next, answer.kind === "waiting" ? chance.between(10_000, MINUTE) : chance.between(MINUTE, 10 * MINUTE));
  };
  if (world.app().down) {
    again(call, HOUR / 2);
    return;
  }
  const { revokeOld = false, issuedBefore } = call ?? {};
  const askAt =
    call &&
    ((now: Date) => ({
      because: "asked",
      issuedBefore: issuedBefore ?? now,
      revokeOld,
      open: issuedBefore === undefined,
    }));
  world.host.post(askAt, answered);
}

/** Answers and problem details alike tell it; a broken connection tells nothing. */
function told(answer: Answer): Date | undefined {
  if (answer.kind === "broken off") return undefined;
  if (answer.kind !== "failed") return answer.issuedBefore;
  const issuedBefore = answer.error instanceof ContinuableError ? answer.error.issuedBefore : undefined;
  return issuedBefore === undefined ? undefined : new Date(issuedBefore);
}

/** The answer said that the leak is closed: nothing issued before may sign in. Lists lag, so the youngest may slip. */
function revoked({ entra, journal, profile }: World, issuedBefore: Date): void {
  const before = issuedBefore.getTime() - profile.listLag - MINUTE;
  const left = entra.all.find((one) => one.managed && entra.lives(one) && one.issuedAt < before);
  if (left) journal.breaks("honest answers", `a revocation is answered as done, but ${left.keyId} still signs in`);
}
