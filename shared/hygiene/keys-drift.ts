import { isOwnKeysUrl, ownKeysPath, tenantKeysUrl } from "../deployment/addresses.ts";
import { isOfAuthority, isSameAddress } from "../deployment/clouds.ts";
import { isAtLeast, type Release } from "../deployment/release.ts";
import { type Finding, setTo } from "./finding.ts";

/** The key id of the key pair that every OpenMetadata is shipped with: its private half is public. */
const QUICKSTART_KEY_ID = "Gb389a-9f76-gdjs-a92j-0242bk94356";

interface Expected {
  serverUrl: string;
  authority: string;
  release: Release | undefined;
}

/**
 * Whose tokens the server believes. It looks at keys only, at neither issuer nor audience, so each URL in the list lets
 * in whoever signs with a key of it. Pure.
 */
export function keysDrift(urls: readonly string[], { serverUrl, authority, release }: Expected): Finding[] {
  const tenant = tenantKeysUrl(authority);
  const change = setTo("AUTHENTICATION_PUBLIC_KEYS", `[${tenant},${serverUrl}${ownKeysPath(release)}]`, release);
  const entra = urls.filter((url) => isOfAuthority(url, authority));
  const foreign = urls.filter((url) => !entra.includes(url) && !isOwnKeysUrl(url));
  const found: Finding[] = [];
  if (entra.length === 0) {
    const what = "The server has no signing keys from Entra: neither people nor this app can sign in with Entra";
    found.push({ kind: "tenant-keys", severity: "critical", what, do: change });
  } else if (!urls.some((url) => isSameAddress(url, tenant))) {
    const refused =
      release && isAtLeast(release, [1, 10, 0]) ? ", and Settings > SSO rejects every change while it is set" : "";
    const what = `The server gets Entra's signing keys from ${entra.join(", ")}, not from ${tenant}: the URL names no tenant or a different one${refused}`;
    found.push({ kind: "tenant-keys", severity: "warning", what, do: change });
  }
  if (!urls.some(isOwnKeysUrl)) {
    const what =
      "The server does not trust its own signing keys: no bot can sign in with a token issued by OpenMetadata";
    found.push({ kind: "own-keys", severity: "critical", what, do: change });
  }
  if (foreign.length > 0) {
    const what = `The server accepts any token signed with keys from ${foreign.join(", ")}`;
    found.push({ kind: "foreign-keys", severity: "warning", what, do: `Unless this is intended: ${change}` });
  }
  return found;
}

/** Whether the server signs with the key that everybody has. Pure. */
export function ownKeyFindings(keyIds: readonly string[]): Finding[] {
  if (!keyIds.includes(QUICKSTART_KEY_ID)) return [];
  return [
    {
      kind: "quickstart-key",
      severity: "critical",
      what: `The server signs with the key pair that ships with OpenMetadata (key id ${QUICKSTART_KEY_ID}): anyone who downloads OpenMetadata can forge a token for any bot or administrator`,
      do: "Create your own key pair (openssl genrsa 2048; private key as PKCS #8 DER, public key as SPKI DER), set RSA_PRIVATE_KEY_FILE_PATH, RSA_PUBLIC_KEY_FILE_PATH and a new JWT_KEY_ID, and restart the server. This invalidates all bot tokens: generate new ones and redeploy the pipelines",
    },
  ];
}
