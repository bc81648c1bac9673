import { isAtLeast, type Release } from "./release.ts";

/** The sign-in host of the public cloud. */
export const PUBLIC_HOST = "login.microsoftonline.com";

/**
 * Names of one and the same sign-in service: what it says of itself (issuers, addresses of keys) may bear another one than
 * that by which it is asked. As in Entra's own instance discovery, which MSAL carries as static metadata.
 */
const SISTERS = [
  [PUBLIC_HOST, "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  ["login.microsoftonline.us", "login.usgovcloudapi.net"],
];

/** Is this an address of the sign-in service that the authority belongs to, by whichever name? */
export function isOfAuthority(url: string, authority: string): boolean {
  return nameOf(url) === nameOf(authority);
}

/** The same address, letter case, a slash at the end and sister hosts aside? */
export function isSameAddress(one: string, other: string): boolean {
  const plain = (url: string): string => URL.parse(url)?.pathname.replace(/\/+$/, "").toLowerCase() ?? url;
  return isOfAuthority(one, other) && plain(one) === plain(other);
}

/** Why the server's client secret can never be handed to it over REST, and what to do; undefined where it can. */
export function secretStaysOut({
  authority,
  flow,
  release,
}: {
  authority: string;
  flow: "implicit" | "auth-code";
  release: Release | undefined;
}): { what: string; do: string } | undefined {
  if (flow === "implicit" || !isSovereign(authority) || (release && !isAtLeast(release, [1, 10, 0]))) return undefined;
  return {
    what: `OpenMetadata 1.10 and later accept no sign-in host but ${PUBLIC_HOST}: with ${new URL(authority).hostname}, they reject every change of the sign-in settings, so this app cannot push a new client secret`,
    do: "Set SIGN_IN_FLOW to implicit, which needs no client secret, and call POST /api/provision; otherwise replace the server's client secret by hand before it expires",
  };
}

/** A name that stands for this machine (RFC 6761) is that of a stand-in, which plays the public cloud. */
function isSovereign(authority: string): boolean {
  const { hostname } = new URL(authority);
  return hostname !== PUBLIC_HOST && !/(^|\.)localhost$/.test(hostname);
}

function nameOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return undefined;
  return SISTERS.find((hosts) => hosts.includes(parsed.hostname))?.[0] ?? parsed.origin;
}
