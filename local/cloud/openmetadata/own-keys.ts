import { generateKeyPairSync, type KeyPairKeyObjectResult, randomUUID, sign } from "node:crypto";
import type { JWK } from "jose";
import { expiryOf, type TokenConfig, type TokenExpiry } from "./mechanism.ts";
import type { User } from "./state.ts";

/** The key pair with which the server signs the tokens of its bots. */
export interface OwnKeys {
  /** What `/config/jwks` answers with. */
  readonly jwks: { keys: JWK[] };
  /** Signs with another key id from now on: every token issued before is void. */
  useKeyId(keyId: string): void;
  /** Issues a token for the user of a bot. */
  issue(user: Pick<User, "name" | "email" | "roles">, expiry: TokenExpiry, now: Date): TokenConfig;
}

let made: KeyPairKeyObjectResult | undefined;

/**
 * Gives the server a key id of its own, so that no other server's tokens verify. The key itself serves all servers of
 * the process: making one takes as long as a hundred requests.
 */
export function createOwnKeys(keyId: string = randomUUID()): OwnKeys {
  made ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { publicKey, privateKey } = made;
  let kid = keyId;
  return {
    get jwks() {
      return { keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" }] };
    },
    useKeyId(wanted) {
      kid = wanted;
    },
    issue(user, expiry, now) {
      const expiresOn = expiryOf(expiry, now);
      const claims = {
        iss: "open-metadata.org",
        sub: user.name,
        roles: user.roles,
        email: user.email,
        isBot: true,
        tokenType: "BOT",
        // Two tokens issued in the same second would otherwise be the same token.
        jti: randomUUID(),
        iat: seconds(now),
        exp: expiresOn ? seconds(expiresOn) : null,
      };
      const content = `${base64({ kid, typ: "JWT", alg: "RS256" })}.${base64(claims)}`;
      const signature = sign("RSA-SHA256", Buffer.from(content), privateKey).toString("base64url");
      return {
        JWTToken: `${content}.${signature}`,
        JWTTokenExpiry: expiry,
        ...(expiresOn && { JWTTokenExpiresAt: expiresOn.getTime() }),
      };
    },
  };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
