import type { Configuration } from "./desired.ts";
import { newnessOf } from "./known-releases.ts";

/** What every format says first. */
export function fileHeader({ name, serverUrl, release, releaseFrom, flow }: Configuration): string[] {
  const source = releaseFrom === "server" ? "reported by the server" : "requested";
  const how = flow === "implicit" ? "implicit flow (SPA)" : "authorization code flow (Web)";
  return [
    `OpenMetadata deployment "${name}", ${serverUrl}`,
    `Release ${release.join(".")} (${source}), ${how}. Contains no secrets, only references to them.`,
    ...newnessOf(release),
  ];
}
