import { type Report, type SimulationOptions, simulate } from "./year.ts";

/**
 * Leaves out whatever a broken year can do without, and still break the same promise: what is left is what was decisive.
 * Leaves out halves, quarters and so on, down to single misfortunes (Zeller's ddmin).
 */
export async function shrink(
  broken: Report,
  options: Omit<SimulationOptions, "seed" | "days" | "only"> = {},
): Promise<Report> {
  const { seed, days } = broken;
  const stillBreaks = async (only: readonly string[]): Promise<Report | undefined> => {
    const report = await simulate({ ...options, seed, days, only: new Set(only) });
    return report.broken?.promise === broken.broken?.promise ? report : undefined;
  };
  const none = await stillBreaks([]);
  if (none) return none;
  let smallest = (await stillBreaks(broken.misfortunes)) ?? broken;
  for (let parts = 2; smallest.misfortunes.length > 1; ) {
    const all = smallest.misfortunes;
    const smaller = await firstOf(withoutEach(all, Math.ceil(all.length / parts)), stillBreaks);
    if (smaller) smallest = smaller;
    else if (parts >= all.length) break;
    parts = smaller ? Math.max(parts - 1, 2) : Math.min(parts * 2, all.length);
  }
  return smallest;
}

function* withoutEach(all: readonly string[], size: number): Generator<string[]> {
  for (let at = 0; at < all.length; at += size) yield all.toSpliced(at, size);
}

async function firstOf<T, U>(items: Iterable<T>, tried: (item: T) => Promise<U | undefined>): Promise<U | undefined> {
  for (const item of items) {
    const found = await tried(item);
    if (found) return found;
  }
  return undefined;
}
