import type { Progress } from "../rotation/progress.ts";
import type { Pipeline } from "./ports.ts";

/** The beginning of a delivery of which nothing is known: at some pipeline, another one each time where not all fit. */
export function begun(
  pinned: readonly Pipeline[],
  { of, as, at }: { of: string; as?: number | undefined; at: number },
): Progress {
  const ids = sorted(pinned).map(({ id }) => id);
  return { of, from: ids[at % Math.max(1, ids.length)] ?? "", failed: [], ...(as === undefined ? {} : { as }) };
}

/**
 * What is left: first those that were not tried yet, then of those that have failed the ones that were tried least often:
 * where there is no time for all, none of them is tried twice before the others. Pure.
 */
export function worklist(pinned: readonly Pipeline[], { from, upTo, failed }: Progress): Pipeline[] {
  const all = sorted(pinned);
  const ordered = [...all.filter(({ id }) => id >= from), ...all.filter(({ id }) => id < from)];
  const isTried = ({ id }: Pipeline): boolean => {
    if (upTo === undefined) return false;
    return upTo >= from ? id >= from && id <= upTo : id >= from || id <= upTo;
  };
  const tries = new Map(failed.map(({ id, times }) => [id, times]));
  const known = ordered.filter(({ id }) => tries.has(id));
  const least = Math.min(...known.map(({ id }) => tries.get(id) ?? 0));
  const again = known.filter(({ id }) => tries.get(id) === least);
  return [...ordered.filter((one) => !isTried(one)), ...again];
}

function sorted(pipelines: readonly Pipeline[]): Pipeline[] {
  return pipelines.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
