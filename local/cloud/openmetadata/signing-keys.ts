import { type CryptoKey, importJWK, type JWK } from "jose";
import type { OpenMetadataOptions } from "./options.ts";

/** The server says who it is, so that a fault on the wire can tell it from the app. */
const HEADERS = { "user-agent": "openmetadata-server" };
const KEPT_FOR = 24 * 60 * 60 * 1000;

/** The public keys with which tokens may be signed, fetched from where the configuration says. */
export interface SigningKeys {
  /** The key of that id, or `undefined` if no URL has it; only a key that was found is remembered, for a day. */
  find(kid: string): Promise<CryptoKey | undefined>;
  forget(): void;
}

/**
 * Looks for keys at every one of `publicKeyUrls`, whoever publishes them: which URL a key came from is not recorded,
 * and therefore neither the issuer nor the tenant of a token is known. A URL that fails counts as one without keys.
 */
export function createSigningKeys(options: Pick<OpenMetadataOptions, "clock" | "publicKeyUrls">): SigningKeys {
  const known = new Map<string, { key: CryptoKey; until: number }>();
  return {
    async find(kid) {
      const now = options.clock.now().getTime();
      const cached = known.get(kid);
      if (cached && cached.until > now) return cached.key;
      for (const url of options.publicKeyUrls()) {
        const jwk = (await fetchKeys(url)).find((candidate) => candidate.kid === kid && candidate.kty === "RSA");
        if (!jwk) continue;
        const key = (await importJWK(jwk, "RS256")) as CryptoKey;
        known.set(kid, { key, until: now + KEPT_FOR });
        return key;
      }
      return undefined;
    },
    forget: () => known.clear(),
  };
}

async function fetchKeys(url: string): Promise<JWK[]> {
  try {
    const answer = await fetch(url, { headers: HEADERS });
    const { keys } = (await answer.json()) as { keys?: JWK[] };
    return answer.ok && Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}
