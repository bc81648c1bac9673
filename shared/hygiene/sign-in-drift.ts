import { callbackUrl, isRedirectUri, otherCallbackUrl } from "../deployment/addresses.ts";
import { isSameAddress, secretStaysOut } from "../deployment/clouds.ts";
import { isAtLeast, type Release } from "../deployment/release.ts";
import { type Finding, setTo } from "./finding.ts";
import { keysDrift } from "./keys-drift.ts";
import type { SignInSettings } from "./ports.ts";

/** What was provisioned. */
export interface Provisioned {
  /** Where people reach OpenMetadata, without a trailing slash. */
  serverUrl: string;
  authority: string;
  flow: "implicit" | "auth-code";
  /** Undefined while there is no server registration. */
  clientId: string | undefined;
  /** Redirect URIs of the platform that the flow uses. */
  redirectUris: readonly string[];
  /** Undefined where the server's version tells none. */
  release: Release | undefined;
}

/**
 * Where the server signs people in otherwise than was provisioned.
 *
 *   provider       azure, or nothing else is judged
 *   client type    public for the implicit flow, confidential for the authorization code flow
 *   client id      the server registration's
 *   authority      the tenant's, without anything behind it
 *   callback       <server>/callback; see `callbackDrift`
 *   cloud          one whose sign-in host the server's validator knows, where it takes secrets from that
 *   keys           the tenant's and the server's own, where they are told; see `keysDrift`
 *
 * Source of the values: OpenMetadata's "Azure SSO" guides and the configuration files of its releases. Pure.
 */
export function signInDrift(found: SignInSettings, provisioned: Provisioned): Finding[] {
  const { release } = provisioned;
  if (found.provider !== "azure") {
    return [
      {
        kind: "provider",
        severity: "critical",
        what: `People sign in with "${found.provider}", not with Entra`,
        do: setTo("AUTHENTICATION_PROVIDER", "azure", release),
      },
    ];
  }
  return [
    ...clientTypeDrift(found, provisioned),
    ...clientIdDrift(found, provisioned),
    ...authorityDrift(found, provisioned),
    ...callbackDrift(found, provisioned),
    ...(found.publicKeyUrls ? keysDrift(found.publicKeyUrls, provisioned) : []),
    ...cloudFindings(provisioned),
  ];
}

function clientTypeDrift({ clientType }: SignInSettings, { flow, release }: Provisioned): Finding[] {
  const wanted = flow === "implicit" ? "public" : "confidential";
  // Releases that know the implicit flow only do not name a type.
  if ((clientType ?? "public") === wanted) return [];
  const platform = flow === "implicit" ? "SPA, without a secret" : "Web, with a secret";
  return [
    {
      kind: "client-type",
      severity: "critical",
      what: `The server's client type is "${clientType ?? "public"}", but the registration was provisioned for the ${flow} flow (${platform}), so sign-in fails`,
      do: `${setTo("AUTHENTICATION_CLIENT_TYPE", wanted, release)}; or set SIGN_IN_FLOW to the flow you want and call POST /api/provision`,
    },
  ];
}

function clientIdDrift(found: SignInSettings, { clientId, release }: Provisioned): Finding[] {
  if (clientId === undefined || same(found.clientId, clientId)) return [];
  return [
    {
      kind: "client-id",
      severity: "warning",
      what: `People sign in through client ID "${found.clientId}", not through the server registration ${clientId}`,
      do: `${setTo("AUTHENTICATION_CLIENT_ID", clientId, release)}; or adopt the other registration: set SERVER_CLIENT_ID to its client ID`,
    },
  ];
}

function authorityDrift(found: SignInSettings, { authority, release }: Provisioned): Finding[] {
  if (isSameAddress(found.authority, authority)) return [];
  return [
    {
      kind: "authority",
      severity: "warning",
      what: `The server's authority is "${found.authority}", not ${authority}`,
      do: setTo("AUTHENTICATION_AUTHORITY", authority, release),
    },
  ];
}

/**
 * From 1.10 to 1.13 the server may use <server>/auth/callback in the authorization code flow (#26311), which is as good
 * if Entra knows it; in 2.x it reads the setting for public clients only, and blank is right for others.
 */
function callbackDrift(found: SignInSettings, { serverUrl, flow, redirectUris, release }: Provisioned): Finding[] {
  const wanted = callbackUrl(serverUrl);
  const url = found.callbackUrl.replace(/\/+$/, "");
  const confidential = flow === "auth-code";
  if (confidential && url === "" && (!release || isAtLeast(release, [2, 0, 0]))) return [];
  if (!isRedirectUri(wanted)) return redirectUris.includes(url) ? [] : [withoutHttps(url, release)];
  if (url === wanted) return [];
  if (confidential && url === otherCallbackUrl(serverUrl) && redirectUris.includes(url)) return [];
  return [
    {
      kind: "callback-url",
      severity: "warning",
      what: `The server's callback URL is "${found.callbackUrl}", not ${wanted}`,
      do: `${setTo("AUTHENTICATION_CALLBACK_URL", wanted, release)}; or correct OPENMETADATA_URL, or add the other URL to EXTRA_REDIRECT_URIS, and call POST /api/provision`,
    },
  ];
}

/** People then open OpenMetadata at another address than this app. */
function withoutHttps(url: string, release: Release | undefined): Finding {
  const own = "the https:// address at which people open OpenMetadata, with /callback";
  return {
    kind: "callback-url",
    severity: "warning",
    what: `The server's callback URL is "${url}", which is no redirect URI of the server registration; Entra accepts those with https only`,
    do: `${setTo("AUTHENTICATION_CALLBACK_URL", own, release)}; add it to EXTRA_REDIRECT_URIS, and call POST /api/provision`,
  };
}

function cloudFindings(provisioned: Provisioned): Finding[] {
  const stays = secretStaysOut(provisioned);
  return stays ? [{ kind: "sovereign-cloud", severity: "warning", ...stays }] : [];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
