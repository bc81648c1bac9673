import { StalledError } from "../errors.ts";
import type { RegistrationName } from "./registration-names.ts";

/** What stands behind a name in the directory, and which application made it, as far as Entra says. */
export interface Made {
  /** For people: `registration "openmetadata-server"`. */
  what: string;
  clientId: string;
  createdByAppId: string | null | undefined;
}

/** Is it one that an operator named, or that this app made itself? Anybody may register a name beforehand. Pure. */
export function isOurs(
  name: RegistrationName,
  { createdByAppId }: Pick<Made, "createdByAppId">,
  ownAppId: string | undefined,
): boolean {
  if ("appId" in name) return true;
  return ownAppId !== undefined && createdByAppId?.toLowerCase() === ownAppId.toLowerCase();
}

/** @throws {StalledError} with what to check, where it is not. */
export function refusePlanted(name: RegistrationName, made: Made, ownAppId: string | undefined): void {
  if (isOurs(name, made, ownAppId)) return;
  throw new StalledError("registration-not-ours", `Cannot use ${plantedBy(made, ownAppId)}`, {
    hint: notOursHint(made),
  });
}

/** Who made it, in words. Pure. */
export function plantedBy({ what, clientId, createdByAppId }: Made, ownAppId: string | undefined): string {
  const maker = createdByAppId ? `application ${createdByAppId}` : "a person or an unknown application";
  return `${what} (client ID ${clientId}): it was created by ${maker}, not by this app's identity${ownAppId ? ` ${ownAppId}` : ""}`;
}

/** What to look at, and both ways out. Pure. */
export function notOursHint({ clientId }: Pick<Made, "clientId">): string {
  return `Check who created it, and its owners, redirect URIs and secrets. If you want to use it, set SERVER_CLIENT_ID or INGESTION_CLIENT_ID (serverClientId, ingestionClientId in DEPLOYMENTS) to ${clientId}; otherwise delete it permanently and call POST /api/provision:\naz ad app show --id ${clientId}\naz ad app owner list --id ${clientId}`;
}
