import type { FindingKind } from "../deployment/finding-kinds.ts";
import { isAtLeast, type Release } from "../deployment/release.ts";

/**
 * Something that is not as it ought to be. `critical`: open to misuse, or nobody gets in; `warning`: it hurts sooner or
 * later; `notice`: a choice that somebody should have made knowingly.
 */
export interface Finding {
  kind: FindingKind;
  severity: "critical" | "warning" | "notice";
  /** What is, beside what ought to be. */
  what: string;
  do: string;
}

/** How a setting of the server is changed so that it takes effect, which depends on the release. Pure. */
export function setTo(variable: string, value: string, release: Release | undefined): string {
  const asks = `Set ${variable} to ${value} and restart the server (GET /api/configuration renders it for this release)`;
  // open-metadata/OpenMetadata #31786: a row in the database silently overrides the environment.
  if (!release || !isAtLeast(release, [1, 10, 0])) return asks;
  return `${asks}; values saved under Settings > SSO override it, so check those first`;
}
