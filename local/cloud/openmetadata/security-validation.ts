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
 * The validator of Azure settings of 1.10 and later, on which every PATCH depends: it looks at one thing after the other
 * and tells the first fault, so an old mistake blocks a new secret. `host` is the address that it takes for Entra. That
 * of a confidential client the authority is looked at too is unverified.
 */
export async function validateAzure({ authenticationConfiguration: settings }: SecurityConfiguration, host: string) {
  const at = (name: string, error: string): FieldError => ({ field: `authenticationConfiguration.${name}`, error });
  const authority = new RegExp(`^${host.replaceAll(".", "\\.")}/([^/]+)$`).exec(settings.authority)?.[1] ?? "";
  if (!TENANT.test(authority)) return at("authority", `Invalid Azure authority. Expected: ${host}/{tenant-id}`);

  const oidc = settings.clientType === "confidential" ? settings.oidcConfiguration : undefined;
  if (settings.clientType === "confidential") {
    if (!oidc) return at("oidcConfiguration", "OIDC configuration is required for confidential clients");
    const wrong = await faultOfClient(oidc, host);
    if (wrong) return at(`oidcConfiguration.${wrong.field}`, wrong.error);
  }
  const tenant = oidc?.tenant ?? authority;
  const wrongKeys = await faultOfKeys(settings.publicKeyUrls ?? [], `${host}/${tenant}/discovery/v2.0/keys`);
  if (wrongKeys) return at("publicKeyUrls", wrongKeys);
  const refused = oidc && (await faultOfCredentials(oidc, `${host}/${tenant}/oauth2/v2.0/token`));
  return refused && at(`oidcConfiguration.${refused.field}`, refused.error);
}

async function faultOfClient(oidc: Oidc, host: string): Promise<FieldError | undefined> {
  const { tenant, discoveryUri, scope = "" } = oidc;
  if (!TENANT.test(tenant)) return { field: "tenant", error: "Invalid tenant ID format. Must be a valid GUID" };
  const expected = ["", "/v2.0"].map((version) => `${host}/${tenant}${version}/.well-known/openid-configuration`);
  if (!expected.includes(discoveryUri)) {
    return { field: "discoveryUri", error: `Invalid Azure discovery URI. Expected: ${expected.join(" or ")}` };
  }
  const document = await getJson(discoveryUri);
  if (!document?.issuer || !document.token_endpoint) {
    return { field: "discoveryUri", error: "Failed to access Azure discovery endpoint" };
  }
  if (!scope.split(/\s+/).includes("offline_access")) {
    return { field: "scope", error: "Azure confidential clients need the scope offline_access" };
  }
  return undefined;
}

async function faultOfKeys(urls: string[], expected: string): Promise<string | undefined> {
  // None at all passes: those of a confidential client are filled in by the server.
  if (urls.length > 0 && !urls.includes(expected)) {
    return `At least one public key URL must be the Azure JWKS endpoint: ${expected}`;
  }
  for (const url of urls) {
    const keys = (await getJson(url))?.keys;
    if (!Array.isArray(keys) || keys.length === 0) return `Public key URL does not answer with keys: ${url}`;
  }
  return undefined;
}

/** A real sign-in. The form is put together as it is, so that a secret with `&`, `+` or `%` in it is not what arrives. */
async function faultOfCredentials({ id, secret }: Oidc, tokenUrl: string): Promise<FieldError | undefined> {
  if (secret === "") return { field: "secret", error: "Client secret is required for confidential Azure AD clients" };
  const body = `client_id=${id}&client_secret=${secret}&scope=${GRAPH_SCOPE}&grant_type=client_credentials`;
  const headers = { ...HEADERS, "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(tokenUrl, { method: "POST", headers, body });
  const { error, error_description: description } = (await answer.json()) as Record<string, string>;
  if (answer.ok) return undefined;
  if (error === "invalid_client") return { field: "secret", error: "Invalid client credentials" };
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
