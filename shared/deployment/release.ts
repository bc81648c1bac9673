/** A release of OpenMetadata. */
export type Release = readonly [major: number, minor: number, patch: number];

/** From here on bots hold nothing but a token that OpenMetadata issues (open-metadata/OpenMetadata #14358). */
export const FIRST_TOKEN_ONLY: Release = [1, 3, 0];

/** Reads a version as servers and people write it ("1.12.3", "1.3.0-rc1", "2.0"); undefined when it tells no release. */
export function parseRelease(version: string): Release | undefined {
  const [, major, minor, patch] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch ?? 0)];
}

/** Whether a release is `first` or a later one. */
export function isAtLeast(release: Release, first: Release): boolean {
  for (const [index, part] of first.entries()) {
    const difference = (release[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
