import type { Version } from "./state.ts";

/** Adds tags to a new version until it has that many, as an automation that the event of the version wakes would. */
export function fillTags(version: Version, upTo: number): void {
  const tags = { ...version.tags };
  for (let number = 1; Object.keys(tags).length < upTo; number += 1) tags[`automation-${number}`] ??= "set";
  if (upTo > 0) version.tags = tags;
}
