/** What was made and is to be removed again, the newest first. */
export interface ThrowAway {
  /**
   * `remove` answers with why something stays, or with undefined; a reason that begins with "deleted" is no failure. Add
   * it before it is made: an answer may be lost.
   */
  add(what: string, remove: Remove): void;
  /** Takes the newest of this name off the list: it was not made after all. */
  drop(what: string): void;
  count(): number;
  /** Removes everything, whatever fails on the way, and tries once more what has failed. @returns what stays, and why. */
  removeAll(pause: () => Promise<unknown>): Promise<Stays[]>;
}

export interface Stays {
  what: string;
  why: string;
}

type Remove = () => Promise<string | undefined>;

interface Made {
  what: string;
  remove: Remove;
}

export function throwAway(): ThrowAway {
  const made: Made[] = [];
  return {
    add: (what, remove) => void made.push({ what, remove }),
    drop(what) {
      const at = made.findLastIndex((one) => one.what === what);
      if (at >= 0) made.splice(at, 1);
    },
    count: () => made.length,
    async removeAll(pause) {
      const first = await removeEach(made.splice(0).reverse());
      const failed = first.filter(({ why }) => !isDeleted(why));
      if (failed.length > 0) await pause();
      const again = await removeEach(failed);
      return [...first.filter(({ why }) => isDeleted(why)), ...again].map(({ what, why }) => ({ what, why }));
    },
  };
}

/** Whether what stays has at least been deleted: it is kept for a while, and harms nobody. */
export function isDeleted(why: string): boolean {
  return why.startsWith("deleted");
}

async function removeEach(some: readonly Made[]): Promise<(Made & { why: string })[]> {
  const left: (Made & { why: string })[] = [];
  for (const one of some) {
    const why = await one
      .remove()
      .catch((error: unknown) => `not deleted (${error instanceof Error ? error.message : String(error)})`);
    if (why !== undefined) left.push({ ...one, why });
  }
  return left;
}
