import type { Clock } from "../../clock.ts";
import type { Release } from "./releases.ts";

/** How a server of OpenMetadata is set up. The stand-in reads it at every request, so a test may change it at any time. */
export interface OpenMetadataOptions {
  clock: Clock;
  release: Release;
  principalDomain: string;
  /** Names of users that are administrators; made when the server starts (`restart` starts it again). */
  adminPrincipals: string[];
  /** Where the keys of tokens are fetched: the tenant's keys, and the server's own `/config/jwks` for its bots' tokens. */
  publicKeyUrls: () => string[];
  /** Shown by `/config/auth`: the client id of the registration that people sign in to, and the tenant's authority. */
  clientId: () => string;
  authority: () => string;
  /** Refuses tokens whose principal claim has not the principal domain: app-only tokens of Entra among them. */
  enforcePrincipalDomain?: boolean;
  /** The first of these that a token has names its user; default `email, preferred_username, sub`. */
  jwtPrincipalClaims?: string[];
  /** `MASK_PASSWORDS_API`, which counts in the releases where masking is opt-in. */
  maskPasswords?: boolean;
}

/** The order in which OpenMetadata looks for the claim that names the user, unless it is told otherwise. */
export const DEFAULT_PRINCIPAL_CLAIMS = ["email", "preferred_username", "sub"];
