import { fromEnvironment } from "./environment.ts";
import { DEFAULT_PRINCIPAL_CLAIMS, type OpenMetadataOptions } from "./options.ts";
import { featuresOf } from "./releases.ts";
import { assemble, leaves, type SecurityConfiguration } from "./security-configuration.ts";

/** The address that a server believes in which nobody told its own. */
const DEFAULT_SERVER = "http://localhost:8585";

/**
 * What `openmetadata.yaml` and the environment of a start say together. Where the environment is silent it is a
 * faultless deployment for Azure of the kind that the options name: as if it had been right from the first start on.
 */
export function deployedConfiguration(
  options: OpenMetadataOptions,
  environment: Record<string, string>,
  origin = DEFAULT_SERVER,
): SecurityConfiguration {
  const faultless = leaves({ authenticationConfiguration: authentication(options, origin), ...authorizer(options) });
  const named = fromEnvironment(environment);
  const isOidc = (pointer: string): boolean => pointer.includes("/oidcConfiguration/");
  // The section is read only by a confidential client: a secret alone does not make one.
  const counting = [...named].filter(([pointer]) => options.flow === "auth-code" || !isOidc(pointer));
  return assemble(new Map([...faultless, ...counting]));
}

function authentication(options: OpenMetadataOptions, origin: string) {
  const authority = options.authority();
  const isConfidential = options.flow === "auth-code";
  return {
    provider: "azure",
    providerName: "",
    clientType: isConfidential ? "confidential" : "public",
    // Of either client type: nobody sets the variable.
    responseType: "id_token",
    publicKeyUrls: options.publicKeyUrls(),
    tokenValidationAlgorithm: "RS256",
    authority,
    clientId: options.clientId(),
    callbackUrl: `${origin}/callback`,
    jwtPrincipalClaims: options.jwtPrincipalClaims ?? DEFAULT_PRINCIPAL_CLAIMS,
    jwtPrincipalClaimsMapping: [],
    enableSelfSignup: true,
    forceSecureSessionCookie: false,
    ...(featuresOf(options.release).autoRedirect ? { enableAutoRedirect: false } : {}),
    oidcConfiguration: isConfidential ? oidc(options.clientId(), authority, origin) : undefined,
  };
}

function oidc(clientId: string, authority: string, origin: string) {
  return {
    type: "azure",
    id: clientId,
    secret: "",
    scope: "offline_access openid email profile",
    discoveryUri: `${authority}/v2.0/.well-known/openid-configuration`,
    useNonce: "true",
    preferredJwsAlgorithm: "RS256",
    responseType: "code",
    disablePkce: true,
    maxClockSkew: "",
    clientAuthenticationMethod: "client_secret_post",
    tokenValidity: 3600,
    tenant: authority.slice(authority.lastIndexOf("/") + 1),
    serverUrl: origin,
    callbackUrl: `${origin}/callback`,
    maxAge: "0",
    prompt: "consent",
    sessionExpiry: 604_800,
  };
}

function authorizer(options: OpenMetadataOptions) {
  return {
    authorizerConfiguration: {
      className: "org.openmetadata.service.security.DefaultAuthorizer",
      containerRequestFilter: "org.openmetadata.service.security.JwtFilter",
      adminPrincipals: [...new Set(options.adminPrincipals)],
      testPrincipals: [],
      allowedEmailRegistrationDomains: ["all"],
      principalDomain: options.principalDomain,
      allowedDomains: options.allowedDomains ?? [],
      enforcePrincipalDomain: options.enforcePrincipalDomain ?? false,
      enableSecureSocketConnection: false,
      useRolesFromProvider: false,
    },
  };
}
