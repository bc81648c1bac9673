import { isRedirectUri, otherCallbackUrl } from "../deployment/addresses.ts";
import { isAtLeast } from "../deployment/release.ts";
import type { Configuration } from "./desired.ts";

/** What to know about the redirect URI: which one a release uses, and whether Entra has it. Pure. */
export function callbackReasons({ release, flow, serverUrl, callbackUrl, registered }: Configuration): string[] {
  if (!isRedirectUri(callbackUrl)) {
    return [
      "Entra accepts redirect URIs with https only: put the https:// address here at which people open OpenMetadata, with /callback, and add it to EXTRA_REDIRECT_URIS.",
    ];
  }
  const reasons: string[] = [];
  const platform = flow === "implicit" ? "SPA" : "Web";
  if (!registered.includes(callbackUrl)) {
    reasons.push(`Entra does not have it as a ${platform} redirect URI yet: call POST /api/provision.`);
  }
  if (flow === "implicit") return ["Entra needs no additional /silent-callback.", ...reasons];

  // Releases from 1.10 on were seen sending the other one (open-metadata/OpenMetadata #26311); 2.x made it a page.
  const other = otherCallbackUrl(serverUrl);
  const known = registered.includes(other);
  if (isAtLeast(release, [2, 0, 0])) {
    const taken = known ? " It is registered: remove it from EXTRA_REDIRECT_URIS and from the registration." : "";
    reasons.push(`Do not register ${other}: in 2.x it is a page of the UI.${taken}`);
  } else if (isAtLeast(release, [1, 10, 0])) {
    reasons.push(
      `From 1.10 to 1.13 the server may send ${other} instead (open-metadata/OpenMetadata #26311). ${known ? "It is registered too." : "Add it to EXTRA_REDIRECT_URIS and call POST /api/provision."}`,
    );
  }
  return reasons;
}
