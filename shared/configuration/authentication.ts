import { signInConfigurationPath } from "../deployment/addresses.ts";
import { isAtLeast } from "../deployment/release.ts";
import { callbackReasons } from "./callback.ts";
import type { Configuration } from "./desired.ts";
import type { Setting, SettingNames } from "./setting.ts";

const NAMES = {
  clientType: {
    env: "AUTHENTICATION_CLIENT_TYPE",
    yaml: "authenticationConfiguration.clientType",
    helm: "authentication.clientType",
  },
  provider: {
    env: "AUTHENTICATION_PROVIDER",
    yaml: "authenticationConfiguration.provider",
    helm: "authentication.provider",
  },
  // The chart has no value for it.
  providerName: {
    env: "CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME",
    yaml: "authenticationConfiguration.providerName",
  },
  publicKeys: {
    env: "AUTHENTICATION_PUBLIC_KEYS",
    yaml: "authenticationConfiguration.publicKeyUrls",
    helm: "authentication.publicKeys",
  },
  authority: {
    env: "AUTHENTICATION_AUTHORITY",
    yaml: "authenticationConfiguration.authority",
    helm: "authentication.authority",
  },
  clientId: {
    env: "AUTHENTICATION_CLIENT_ID",
    yaml: "authenticationConfiguration.clientId",
    helm: "authentication.clientId",
  },
  callbackUrl: {
    env: "AUTHENTICATION_CALLBACK_URL",
    yaml: "authenticationConfiguration.callbackUrl",
    helm: "authentication.callbackUrl",
  },
  principalClaims: {
    env: "AUTHENTICATION_JWT_PRINCIPAL_CLAIMS",
    yaml: "authenticationConfiguration.jwtPrincipalClaims",
    helm: "authentication.jwtPrincipalClaims",
  },
} as const satisfies Record<string, SettingNames>;

/** How people and bots prove who they are. Pure. */
export function authenticationSettings(configuration: Configuration): Setting[] {
  const { keyUrls, authority, serverClientId, claims } = configuration;
  return [
    ...clientType(configuration),
    { ...NAMES.provider, value: "azure" },
    ...providerName(configuration),
    { ...NAMES.publicKeys, value: keyUrls, why: keyReasons(configuration) },
    {
      ...NAMES.authority,
      value: authority,
      why: ["Must end with the tenant: do not append /v2.0 or /oauth2/v2.0/authorize."],
    },
    { ...NAMES.clientId, value: serverClientId },
    callback(configuration),
    { ...NAMES.principalClaims, value: claims, why: claimReasons(configuration) },
  ];
}

/** Until 1.5 the published compose files do not pass the client type, whose default is the implicit flow's. */
function clientType({ release, flow }: Configuration): Setting[] {
  if (flow === "auth-code") {
    const why = ["Needs a redirect URI on the Web platform and a secret; sign-in fails with one on the SPA platform."];
    return [{ ...NAMES.clientType, value: "confidential", why }];
  }
  if (!isAtLeast(release, [1, 5, 0])) return [];
  const why = ["Needs a redirect URI on the SPA platform and no secret; sign-in fails with one on the Web platform."];
  return [{ ...NAMES.clientType, value: "public", why }];
}

/** From 1.10 on no new client secret is taken while it is empty; an environment that sets it later comes too late. */
function providerName({ release, flow }: Configuration): Setting[] {
  if (flow === "implicit" || !isAtLeast(release, [1, 10, 0])) return [];
  const why = [
    "Required for Entra too, despite its name: without it the server rejects every change to its sign-in configuration, including a new client secret.",
  ];
  return [{ ...NAMES.providerName, value: "azure", why }];
}

function callback(configuration: Configuration): Setting {
  const { release, flow, callbackUrl: value } = configuration;
  if (flow === "implicit") return { ...NAMES.callbackUrl, value, why: callbackReasons(configuration) };
  if (!isAtLeast(release, [2, 0, 0])) return { ...NAMES.callbackUrl, value, why: [] };
  return { ...NAMES.callbackUrl, value: "", why: ["Blank on purpose: 2.x uses it for public clients only."] };
}

function keyReasons({ release, keyUrls: [, own] }: Configuration): string[] {
  const refused = isAtLeast(release, [1, 10, 0]) ? " and makes Settings > SSO reject every change" : "";
  const { pathname } = new URL(own);
  return [
    `First URL: the tenant's signing keys. The published examples show .../common/discovery/keys, which names no tenant${refused}.`,
    `Second URL: the server's own signing keys; without them no bot can sign in. If the server cannot reach itself at this address, use one it can reach, such as http://localhost:8585${pathname.slice(pathname.indexOf("/api/v1"))}.`,
    "OpenMetadata ships with a public key pair that everybody can download: replace it before production.",
  ];
}

function claimReasons({ release, claims, claimsFrom, serverUrl }: Configuration): string[] {
  const reasons = [
    claimsFrom === "server"
      ? "In the same order as on the server: a different order would match people to other users."
      : `The default of this release, because the server did not answer. If people already use the server, keep the order that GET ${serverUrl}${signInConfigurationPath(release)} shows: a different order would match them to other users.`,
  ];
  if (claims.includes("sub")) {
    reasons.push("sub identifies applications such as ingestion, whose tokens have no email address.");
  }
  if (isAtLeast(release, [2, 0, 0])) {
    reasons.push(
      "2.x replaces this with emailClaim (AUTHENTICATION_EMAIL_CLAIM). On a server in use, switching may match people to other users.",
    );
  }
  return reasons;
}
