import { ContinuableError, codeOf, StalledError } from "../errors.ts";
import { PROOF_TRY } from "../limits.ts";
import { earliest } from "./asked.ts";
import { lookOf } from "./look.ts";
import type { Order } from "./order.ts";
import type { Outcome } from "./outcome.ts";
import type { Notebook } from "./progress.ts";
import type { Rotation } from "./rotatable.ts";
import type { Rotated } from "./summary.ts";

/**
 * An equal part of the time left, so that one that must be waited for leaves time for the others; but no less than a
 * proof needs, or none of many would ever come to an end.
 */
function share(endsOn: Date, now: Date, parts: number): Date {
  const left = endsOn.getTime() - now.getTime();
  return new Date(now.getTime() + Math.min(left, Math.max(left / parts, PROOF_TRY)));
}

/** Told what came of one, so that what is left of it can be left to somebody; without an outcome it failed. Never rejects. */
export type Leave = (
  rotation: Rotation,
  /** `issuedBefore` is the moment that an ask came to mean. */
  left: { outcome: Outcome | undefined; notebook: Notebook; issuedBefore: Date | undefined },
) => Promise<void>;

interface Failed {
  rotation: Rotation;
  error: unknown;
  issuedBefore: Date | undefined;
  /** What was to be retired and could not be. */
  left: readonly string[];
}

/** What came of each: an outcome, or why there is none. */
async function each(
  rotations: readonly Rotation[],
  order: Order,
  { run, leave }: { run: (rotation: Rotation, order: Order) => Promise<Outcome>; leave?: Leave | undefined },
) {
  const rotated: Rotated[] = [];
  const failed: Failed[] = [];
  for (const [index, rotation] of rotations.entries()) {
    const endsOn = share(order.endsOn, rotation.now(), rotations.length - index);
    const notebook: Notebook = {};
    const told: { issuedBefore: Date | undefined; left: readonly string[] } = { issuedBefore: undefined, left: [] };
    const own: Order = {
      ...order,
      endsOn,
      notebook,
      means: (issuedBefore) => Object.assign(told, { issuedBefore }),
      leaves: (left) => Object.assign(told, { left }),
    };
    try {
      const outcome = await run(rotation, own);
      rotated.push({ rotation, outcome, issuedBefore: told.issuedBefore });
      await leave?.(rotation, { outcome, notebook, issuedBefore: told.issuedBefore });
    } catch (error) {
      failed.push({ rotation, error, ...told });
      await leave?.(rotation, { outcome: undefined, notebook, issuedBefore: told.issuedBefore });
    }
  }
  return { rotated, failed };
}

/**
 * Rotates one credential after the other; a bad one does not keep the others from theirs.
 * @throws {Error} at the end, naming each that failed, so that the run shows red.
 */
export async function rotateAll(rotations: readonly Rotation[], order: Order): Promise<void> {
  const { failed } = await each(rotations, order, { run: rotateAndTell });
  if (failed.length > 0) {
    const names = failed.map(({ rotation, error }) => `"${rotation.name}" (${codeOf(error)})`);
    throw new Error(`Cannot rotate ${names.join(", ")}: the log of this run says why`);
  }
}

/**
 * The same for a caller who hears what came of each.
 * @throws the first failure, when all others have had their turn; the log tells of each. {StalledError} when
 * the credential that was asked for by `name` is of no use in this deployment.
 */
export async function rotateEach(
  rotations: readonly Rotation[],
  { dryRun, named, leave, ...order }: Order & { dryRun: boolean; named: boolean; leave?: Leave },
): Promise<Rotated[]> {
  const { rotated, failed } = await each(rotations, order, {
    run: (rotation, own) => (dryRun ? rotation.preview(own) : rotateAndTell(rotation, own)),
    leave: dryRun ? undefined : leave,
  });
  const [first] = failed;
  const useless = named ? rotated.find(({ outcome }) => outcome.unused !== undefined) : undefined;
  if (useless) {
    const { name } = useless.rotation;
    throw new StalledError("credential-unused", `Cannot rotate "${name}": ${useless.outcome.unused}`, {
      hint: 'Leave "credential" out, or correct BOT_CREDENTIAL',
    });
  }
  if (!first) return rotated;
  const issuedBefore = earliest([...rotated, ...failed].map((one) => one.issuedBefore));
  const left = failed.flatMap((one) => one.left);
  if (issuedBefore === undefined || !(first.error instanceof Error)) throw first.error;
  throw new ContinuableError(first.error, issuedBefore.toISOString(), left);
}

async function rotateAndTell(rotation: Rotation, order: Order): Promise<Outcome> {
  const outcome = await rotation.rotate(order);
  rotation.log(lookOf(rotation, outcome, { goesOn: false }));
  return outcome;
}
