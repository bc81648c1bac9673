/**
 * Names in the environment of the server, as `conf/openmetadata.yaml` reads them, and where in the security
 * configuration each goes. A list is written as in yaml: `[one, two]`.
 */
const PLACES = {
  CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "/authenticationConfiguration/providerName",
  AUTHENTICATION_PUBLIC_KEYS: "/authenticationConfiguration/publicKeyUrls",
  AUTHENTICATION_AUTHORITY: "/authenticationConfiguration/authority",
  AUTHENTICATION_CLIENT_ID: "/authenticationConfiguration/clientId",
  AUTHENTICATION_CALLBACK_URL: "/authenticationConfiguration/callbackUrl",
  AUTHENTICATION_CLIENT_TYPE: "/authenticationConfiguration/clientType",
  AUTHENTICATION_RESPONSE_TYPE: "/authenticationConfiguration/responseType",
  OIDC_CLIENT_ID: "/authenticationConfiguration/oidcConfiguration/id",
  OIDC_CLIENT_SECRET: "/authenticationConfiguration/oidcConfiguration/secret",
  OIDC_SCOPE: "/authenticationConfiguration/oidcConfiguration/scope",
  OIDC_DISCOVERY_URI: "/authenticationConfiguration/oidcConfiguration/discoveryUri",
  OIDC_TENANT: "/authenticationConfiguration/oidcConfiguration/tenant",
  OIDC_CALLBACK: "/authenticationConfiguration/oidcConfiguration/callbackUrl",
  OIDC_SERVER_URL: "/authenticationConfiguration/oidcConfiguration/serverUrl",
  AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN: "/authorizerConfiguration/enforcePrincipalDomain",
} as const;

/** Who decides between environment and database, in the releases that ask (`configSourceConfiguration.json`). */
export type ConfigSource = "AUTO" | "ENV" | "DB";

/** Throws for a name that the stand-in does not read, or a source that there is not: a test that sets it tests nothing. */
export function requireKnown(environment: Record<string, string>): void {
  for (const name of Object.keys(environment)) {
    if (!isKnown(name)) throw new Error(`Cannot set ${name}: the stand-in of OpenMetadata does not read it`);
  }
  configSource(environment);
}

/** Of an environment what the stand-in reads. */
export function readable(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isKnown(name)));
}

function isKnown(name: string): boolean {
  return name in PLACES || name === "SECURITY_CONFIG_SOURCE";
}

/** What the environment says about the security configuration, by JSON pointer. */
export function fromEnvironment(environment: Record<string, string>): Map<string, unknown> {
  const named = Object.entries(PLACES).filter(([name]) => environment[name] !== undefined);
  return new Map(named.map(([name, place]) => [place, readValue(environment[name] ?? "")]));
}

/** `SECURITY_CONFIG_SOURCE`; `AUTO` where it is not set. */
export function configSource({ SECURITY_CONFIG_SOURCE: source = "AUTO" }: Record<string, string>): ConfigSource {
  if (source === "AUTO" || source === "ENV" || source === "DB") return source;
  throw new Error(`Cannot start: SECURITY_CONFIG_SOURCE is "${source}", not AUTO, ENV or DB`);
}

function readValue(text: string): string | string[] | boolean {
  if (text === "true" || text === "false") return text === "true";
  const list = /^\[(.*)\]$/s.exec(text)?.[1];
  return list === undefined ? text : list.split(",").map((item) => item.trim());
}
