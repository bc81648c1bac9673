import { StalledError, UpstreamError } from "../errors.ts";
import type { Ports } from "./ports.ts";
import { tokenObstacles } from "./token-obstacles.ts";

export type Admittance = Pick<Ports, "keysUrl" | "usesOwnToken" | "deployment" | "ownObjectId"> & {
  openMetadata: Pick<Ports["openMetadata"], "signInConfiguration" | "whoAmI">;
};

/**
 * Finds out beforehand whether the server takes ours for an administrator's token, and Entra's tokens of applications
 * (where those of ingestion are such, `entraTokens`), and explains what is missing.
 * @throws {StalledError}
 */
export async function admittedAs(
  { openMetadata, keysUrl, usesOwnToken, deployment, ownObjectId }: Admittance,
  subject: string,
  { entraTokens }: { entraTokens: boolean },
) {
  const server = await openMetadata.signInConfiguration();
  // What shuts out our own token shuts out ingestion's too: a bot moved to Azure SSO would be locked out.
  const obstacles = usesOwnToken || entraTokens ? tokenObstacles(server, { keysUrl }) : [];
  if (obstacles.length > 0) {
    const who = usesOwnToken ? "the app's identity" : "ingestion";
    throw new StalledError(`${subject}: the server does not let ${who} in`, obstacles.join("; "));
  }
  const admin = await openMetadata.whoAmI().catch((error: unknown) => {
    const refused = error instanceof UpstreamError && [401, 403, 404].includes(error.status);
    if (!refused) throw error;
    return error;
  });
  if (!(admin instanceof UpstreamError) && admin.isAdmin) return server;
  const problem = whyNot(admin);
  const name = usesOwnToken ? await ownObjectId() : "";
  throw new StalledError(
    `${subject}: ${problem}`,
    usesOwnToken
      ? `Add ${name} to AUTHORIZER_ADMIN_PRINCIPALS and restart the server, or let an administrator send PUT /api/v1/users {"name":"${name}","email":"${name}@${server.principalDomain || deployment.principalDomain}","isAdmin":true}`
      : `Store the token of an administrator's bot in the vault secret "${deployment.openMetadataTokenSecret}"`,
  );
}

function whyNot(admin: { name: string } | UpstreamError): string {
  if (!(admin instanceof UpstreamError)) return `user "${admin.name}" is no administrator`;
  return admin.status === 404 ? "the server does not know the app's user" : `the server refuses it: ${admin.message}`;
}
