/** For how long a token of a bot is good, in OpenMetadata's words; the numbers are days. */
export const TOKEN_EXPIRIES = ["OneHour", "1", "7", "30", "60", "90", "Unlimited"] as const;
export type TokenExpiry = (typeof TOKEN_EXPIRIES)[number];

/** A token that OpenMetadata issued to a bot; `JWTToken` is empty once revoked. `JWTTokenExpiresAt` in epoch milliseconds. */
export interface TokenConfig {
  JWTToken: string;
  JWTTokenExpiry: TokenExpiry;
  JWTTokenExpiresAt?: number;
}

/** The client credentials with which ingestion signs in to Entra. The server accepts them with keys missing. */
export interface AzureConfig {
  clientSecret?: string | undefined;
  authority?: string | undefined;
  clientId?: string | undefined;
  scopes?: string[] | undefined;
}

/** How a bot's user signs in, in the form in which OpenMetadata stores and answers it. */
export type Mechanism =
  | { authType: "JWT"; config: TokenConfig }
  | { authType: "SSO"; config: { ssoServiceType?: "azure" | undefined; authConfig?: AzureConfig | undefined } };

/** The token that a mechanism holds, if it holds one that is not revoked. */
export function tokenOf(mechanism: Mechanism | undefined): string | undefined {
  return mechanism?.authType === "JWT" && mechanism.config.JWTToken !== "" ? mechanism.config.JWTToken : undefined;
}

const HOUR = 60 * 60 * 1000;

/** When a token issued at `now` ends; `undefined` if never. */
export function expiryOf(expiry: TokenExpiry, now: Date): Date | undefined {
  if (expiry === "Unlimited") return undefined;
  return new Date(now.getTime() + (expiry === "OneHour" ? HOUR : Number(expiry) * 24 * HOUR));
}
