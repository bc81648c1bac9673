import { isAtLeast, parseRelease, type Release } from "../deployment/release.ts";

/**
 * How the server itself, where people sign in to it by the authorization-code flow, gets its new client secret.
 *
 *   release            the server's sign-in is             the secret reaches it
 *   -----------------  ----------------------------------  --------------------------------------------------
 *   1.10 and later     in its database                     by REST: the server tries it out and goes on with it
 *   after 1.13         its environment's, where it says so as below
 *   before 1.10        its environment's                   App Service that refers to the vault, where one is named:
 *                                                          refreshed, and restarted if that is allowed
 *                                                          otherwise whatever else reads the vault, in its own time
 *   told by none       whether it has the REST call says   as that says
 */
const FIRST_BY_REST: Release = [1, 10, 0];
/** Up to 1.13 the database always counts (open-metadata/OpenMetadata #31786). */
const FIRST_BY_EITHER: Release = [1, 14, 0];

/** Whether this release takes a new client secret by REST; undefined where the version tells no release. Pure. */
export function takesSecretByRest(version: string): boolean | undefined {
  const release = parseRelease(version);
  return release && isAtLeast(release, FIRST_BY_REST);
}

/** Whether a conflict with the environment is what 409 can mean; a locked database is answered likewise. Pure. */
export function mayFollowEnvironment(version: string): boolean {
  const release = parseRelease(version);
  return release === undefined || isAtLeast(release, FIRST_BY_EITHER);
}

/** How people sign in to the server, as it says itself. */
export interface ServerSignIn {
  provider: string;
  clientType: string | undefined;
  authority: string;
  clientId: string;
  publicKeyUrls: readonly string[];
  oidc:
    | {
        clientId: string | undefined;
        tenant: string | undefined;
        discoveryUri: string | undefined;
        scope: string | undefined;
        /** Whether what was written can be read back. */
        showsSecret: boolean;
      }
    | undefined;
}

/**
 * What stands in the way of a new secret, one sentence each: the server's validator looks at all of its Azure settings
 * at every change, so that an old mistake blocks a new secret. Empty when nothing is known to. Pure.
 */
export function signInObstacles(
  server: ServerSignIn,
  expected: { appId: string; authority: string; keysUrl: string },
): string[] {
  if (server.provider !== "azure" || server.clientType !== "confidential" || !server.oidc) {
    const found = `provider "${server.provider}", client type "${server.clientType ?? "none"}"`;
    return [`the server is not set up for the authorization-code flow with Entra (${found})`];
  }
  const { oidc } = server;
  const discovery = ["", "/v2.0"].map((version) => `${expected.authority}${version}/.well-known/openid-configuration`);
  const checks: [holds: boolean, obstacle: string][] = [
    [
      server.clientId === expected.appId,
      `clientId is ${server.clientId || "not set"}: the server registration is ${expected.appId}`,
    ],
    [
      oidc.clientId === expected.appId,
      `oidcConfiguration.id is ${oidc.clientId ?? "not set"}: the server registration is ${expected.appId}`,
    ],
    [server.authority === expected.authority, `authority is ${server.authority}: it must be ${expected.authority}`],
    [
      discovery.includes(oidc.discoveryUri ?? ""),
      `oidcConfiguration.discoveryUri is ${oidc.discoveryUri ?? "not set"}: it must be ${discovery[1]}`,
    ],
    [
      (oidc.scope ?? "").split(/\s+/).includes("offline_access"),
      `oidcConfiguration.scope is "${oidc.scope ?? ""}": it lacks offline_access`,
    ],
    // The validator compares the whole address.
    [server.publicKeyUrls.includes(expected.keysUrl), `publicKeyUrls lack ${expected.keysUrl}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, obstacle]) => obstacle);
}

/** An app setting of an App Service that refers to the vault. */
export interface VaultReference {
  setting: string;
  vault: string | undefined;
  secret: string | undefined;
  pinnedVersion: string | undefined;
  activeVersion: string | undefined;
  status: string;
  details: string | undefined;
}

/** Those that refer to this secret of this vault. Names have no case in Azure. Pure. */
export function referencesTo<T extends VaultReference>(
  references: readonly T[],
  wanted: { vault: string; secret: string },
): T[] {
  const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
  return references.filter(({ vault, secret }) => same(vault, wanted.vault) && same(secret, wanted.secret));
}

/** Why a reference will not show the current version, one sentence each; empty when all do or will. Pure. */
export function referenceFaults(references: readonly VaultReference[], version: string): string[] {
  return references.flatMap(({ setting, status, details, pinnedVersion }) => {
    if (pinnedVersion && pinnedVersion !== version) {
      return [`${setting} refers to one version of the secret: leave the version out`];
    }
    if (status === "Resolved" || status === "Initialized") return [];
    const isDenied = status === "AccessToKeyVaultDenied" || status === "MSINotEnabled";
    const remedy = isDenied ? ': the site\'s identity needs the role "Key Vault Secrets User" on the vault' : "";
    return [`${setting} is not resolved: ${status}${details ? ` (${details})` : ""}${remedy}`];
  });
}
