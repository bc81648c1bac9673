import { isAtLeast } from "../deployment/release.ts";
import type { Configuration } from "./desired.ts";

/** Whether what is rendered takes effect at all, which depends on what the server's database holds. */
export function precedence({ release, flow }: Configuration): string[] {
  if (!isAtLeast(release, [1, 10, 0])) return [];
  if (isAtLeast(release, [2, 0, 0])) {
    return [
      "Where the release knows SECURITY_CONFIG_SOURCE, its default AUTO lets a value changed here take effect at the next start, unless somebody changed it in the UI since; where it does not, what was saved in the UI wins.",
    ];
  }
  const told = [
    "What was saved under Settings > SSO lies in the database and silently wins over this (open-metadata/OpenMetadata #31786). Change it there, or run ./bootstrap/openmetadata-ops.sh remove-security-config --force and restart.",
  ];
  if (flow === "auth-code") {
    told.push(
      "openmetadata-entra renews the client secret there too: from its first push on, the database wins. Before you remove what is saved, let the server read the newest secret from the vault.",
    );
  }
  return told;
}
