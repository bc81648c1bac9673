import { z } from "zod";

const text = z.string().optional();
const texts = z.array(z.string()).optional();
const flag = z.boolean().optional();

/** `oidcClientConfig.json`: the server as a confidential client. */
const oidcConfiguration = z.strictObject({
  type: text,
  id: z.string(),
  secret: z.string(),
  scope: text,
  discoveryUri: z.string(),
  useNonce: text,
  preferredJwsAlgorithm: text,
  responseType: text,
  disablePkce: flag,
  maxClockSkew: text,
  clientAuthenticationMethod: z.enum(["client_secret_basic", "client_secret_post"]).optional(),
  tokenValidity: z.number().int().optional(),
  customParams: z.looseObject({}).optional(),
  tenant: z.string(),
  serverUrl: text,
  callbackUrl: text,
  maxAge: text,
  prompt: text,
  sessionExpiry: z.number().int().optional(),
});

/** `authenticationConfiguration.json`, as far as it concerns Azure; for LDAP and SAML see `unused-sections.ts`. */
const authenticationConfiguration = z.strictObject({
  provider: z.literal("azure"),
  providerName: z.string(),
  clientType: z.enum(["public", "confidential"]),
  responseType: z.enum(["id_token", "code"]).optional(),
  publicKeyUrls: texts,
  tokenValidationAlgorithm: text,
  authority: z.string(),
  clientId: z.string(),
  callbackUrl: z.string(),
  jwtPrincipalClaims: z.array(z.string()),
  jwtPrincipalClaimsMapping: texts,
  jwtTeamClaimMapping: text,
  enableSelfSignup: flag,
  forceSecureSessionCookie: flag,
  enableAutoRedirect: flag,
  ldapConfiguration: z.looseObject({}).optional(),
  samlConfiguration: z.looseObject({}).optional(),
  oidcConfiguration: oidcConfiguration.optional(),
});

/** `authorizerConfiguration.json` */
const authorizerConfiguration = z.strictObject({
  className: z.string(),
  containerRequestFilter: z.string(),
  adminPrincipals: z.array(z.string()),
  botPrincipals: texts,
  testPrincipals: texts,
  allowedEmailRegistrationDomains: texts,
  principalDomain: z.string(),
  allowedDomains: texts,
  enforcePrincipalDomain: z.boolean(),
  enableSecureSocketConnection: z.boolean(),
  useRolesFromProvider: flag,
  defaultOAuthRole: text,
});

/** `securityConfiguration.json` */
export const securityConfiguration = z.strictObject({ authenticationConfiguration, authorizerConfiguration });
export type SecurityConfiguration = z.infer<typeof securityConfiguration>;

/** JSON pointer of the server's own client secret. */
export const SECRET = "/authenticationConfiguration/oidcConfiguration/secret";

/** JSON pointer of the provider's name, which is empty unless the environment sets it, and has to be set all the same. */
export const PROVIDER_NAME = "/authenticationConfiguration/providerName";

/** Every setting by its JSON pointer; what has no value is left out. */
export function leaves(configuration: object): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (value: object, path: string, depth: number): void => {
    for (const [name, inner] of Object.entries(value)) {
      if (inner === undefined) continue;
      if (isSection(inner) && depth > 0) walk(inner, `${path}/${name}`, depth - 1);
      else found.set(`${path}/${name}`, inner);
    }
  };
  walk(configuration, "", 2);
  return found;
}

/** The configuration that has these settings. */
export function assemble(settings: ReadonlyMap<string, unknown>): SecurityConfiguration {
  const configuration: Record<string, unknown> = {};
  for (const [pointer, value] of settings) {
    const path = pointer.slice(1).split("/");
    const name = path.pop() ?? "";
    let section = configuration;
    for (const step of path) {
      section[step] ??= {};
      section = section[step] as Record<string, unknown>;
    }
    section[name] = value;
  }
  return configuration as SecurityConfiguration;
}

function isSection(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
