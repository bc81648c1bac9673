/** Remembers states by a 53-bit hash of their key: of five million, two clash with a probability of one in 700. */
export function seenStates() {
  const hashes = new Set<number>();
  return {
    /** Is it new? From now on it is not. */
    add(key: string): boolean {
      const before = hashes.size;
      hashes.add(hash(key));
      return hashes.size > before;
    },
    size: () => hashes.size,
  };
}

/** Two rounds of multiply and shift with different constants, joined to a number that a double holds exactly. */
function hash(key: string): number {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index);
    low = Math.imul(low ^ code, 0x27d4eb2f);
    high = Math.imul(high ^ code, 0x165667b1);
  }
  low = Math.imul(low ^ (low >>> 15), 0x2c1b3c6d) ^ Math.imul(high ^ (high >>> 13), 0x297a2d39);
  high = Math.imul(high ^ (high >>> 15), 0x2c1b3c6d) ^ Math.imul(low ^ (low >>> 13), 0x297a2d39);
  return (high & 0x1fffff) * 0x100000000 + (low >>> 0);
}
