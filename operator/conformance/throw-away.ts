/** What was made and is to be removed again, the newest first. */
export interface ThrowAway {
  /** `remove` answers with why something stays, or with undefined. */
  add(what: string, remove: () => Promise<string | undefined>): void;
  /** Removes everything, whatever fails on the way. @returns what stays, and why. */
  removeAll(): Promise<string[]>;
}

export function throwAway(): ThrowAway {
  const made: { what: string; remove: () => Promise<string | undefined> }[] = [];
  return {
    add: (what, remove) => void made.push({ what, remove }),
    async removeAll() {
      const left: string[] = [];
      for (let one = made.pop(); one !== undefined; one = made.pop()) {
        const why = await one
          .remove()
          .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
        if (why !== undefined) left.push(`${one.what}: ${why}`);
      }
      return left;
    },
  };
}
