import type { Release } from "../deployment/release.ts";

/** Minor releases whose settings are known, by major release: from the first to the last of each. */
const KNOWN: Record<number, readonly [first: number, last: number]> = { 0: [13, 13], 1: [0, 13], 2: [0, 0] };

/** What to know of a release that may not exist, or has come after this app; nothing of the others. Pure. */
export function newnessOf(release: Release): string[] {
  const [major, minor] = release;
  const [first, last] = KNOWN[major] ?? [];
  if (first !== undefined && last !== undefined && minor >= first && minor <= last) return [];
  const known = Object.entries(KNOWN).map(([one, [from, to]]) =>
    from === to ? `${one}.${from}` : `${one}.${from} to ${one}.${to}`,
  );
  return [
    `Release ${release.join(".")} is unknown to this app, which knows ${known.join(", ")}. If it exists, compare this file with the configuration files of that release.`,
  ];
}
