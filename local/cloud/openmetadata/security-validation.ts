import type { SecurityConfiguration } from "./security-configuration.ts";

/** What is wrong with one setting (`securityValidationResponse.json`); no secret is in it. */
export interface FieldError {
  field: string;
  error: string;
}

type Authentication = SecurityConfiguration["authenticationConfiguration"];
type Oidc = NonNullable<Authentication["oidcConfiguration"]>;

/** The default in place of which `authorityHost` stands. */
export const ENTRA = "https://login.microsoftonline.com";
const GRAPH_SCOPE = "https://graph.microsoft.com/.default";
const TENANT = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|common|organizations|consumers)$/i;
/** The server says who it is, so that a fault on the wire can tell it from the app. */
const HEADERS = { "user-agent": "openmetadata-server" };

/**
 * The validator of 1.10 and later, on which every PATCH depends: it looks at one thing after the other and tells the
 * first fault, so an old mistake blocks a new secret. `host` is the address that it takes for Entra.
 */
export async function validate(configuration: SecurityConfiguration, host: string): Promise<FieldError | undefined> {
  const { authenticationConfiguration: settings, authorizerConfiguration: authorizer } = configuration;
  if (settings.providerName === "") {
    return { field: "authenticationConfiguration.providerName", error: "Provider name is required" };
  }
  if (authorizer.adminPrincipals.length === 0) {
    return { field: "authorizerConfiguration.adminPrincipals", error: "At least one admin principal is required" };
  }
  const fault = await (settings.clientType === "confidential" ? ofConfidential : ofPublic)(settings, host);
  return fault && { field: `authenticationConfiguration.${fault.field}`, error: fault.error };
}

/** The authority's form is looked at for a public client only. */
async function ofPublic(settings: Authentication, host: string): Promise<FieldError | undefined> {
  const tenant = new RegExp(`^${host.replaceAll(".", "\\.")}/([^/]+)$`).exec(settings.authority)?.[1] ?? "";
  if (!TENANT.test(tenant)) {
    return { field: "authority", error: `Invalid Azure authority. Expected: ${host}/{tenant-id}` };
  }
  return faultOfKeys(settings.publicKeyUrls ?? [], `${host}/${tenant}/discovery/v2.0/keys`);
}

async function ofConfidential(settings: Authentication, host: string): Promise<FieldError | undefined> {
  const { oidcConfiguration: oidc, publicKeyUrls = [] } = settings;
  if (!oidc) {
    return { field: "oidcConfiguration", error: "OIDC configuration is required for confidential clients" };
  }
  const wrong =
    (await faultOfClient(oidc, host)) ??
    (await faultOfKeys(publicKeyUrls, `${host}/${oidc.tenant}/discovery/v2.0/keys`)) ??
    (await faultOfCredentials(oidc, `${host}/${oidc.tenant}/oauth2/v2.0/token`));
  if (!wrong || wrong.field === "publicKeyUrls") return wrong;
  return { field: `oidcConfiguration.${wrong.field}`, error: wrong.error };
}

async function faultOfClient(oidc: Oidc, host: string): Promise<FieldError | undefined> {
  const { tenant, discoveryUri, scope = "", secret } = oidc;
  if (secret === "") return { field: "secret", error: "Client secret is required" };
  if (!TENANT.test(tenant)) {
    const error = "Invalid tenant ID format. Must be a valid GUID or 'common'/'organizations'/'consumers'";
    return { field: "tenant", error };
  }
  const expected = ["", "/v2.0"].map((version) => `${host}/${tenant}${version}/.well-known/openid-configuration`);
  if (!expected.includes(discoveryUri)) {
    const error = `Invalid Azure discovery URI. Expected: ${expected.join(" or ")} but got: ${discoveryUri}`;
    return { field: "discoveryUri", error };
  }
  const document = await getJson(discoveryUri);
  if (!document?.issuer || !document.token_endpoint) {
    return { field: "discoveryUri", error: "Failed to access Azure discovery endpoint" };
  }
  if (!scope.split(/\s+/).includes("offline_access")) {
    const error = `Azure confidential clients require 'offline_access' scope for refresh tokens. Without this scope, users may experience frequent authentication issues due to Azure's short token lifetimes. Please add 'offline_access' to your scope configuration. Current scope: '${scope}'`;
    return { field: "scope", error };
  }
  return undefined;
}

async function faultOfKeys(urls: string[], expected: string): Promise<FieldError | undefined> {
  const field = "publicKeyUrls";
  // None at all passes: those of a confidential client are filled in by the server.
  if (urls.length > 0 && !urls.includes(expected)) {
    return { field, error: `At least one public key URL must be the Azure JWKS endpoint: ${expected}` };
  }
  for (const url of urls) {
    const keys = (await getJson(url))?.keys;
    if (!Array.isArray(keys) || keys.length === 0) return { field, error: `Invalid public key URL: ${url}` };
  }
  return undefined;
}

/** A real sign-in. The form is put together as it is, so that a secret with `&`, `+` or `%` in it is not what arrives. */
async function faultOfCredentials({ id, secret }: Oidc, tokenUrl: string): Promise<FieldError | undefined> {
  const body = `client_id=${id}&client_secret=${secret}&scope=${GRAPH_SCOPE}&grant_type=client_credentials`;
  const headers = { ...HEADERS, "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(tokenUrl, { method: "POST", headers, body });
  const { error, error_description: description } = (await answer.json()) as Record<string, string>;
  if (answer.ok) return undefined;
  const invalid = "Invalid client credentials. Please verify the client ID and secret are correct.";
  if (error === "invalid_client") return { field: "secret", error: invalid };
  if (error === "unauthorized_client") return { field: "id", error: "Client is not authorized" };
  return { field: "secret", error: `Authentication failed: ${description}` };
}

async function getJson(url: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(url, { headers: HEADERS });
    return answer.ok ? ((await answer.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
