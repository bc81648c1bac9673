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
      why: ["Ends with the tenant: neither /v2.0 nor /oauth2/v2.0/authorize comes behind it."],
    },
    { ...NAMES.clientId, value: serverClientId },
    callback(configuration),
    { ...NAMES.principalClaims, value: claims, why: claimReasons(configuration) },
  ];
}

/** Until 1.5 the published compose files do not pass the client type, whose default is the implicit flow's. */
function clientType({ release, flow }: Configuration): Setting[] {
  if (flow === "auth-code") {
    const why = ["Goes with a redirect URI of the Web platform and a secret; mixed with SPA it fails."];
    return [{ ...NAMES.clientType, value: "confidential", why }];
  }
  if (!isAtLeast(release, [1, 5, 0])) return [];
  const why = ["Goes with a redirect URI of the SPA platform and no secret; mixed with Web it fails."];
  return [{ ...NAMES.clientType, value: "public", why }];
}

/** From 1.10 on no new client secret is taken while it is empty; an environment that sets it later comes too late. */
function providerName({ release, flow }: Configuration): Setting[] {
  if (flow === "implicit" || !isAtLeast(release, [1, 10, 0])) return [];
  const why = [
    "Whatever its name says, it counts for Entra too: without it the server refuses every change of its sign-in, a new client secret among them.",
  ];
  return [{ ...NAMES.providerName, value: "azure", why }];
}

function callback(configuration: Configuration): Setting {
  const { release, flow, callbackUrl: value } = configuration;
  if (flow === "implicit") return { ...NAMES.callbackUrl, value, why: callbackReasons(configuration) };
  if (!isAtLeast(release, [2, 0, 0])) return { ...NAMES.callbackUrl, value, why: [] };
  return { ...NAMES.callbackUrl, value: "", why: ["Blank on purpose: 2.x reads it for public clients only."] };
}

function keyReasons({ release, keyUrls: [, own] }: Configuration): string[] {
  const refused = isAtLeast(release, [1, 10, 0]) ? ", and with which Settings > SSO refuses every change" : "";
  const { pathname } = new URL(own);
  return [
    `The first: signing keys of this tenant. The published examples print .../common/discovery/keys instead, which names no tenant${refused}.`,
    `The second: the server's own keys; without them no bot can sign in. Where the server cannot reach itself by that address, use one that it can reach, such as http://localhost:8585${pathname.slice(pathname.indexOf("/api/v1"))}.`,
    "OpenMetadata ships with a key pair that everybody has: replace it before production.",
  ];
}

function claimReasons({ release, claims, claimsFrom, serverUrl }: Configuration): string[] {
  const reasons = [
    claimsFrom === "server"
      ? "In the order that the server has now: in another one people would be matched to other users."
      : `The server's own default, because it could not be asked. If people use it already, keep the order that GET ${serverUrl}${signInConfigurationPath(release)} shows: in another one they would be matched to other users.`,
  ];
  if (claims.includes("sub")) {
    reasons.push("sub is what names an application, such as ingestion; its tokens hold no address.");
  }
  if (isAtLeast(release, [2, 0, 0])) {
    reasons.push(
      "2.x deprecates this for emailClaim (AUTHENTICATION_EMAIL_CLAIM). Setting that on a server in use matches people anew.",
    );
  }
  return reasons;
}
