import { FIRST_TOKEN_ONLY, isAtLeast, type Release } from "../deployment/release.ts";

/** What the settings say about a deployment. */
export interface Deployment {
  name: string;
  openMetadataUrl: string;
  signInFlow: "implicit" | "auth-code";
  principalDomain: string;
  initialAdmins: readonly string[];
  botName: string;
  botCredential: "auto" | "sso" | "jwt";
}

/** What was observed, and what the settings want. */
export interface Facts {
  deployment: Deployment;
  tenantId: string;
  authority: string;
  keyVaultUrl: string;
  release: Release;
  /** Who said which release it is. */
  releaseFrom: "server" | "caller";
  /** How the server that runs now lets people in; undefined where none could be asked. */
  live: Live | undefined;
  /** The server registration, with the redirect URIs of the platform that the flow uses. */
  server: { appId: string; redirectUris: readonly string[] };
  ingestion: { appId: string };
  /** Object id of the app's identity, where that is what signs in to OpenMetadata. */
  ownObjectId: string | undefined;
}

export interface Live {
  jwtPrincipalClaims: readonly string[];
  principalDomain: string;
  enforcePrincipalDomain: boolean;
}

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
  enforcePrincipalDomain: boolean;
  claims: readonly string[];
  claimsFrom: "server" | "default";
  bot: { name: string; holds: "client secret" | "token" };
  secrets: { server: SecretReference; ingestion: SecretReference; botToken: SecretReference };
}

/** What OpenMetadata assumes where nothing is configured. */
const DEFAULT_DOMAIN = "open-metadata.org";
const DEFAULT_CLAIMS = ["email", "preferred_username", "sub"];

/** Claims by which an application's token names it: the object id of its service principal. */
const APPLICATION_CLAIMS = ["sub", "oid"];

const FIRST_KNOWN: Release = [0, 13, 0];
/** The first release with `clientType` and `oidcConfiguration`. */
const FIRST_AUTH_CODE: Release = [1, 3, 2];

/** Why a release cannot be configured that way, with what to do; undefined when it can. Pure. */
export function obstacle(
  release: Release,
  flow: "implicit" | "auth-code",
): { because: string; hint: string } | undefined {
  const version = release.join(".");
  if (!isAtLeast(release, FIRST_KNOWN)) {
    return { because: `the settings of OpenMetadata ${version} have other names`, hint: "Upgrade to 0.13 or later" };
  }
  if (flow === "auth-code" && !isAtLeast(release, FIRST_AUTH_CODE)) {
    return {
      because: `OpenMetadata ${version} knows the implicit flow only, the authorization code flow begins with 1.3.2`,
      hint: 'Set SIGN_IN_FLOW to "implicit" and call POST /api/provision, or upgrade OpenMetadata',
    };
  }
  return undefined;
}

/** Describes how a deployment ought to be configured. Pure. */
export function planConfiguration(facts: Facts): Configuration {
  const { deployment, authority, release, live, server, ownObjectId } = facts;
  const { name, openMetadataUrl: serverUrl } = deployment;
  const keysPath = isAtLeast(release, [1, 0, 0]) ? "/api/v1/system/config/jwks" : "/api/v1/config/jwks";
  const principalDomain = domainOf(deployment, live);
  const people = deployment.initialAdmins.map((admin) => nameOf(admin, release));
  const secret = (credential: string, variable: string): SecretReference => ({
    variable,
    vaultUri: `${facts.keyVaultUrl}/secrets/${name}-${credential}`,
  });
  return {
    name,
    release,
    releaseFrom: facts.releaseFrom,
    flow: deployment.signInFlow,
    tenantId: facts.tenantId,
    authority,
    serverUrl,
    callbackUrl: `${serverUrl}/callback`,
    registered: server.redirectUris,
    keyUrls: [`${authority}/discovery/v2.0/keys`, `${serverUrl}${keysPath}`],
    discoveryUrl: `${authority}/v2.0/.well-known/openid-configuration`,
    serverClientId: server.appId,
    ingestionClientId: facts.ingestion.appId,
    scope: `api://${server.appId}/.default`,
    admins: [...new Set(ownObjectId ? [...people, ownObjectId] : people)],
    adminEmails: deployment.initialAdmins.map((admin) => (admin.includes("@") ? admin : `${admin}@${principalDomain}`)),
    ownObjectId,
    principalDomain,
    enforcePrincipalDomain: live?.enforcePrincipalDomain ?? false,
    claims: claimsOf(live),
    claimsFrom: live && live.jwtPrincipalClaims.length > 0 ? "server" : "default",
    bot: { name: deployment.botName, holds: heldBy(release, deployment.botCredential) },
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
  return chosen === DEFAULT_DOMAIN && /^[A-Za-z0-9.-]+$/.test(found) ? found : chosen;
}

/** Another order would match people to other users, so what is there is kept and only ever appended to. */
function claimsOf(live: Live | undefined): readonly string[] {
  const found = live?.jwtPrincipalClaims ?? [];
  const claims = found.length > 0 ? found : DEFAULT_CLAIMS;
  return claims.some((claim) => APPLICATION_CLAIMS.includes(claim)) ? claims : [...claims, "sub"];
}

function heldBy(release: Release, credential: "auto" | "sso" | "jwt"): "client secret" | "token" {
  return credential === "jwt" || isAtLeast(release, FIRST_TOKEN_ONLY) ? "token" : "client secret";
}
