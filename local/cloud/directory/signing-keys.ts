import { exportJWK, generateKeyPair, type JWK, type JWTPayload, jwtVerify, SignJWT } from "jose";

/** The keys with which tokens are signed: RSA with 2048 bits, RS256. */
export interface SigningKeys {
  /** The public key as `{tenant}/discovery/v2.0/keys` publishes it. */
  published(): Promise<JWK[]>;
  sign(claims: JWTPayload): Promise<string>;
  /** Signs with a key that is not published, though it bears the same key id: a forgery. */
  forge(claims: JWTPayload): Promise<string>;
  /** The claims of a token that these keys signed and that is valid at that time; anything else rejects. */
  verify(token: string, now: Date): Promise<JWTPayload>;
}

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const KEY_ID = "local-cloud-signing-key";

/**
 * Entra signs for all tenants with the same keys, so one pair serves every directory of the process; it is made at
 * first use, because making one takes as long as a hundred requests.
 */
export const signingKeys: SigningKeys = {
  async published() {
    const { publicKey } = await genuine();
    const { kty, n, e } = await exportJWK(publicKey);
    return [{ kty, use: "sig", kid: KEY_ID, n, e } as JWK];
  },
  sign: async (claims) => signWith(await genuine(), claims),
  forge: async (claims) => signWith(await foreign(), claims),
  async verify(token, now) {
    const { publicKey } = await genuine();
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ["RS256"], currentDate: now });
    return payload;
  },
};

const genuine = madeOnce();
const foreign = madeOnce();

function madeOnce(): () => Promise<KeyPair> {
  let pair: Promise<KeyPair> | undefined;
  return () => {
    pair ??= generateKeyPair("RS256", { extractable: true });
    return pair;
  };
}

function signWith({ privateKey }: KeyPair, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "RS256", kid: KEY_ID }).sign(privateKey);
}
