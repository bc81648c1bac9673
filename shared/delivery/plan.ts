import { FIRST_TOKEN_ONLY, isAtLeast, parseRelease, type Release } from "../deployment/release.ts";

/**
 * Which credential ingestion-bot can hold depends on the release.
 *
 *   release            a client secret (Azure SSO)       a token that OpenMetadata issues
 *   -----------------  --------------------------------  --------------------------------
 *   before 0.12.1      cannot be set by REST             -
 *   0.12.1 to 1.2      kept and used                     possible, not ours to choose
 *   1.3 and later      answered 200, silently ignored    the only way
 *
 * Sources: open-metadata/OpenMetadata #9353, #10847 (removed from the UI), #14358 (JWT-only client).
 */

/** How the bot gets to hold a new credential, and why. */
export type BotCredential =
  | { kind: "sso"; because: string }
  | { kind: "jwt"; because: string }
  /** Nothing that we could send would take effect. */
  | { kind: "refused"; because: string };

const FIRST_SSO: Release = [0, 12, 1];

/** Chooses by the server's version, or holds a forced choice against it. Pure. */
export function chooseBotCredential(version: string, forced: "auto" | "sso" | "jwt"): BotCredential {
  const release = parseRelease(version);
  if (!release) {
    if (forced === "jwt") return { kind: "jwt", because: "BOT_CREDENTIAL says so" };
    return { kind: "refused", because: `the server's version "${version}" tells no release` };
  }
  const jwtOnly = isAtLeast(release, FIRST_TOKEN_ONLY);
  if (forced === "jwt") return { kind: "jwt", because: "BOT_CREDENTIAL says so" };
  if (forced === "sso" && jwtOnly) {
    return {
      kind: "refused",
      because: `BOT_CREDENTIAL is "sso", but OpenMetadata ${version} ignores an Azure client secret for bots`,
    };
  }
  if (jwtOnly) return { kind: "jwt", because: `OpenMetadata ${version} ignores an Azure client secret for bots` };
  if (!isAtLeast(release, FIRST_SSO)) {
    return {
      kind: "refused",
      because: `OpenMetadata ${version} has no REST call for a bot's credential before 0.12.1`,
    };
  }
  return { kind: "sso", because: `OpenMetadata ${version} signs bots in with Azure SSO` };
}

/** How PUT /v1/bots names the bot's user: by reference up to 0.13, by name since 1.0. Pure. */
export function botUserShape(version: string): "name" | "reference" {
  const release = parseRelease(version);
  return release && !isAtLeast(release, [1, 0, 0]) ? "reference" : "name";
}

/** What the server answers about its sign-in, as far as our own token depends on it. */
export interface SignInFacts {
  publicKeyUrls: readonly string[];
  jwtPrincipalClaims: readonly string[];
  enforcePrincipalDomain: boolean;
}

/** Claims of an app-only Entra token that identify it. Microsoft Learn: "Access token claims reference". */
const APP_ONLY_CLAIMS = ["sub", "oid", "azp", "appid"];

/** OpenMetadata's own order where none is configured. */
const DEFAULT_CLAIMS = ["email", "preferred_username", "sub"];

/**
 * What keeps the server from letting in the managed identity's Entra token, one sentence each, with what to do.
 * Empty when nothing is known to. Pure.
 */
export function tokenObstacles(server: SignInFacts, expected: { keysUrl: string }): string[] {
  const obstacles: string[] = [];
  // The published examples name the keys of all tenants; those verify our token too.
  const { origin } = new URL(expected.keysUrl);
  if (!server.publicKeyUrls.some((url) => url.startsWith(`${origin}/`))) {
    obstacles.push(`AUTHENTICATION_PUBLIC_KEYS lacks ${expected.keysUrl}: add it`);
  }
  const claims = server.jwtPrincipalClaims.length > 0 ? server.jwtPrincipalClaims : DEFAULT_CLAIMS;
  if (!claims.some((claim) => APP_ONLY_CLAIMS.includes(claim))) {
    obstacles.push('AUTHENTICATION_JWT_PRINCIPAL_CLAIMS lacks "sub": append it');
  }
  if (server.enforcePrincipalDomain) {
    obstacles.push(
      "AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN shuts out tokens without an e-mail, those of ingestion too where it signs in to Entra: turn it off. Where ingestion holds a token of OpenMetadata, the app alone can do with one, too: store that of an admin bot in the vault and name it in OPENMETADATA_TOKEN_SECRET",
    );
  }
  return obstacles;
}

/** How the bot signs in according to the server. */
export interface Held {
  authType: string;
  ssoServiceType: string | undefined;
  azure: { clientId: string; clientSecret: string; authority: string; scopes: string[] } | undefined;
}

/** What the bot ought to hold. */
export interface Wanted {
  clientId: string;
  clientSecret: string;
  authority: string;
  scopes: string[];
}

/** Names the fields in which the server holds something else than it was sent; a masked secret cannot be compared. Pure. */
export function differences(held: Held, wanted: Wanted): string[] {
  if (held.authType !== "SSO") return ["authType"];
  const { azure } = held;
  if (held.ssoServiceType !== "azure" || !azure) return ["ssoServiceType"];
  const fields: string[] = [];
  if (azure.clientId !== wanted.clientId) fields.push("clientId");
  if (azure.authority !== wanted.authority) fields.push("authority");
  if (azure.scopes.join(" ") !== wanted.scopes.join(" ")) fields.push("scopes");
  if (!isMasked(azure.clientSecret) && azure.clientSecret !== wanted.clientSecret) fields.push("clientSecret");
  return fields;
}

function isMasked(secret: string): boolean {
  return /^\*+$/.test(secret);
}
