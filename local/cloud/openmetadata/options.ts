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
  /** Domains besides the principal one that pass where it is enforced (`AUTHORIZER_ALLOWED_DOMAINS`). */
  allowedDomains?: string[];
  /** `AUTHENTICATION_EMAIL_CLAIM`, which counts in the releases that have it; a token without the claim is read as before. */
  emailClaim?: string;
  /** Whether the server is a public client (the default) or a confidential one, which has a client secret of its own. */
  flow?: "implicit" | "auth-code";
  /** What the validator of the security configuration takes for Entra; default `https://login.microsoftonline.com`. */
  authorityHost?: () => string;
  /** What the process finds in its environment when it starts; the names are those of `environment.ts`. */
  environment?: Record<string, string>;
  /** Secrets are kept in a manager outside of the database, which takes no empty one: `null` is shown instead. */
  externalSecrets?: boolean;
  /** The mask that is put into the security configuration means what is stored; default as the release does it. */
  securityMask?: "stored" | "restored";
  /**
   * The first builds with a security configuration mask the very object that the server works with when a person reads
   * it: from then on, until the next start or change, the mask is the secret. No published release is known to do it.
   */
  readingSpoilsSecret?: boolean;
  /** `JWT_KEY_ID`; default one that nobody else has. Counts at the next `restart`. */
  jwtKeyId?: string;
  /** The pipeline service is switched off: deployments are answered with 200, and nothing is deployed. */
  runnerDisabled?: boolean;
  /** What the server takes to deploy one pipeline, by the clock; one after the other (open-metadata/OpenMetadata #32004). */
  deployMilliseconds?: number;
  /** A deployment of one pipeline that fails is answered with 200 all the same, and a body that says 500. */
  failureInBody?: boolean;
  /** `MASK_PASSWORDS_API`, which counts in the releases where masking is opt-in. */
  maskPasswords?: boolean;
}

/** `JWT_KEY_ID` of a server whose keys were never replaced: the private key is published with the product. */
export const QUICKSTART_KEY_ID = "Gb389a-9f76-gdjs-a92j-0242bk94356";

/** The order in which OpenMetadata looks for the claim that names the user, unless it is told otherwise. */
export const DEFAULT_PRINCIPAL_CLAIMS = ["email", "preferred_username", "sub"];
