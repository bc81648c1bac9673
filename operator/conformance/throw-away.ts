/** What was made and is to be removed again, the newest first. */
export interface ThrowAway {
  /** `remove` answers with why something stays, or with undefined. Add it before it is made: an answer may be lost. */
  add(what: string, remove: () => Promise<string | undefined>): void;
  /** Takes the newest off the list: it was not made after all. */
  drop(what: string): void;
  count(): number;
  /** Removes everything, whatever fails on the way. @returns what stays, and why. */
  removeAll(): Promise<string[]>;
}

export function throwAway(): ThrowAway {
  const made: { what: string; remove: () => Promise<string | undefined> }[] = [];
  return {
    add: (what, remove) => void made.push({ what, remove }),
    drop(what) {
      const at = made.findLastIndex((one) => one.what === what);
      if (at >= 0) made.splice(at, 1);
    },
    count: () => made.length,
    async removeAll() {
      const left: string[] = [];
      for (let one = made.pop(); one !== undefined; one = made.pop()) {
        const why = await one
          .remove()
          .catch((error: unknown) => `not deleted (${error instanceof Error ? error.message : String(error)})`);
        if (why !== undefined) left.push(`${one.what}: ${why}`);
      }
      return left;
    },
  };
}
