import { isAtLeast } from "../deployment/release.ts";
import type { Configuration } from "./desired.ts";

/** Whether what is rendered takes effect at all, which depends on what the server's database holds. */
export function precedence({ release, flow }: Configuration): string[] {
  if (!isAtLeast(release, [1, 10, 0])) return [];
  if (isAtLeast(release, [2, 0, 0])) {
    return [
      "If the release supports SECURITY_CONFIG_SOURCE, its default AUTO applies values changed here at the next start, unless somebody changed them in the UI since. Otherwise, values saved in the UI take precedence.",
    ];
  }
  const told = [
    "Values saved under Settings > SSO are in the database and silently override this file (open-metadata/OpenMetadata #31786). Change them there, or run ./bootstrap/openmetadata-ops.sh remove-security-config --force and restart.",
  ];
  if (flow === "auth-code") {
    told.push(
      "openmetadata-entra stores each new client secret there too, so from its first push on the database takes precedence. Before you remove the saved configuration, make sure the server can read the latest secret from the vault.",
    );
  }
  return told;
}
