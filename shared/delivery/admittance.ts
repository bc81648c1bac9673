import { storeAdminTokenHint, storeTokenCommand } from "../deployment/stored-token.ts";
import { StalledError, UpstreamError } from "../errors.ts";
import type { Ports, SignInConfiguration } from "./ports.ts";
import { lacksKey, refusalObstacles, tokenObstacles } from "./token-obstacles.ts";

export type Admittance = Pick<Ports, "keysUrl" | "usesOwnToken" | "deployment" | "vault" | "ownObjectId"> & {
  openMetadata: Pick<Ports["openMetadata"], "signInConfiguration" | "whoAmI">;
};

/**
 * Finds out beforehand whether the server takes ours for an administrator's token, and Entra's tokens of applications
 * (where those of ingestion are such, `entraTokens`), and explains what is missing. The proof is a call that is signed
 * in: what the server tells of its configuration only explains a refusal, and where the token is not Entra's stands in
 * for what nobody has tried.
 * @returns what the server tells of its sign-in, and the name of the administrator that it takes us for.
 * @throws {StalledError}
 */
export async function admittedAs(
  ports: Admittance,
  subject: string,
  { entraTokens }: { entraTokens: boolean },
): Promise<SignInConfiguration & { administrator: string }> {
  const { openMetadata, keysUrl, usesOwnToken } = ports;
  const server = await openMetadata.signInConfiguration();
  const admin = await openMetadata.whoAmI().catch((error: unknown) => {
    if (error instanceof UpstreamError && isRefusal(error, keysUrl)) return error;
    throw error;
  });
  const isAdmitted = !(admin instanceof UpstreamError) && admin.isAdmin;
  // What shuts out our own token shuts out ingestion's too: a bot moved to Azure SSO would be locked out.
  const matters = usesOwnToken ? !isAdmitted : entraTokens;
  const told = matters ? tokenObstacles(server, { keysUrl }) : [];
  const said = matters && admin instanceof UpstreamError ? refusalObstacles(admin.message, { keysUrl, ...server }) : [];
  const obstacles = [...new Set([...told, ...said])];
  if (obstacles.length > 0) {
    const who = usesOwnToken ? "the tokens of the app's identity" : "the tokens of ingestion";
    throw new StalledError("openmetadata-forbidden", `${subject}: OpenMetadata does not accept ${who}`, {
      hint: `Change on the OpenMetadata server: ${obstacles.join("; ")}`,
    });
  }
  if (isAdmitted) return { ...server, administrator: admin.name };
  throw new StalledError("openmetadata-forbidden", `${subject}: ${whyNot(admin)}`, {
    hint: await howToGetIn(ports, server, admin),
  });
}

/** A key that the server does not know makes it fail instead of refusing. */
function isRefusal({ status, message }: UpstreamError, keysUrl: string): boolean {
  return [401, 403, 404].includes(status) || (status === 500 && refusalObstacles(message, { keysUrl }).length > 0);
}

async function howToGetIn(
  { usesOwnToken, deployment, vault, ownObjectId }: Admittance,
  { principalDomain }: SignInConfiguration,
  admin: { name: string } | UpstreamError,
): Promise<string> {
  const { openMetadataTokenSecret: secret } = deployment;
  if (!usesOwnToken && secret !== undefined) {
    if (admin instanceof UpstreamError && lacksKey(admin.message)) {
      return `The server cannot find the key of a token that it issued itself: correct the address of its own keys in AUTHENTICATION_PUBLIC_KEYS, which the server must be able to reach; if its key pair has changed, store a new token in the vault secret "${secret}":\n${storeTokenCommand({ vault, secret })}`;
    }
    return storeAdminTokenHint({ vault, secret });
  }
  const name = await ownObjectId();
  // The server's word goes into a command that a person runs.
  const domain = /^[A-Za-z0-9.-]+$/.test(principalDomain) ? principalDomain : deployment.principalDomain;
  const user = JSON.stringify({ name, email: `${name}@${domain}`, isAdmin: true });
  return `Add ${name} to AUTHORIZER_ADMIN_PRINCIPALS and restart the server, or let an administrator run this, with their own OpenMetadata token in OPENMETADATA_TOKEN:\ncurl --fail-with-body -X PUT -H "Authorization: Bearer $OPENMETADATA_TOKEN" -H "Content-Type: application/json" -d '${user}' ${deployment.openMetadataUrl}/api/v1/users`;
}

function whyNot(admin: { name: string } | UpstreamError): string {
  if (!(admin instanceof UpstreamError)) return `user "${admin.name}" is not an OpenMetadata administrator`;
  return admin.status === 404 ? "OpenMetadata does not know the app's user" : admin.message;
}
