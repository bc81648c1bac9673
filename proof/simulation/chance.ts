/** A source of chance: the same seed gives the same numbers, in the same order. */
export interface Chance {
  /** At least `least`, less than `most`. */
  between(least: number, most: number): number;
  /** A whole number, both bounds included. */
  whole(least: number, most: number): number;
  happens(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** Mulberry32 (public domain, Tommy Ettinger): 32 bits of state, good enough to look for trouble with. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between: (least, most) => least + next() * (most - least),
    whole,
    happens: (probability) => probability > 0 && next() < probability,
    pick(items) {
      const item = items[whole(0, items.length - 1)];
      if (item === undefined) throw new Error("Cannot pick from nothing");
      return item;
    },
  };
}

/** Chance that depends on what it decides, and not on what was drawn before: what is left out elsewhere changes nothing. */
export function chanceFor(seed: number, what: string): Chance {
  let hash = seed >>> 0;
  // FNV-1a.
  for (let at = 0; at < what.length; at += 1) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
  return chance(hash);
}
