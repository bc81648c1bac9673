import type { CredentialKind } from "../deployment/credentials.ts";
import { LONGEST_SPREAD, SWEEP_PACE, SWEPT_UNIT_LIFE } from "../limits.ts";
import { unitOf } from "./message.ts";
import type { WorkQueue } from "./ports.ts";

/** A credential by name. */
export interface Named {
  deployment: string;
  credential: CredentialKind;
}

/** So many are sent at a time. */
const AT_ONCE = 16;

/**
 * Sends a unit for each credential, at an even pace over the time until the next sweep, so that the load on Graph and the
 * vault is level. Which is the first is left to chance: none is always the last.
 * @throws {UpstreamError} when one cannot be sent; some were sent by then.
 */
export async function sweep(
  queue: Pick<WorkQueue, "send">,
  all: readonly Named[],
  { now, period, random }: { now: Date; period: number; random(): number },
): Promise<void> {
  const turned = turnedBy(random, all);
  const pace = Math.min(SWEEP_PACE, Math.min(period, LONGEST_SPREAD) / Math.max(1, turned.length));
  const until = new Date(now.getTime() + period);
  for (let start = 0; start < turned.length; start += AT_ONCE) {
    const batch = turned.slice(start, start + AT_ONCE).map((one, index) => {
      const delay = (start + index) * pace;
      return queue.send(unitOf(one, { until }), { delay, life: delay + SWEPT_UNIT_LIFE });
    });
    await Promise.all(batch);
  }
}

/** The same, beginning with another one. */
export function turnedBy<T>(random: () => number, all: readonly T[]): T[] {
  const first = Math.floor(random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
