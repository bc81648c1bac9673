import { isAtLeast, type Release } from "./release.ts";

/** The tenant's authority, without anything behind the tenant. */
export function authorityOf({ authorityHost, tenantId }: { authorityHost: string; tenantId: string }): string {
  return `${authorityHost}/${tenantId}`;
}

/** The keys with which the tenant signs tokens (Microsoft Learn, "OpenID Connect on the Microsoft identity platform"). */
export function tenantKeysUrl(authority: string): string {
  return `${authority}/discovery/v2.0/keys`;
}

/** The tenant's OpenID configuration: for tokens of version 2, or those of version 1. */
export function openIdConfigurationUrl(authority: string, version: "v1.0" | "v2.0"): string {
  return `${authority}${version === "v2.0" ? "/v2.0" : ""}/.well-known/openid-configuration`;
}

/** The App ID URI that a registration is given: of this form, tenants allow it without a verified domain. */
export function appIdUri(clientId: string): string {
  return `api://${clientId}`;
}

/** What an application asks Entra for that wants to call the one with this client id. */
export function defaultScope(clientId: string): string {
  return `${appIdUri(clientId)}/.default`;
}

/** Where Entra sends people back to. `serverUrl` is without a trailing slash. */
export function callbackUrl(serverUrl: string): string {
  return `${serverUrl}/callback`;
}

/** Does Entra take it? Microsoft Learn: "Redirect URI (reply URL) outline and restrictions". */
export function isRedirectUri(uri: string): boolean {
  const url = URL.parse(uri);
  if (!url || uri.length > 256 || /[*#]/.test(uri)) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname));
}

/** Where Entra sends people back to who sign in to a server: its own address first, where Entra takes that. */
export function redirectUrisOf({
  openMetadataUrl,
  extraRedirectUris,
}: {
  openMetadataUrl: string;
  extraRedirectUris: readonly string[];
}): string[] {
  return [callbackUrl(openMetadataUrl), ...extraRedirectUris].filter(isRedirectUri);
}

/**
 * The one that some releases use in the authorization code flow (open-metadata/OpenMetadata #26311); a page of the UI in
 * 2.x.
 */
export function otherCallbackUrl(serverUrl: string): string {
  return `${serverUrl}/auth/callback`;
}

/** Where a server tells how it signs people in; releases up to 0.13 keep such calls one level higher. */
export function signInConfigurationPath(release: Release | undefined): string {
  return `${systemPath(release)}/config/auth`;
}

/** Where a server publishes the keys with which it signs the tokens of its bots. */
export function ownKeysPath(release: Release | undefined): string {
  return `${systemPath(release)}/config/jwks`;
}

/** Is this where a server of any release publishes its own keys? */
export function isOwnKeysUrl(url: string): boolean {
  return /\/api\/v1\/(system\/)?config\/jwks$/.test(url);
}

/** Does nothing that is sent there leave the machine? */
export function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
}

/** The vault's own name, as events, App Service and the command line call it. */
export function vaultName(keyVaultUrl: string): string {
  return new URL(keyVaultUrl).hostname.split(".")[0] ?? "";
}

function systemPath(release: Release | undefined): string {
  return release && !isAtLeast(release, [1, 0, 0]) ? "/api/v1" : "/api/v1/system";
}
