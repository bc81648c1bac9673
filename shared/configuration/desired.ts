import {
  callbackUrl,
  defaultScope,
  openIdConfigurationUrl,
  ownKeysPath,
  redirectUrisOf,
  tenantKeysUrl,
} from "../deployment/addresses.ts";
import { type CredentialKind, secretName } from "../deployment/credentials.ts";
import { DEFAULT_PRINCIPAL_DOMAIN } from "../deployment/openmetadata-defaults.ts";
import { admitsApplications, principalClaims } from "../deployment/principal-claims.ts";
import { FIRST_TOKEN_ONLY, isAtLeast, type Release } from "../deployment/release.ts";
import type { Deployment, Facts, Live } from "./facts.ts";

/** Where a secret is, and the variable that stands for it: never its value. */
export interface SecretReference {
  variable: string;
  vaultUri: string;
}

/** A deployment's sign-in in neutral words; every format is rendered from this. */
export interface Configuration {
  name: string;
  release: Release;
  releaseFrom: "server" | "caller";
  flow: "implicit" | "auth-code";
  tenantId: string;
  authority: string;
  serverUrl: string;
  callbackUrl: string;
  /** What Entra accepts as redirect URIs for this flow at present. */
  registered: readonly string[];
  /** Signing keys of the tenant, then of OpenMetadata itself. */
  keyUrls: readonly [tenant: string, own: string];
  discoveryUrl: string;
  serverClientId: string;
  ingestionClientId: string;
  /** What ingestion asks for. */
  scope: string;
  /** Names of administrators, and the same people's addresses. */
  admins: readonly string[];
  adminEmails: readonly string[];
  ownObjectId: string | undefined;
  principalDomain: string;
  /** Undefined where the server that runs now does not tell, or none could be asked: nothing must be weakened by a guess. */
  enforcePrincipalDomain: boolean | undefined;
  claims: readonly string[];
  claimsFrom: "server" | "default";
  bot: { name: string; holds: "client secret" | "token" };
  /** How long readers of the vault may take to pick up a new secret. */
  readWithinHours: number;
  secrets: { server: SecretReference; ingestion: SecretReference; botToken: SecretReference };
}

/** Describes how a deployment ought to be configured. Pure. */
export function desiredConfiguration(facts: Facts): Configuration {
  const { deployment, authority, release, live, server, ownObjectId } = facts;
  const { name, openMetadataUrl: serverUrl } = deployment;
  const principalDomain = domainOf(deployment, live);
  const people = deployment.initialAdmins.map((admin) => nameOf(admin, release));
  const secret = (credential: CredentialKind, variable: string): SecretReference => ({
    variable,
    vaultUri: `${facts.keyVaultUrl}/secrets/${secretName(deployment, credential)}`,
  });
  return {
    name,
    release,
    releaseFrom: facts.releaseFrom,
    flow: deployment.signInFlow,
    tenantId: facts.tenantId,
    authority,
    serverUrl,
    callbackUrl: redirectUrisOf({ extraRedirectUris: [], ...deployment })[0] ?? callbackUrl(serverUrl),
    registered: server.redirectUris,
    keyUrls: [tenantKeysUrl(authority), `${serverUrl}${ownKeysPath(release)}`],
    discoveryUrl: openIdConfigurationUrl(authority, "v2.0"),
    serverClientId: server.appId,
    ingestionClientId: facts.ingestion.appId,
    scope: defaultScope(server.appId),
    admins: [...new Set(ownObjectId ? [...people, ownObjectId] : people)],
    adminEmails: deployment.initialAdmins.map((admin) => (admin.includes("@") ? admin : `${admin}@${principalDomain}`)),
    ownObjectId,
    principalDomain,
    enforcePrincipalDomain: live?.enforcePrincipalDomain,
    claims: claimsOf(live),
    claimsFrom: live && live.jwtPrincipalClaims.length > 0 ? "server" : "default",
    bot: { name: deployment.botName, holds: heldBy(release, deployment.botCredential) },
    readWithinHours: facts.readWithinHours,
    secrets: {
      server: secret("server-client-secret", "SERVER_CLIENT_SECRET"),
      ingestion: secret("ingestion-client-secret", "INGESTION_CLIENT_SECRET"),
      botToken: secret("bot-token", "BOT_TOKEN"),
    },
  };
}

/** Administrators are listed by user name, which is the address before the @; since 1.3 in lower case. */
function nameOf(admin: string, release: Release): string {
  const [local = ""] = admin.split("@");
  return isAtLeast(release, FIRST_TOKEN_ONLY) ? local.toLowerCase() : local;
}

/** OpenMetadata's own default means that nobody chose: then what the server has stays. */
function domainOf({ principalDomain: chosen }: Deployment, live: Live | undefined): string {
  const found = live?.principalDomain ?? "";
  return chosen === DEFAULT_PRINCIPAL_DOMAIN && /^[A-Za-z0-9.-]+$/.test(found) ? found : chosen;
}

/** Another order would match people to other users, so what is there is kept and only ever appended to. */
function claimsOf(live: Live | undefined): readonly string[] {
  const claims = principalClaims(live?.jwtPrincipalClaims ?? []);
  return admitsApplications(claims) ? claims : [...new Set([...claims, "sub"])];
}

function heldBy(release: Release, credential: "auto" | "sso" | "jwt"): "client secret" | "token" {
  return credential === "jwt" || isAtLeast(release, FIRST_TOKEN_ONLY) ? "token" : "client secret";
}
