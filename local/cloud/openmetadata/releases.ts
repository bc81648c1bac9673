import type { Features } from "./features.ts";

/*
 * What each release does, as data: no other file of the stand-in knows a version number. Seen of real servers were
 * 0.13.2, 1.1.0, 1.2.0 and 1.12.6, and a renamed fork at 1.6 (weaker evidence). Where between two of them something
 * changed is a guess.
 */

const OLD_REFUSALS = {
  unreadable: "Invalid token",
  forged: "Invalid token",
  notTheBots: "Not Authorized! Invalid Token",
  unknownKey: "JWT Token keyID doesn't match the configured keyID.",
};
const NEW_REFUSALS = {
  unreadable: "Not Authorized! Invalid token.",
  forged:
    "Not Authorized! Invalid token. Token verification failed. Public key mismatch. due to com.auth0.jwt.exceptions.SignatureVerificationException: The Token's Signature resulted invalid when verified using the Algorithm: SHA256withRSA",
  notTheBots: "Not Authorized! The given token does not match the current bot's token!",
  unknownKey:
    "com.auth0.jwk.SigningKeyNotFoundException: JWT Token keyID doesn't match the configured keyID. This usually happens if you didn't configure proper publicKeyUrls under authentication configuration.",
};

const V0_13: Features = {
  errors: "responseMessage",
  discovery: "/v1",
  publicConfiguration: "all",
  autoRedirect: false,
  publicSaml: false,
  ssoForBots: "used",
  masking: "never",
  botUserShape: "object",
  botRoles: "from the body",
  bulkDeploy: false,
  deployAnswer: "pipeline",
  tokenAnswer: "clear",
  tokensForPeople: true,
  showsConnection: true,
  userNames: "as given",
  ownUser: "by name",
  tokenRefusals: OLD_REFUSALS,
  botTokenCacheSeconds: 120,
  callerCacheSeconds: 180,
  confidentialClients: false,
  health: false,
  security: "environment",
  securityMask: "stored",
  unusedSections: "accepted",
  unknownKey: 500,
  emailClaim: false,
  domains: false,
};

const V1_1: Features = {
  ...V0_13,
  discovery: "/v1/system",
  publicSaml: true,
  masking: "always",
  botUserShape: "name",
  botRoles: "kept",
};

const V1_2: Features = {
  ...V1_1,
  bulkDeploy: true,
  deployAnswer: "status",
  callerCacheSeconds: 0,
};

const V1_3: Features = {
  ...V1_2,
  publicSaml: false,
  ssoForBots: "stored",
  botRoles: "kept, none at first",
  userNames: "lower case",
  confidentialClients: true,
};

const V1_6: Features = {
  ...V1_3,
  errors: "responseMessage with type",
  tokenAnswer: "encrypted",
  tokenRefusals: { ...OLD_REFUSALS, notTheBots: NEW_REFUSALS.notTheBots },
};

const V1_9: Features = {
  ...V1_6,
  errors: "message",
  ssoForBots: "dropped",
  botRoles: "kept, with the default bot role",
  tokensForPeople: false,
  showsConnection: false,
  tokenRefusals: NEW_REFUSALS,
};

const V1_10: Features = {
  ...V1_9,
  health: true,
  security: "database",
  domains: true,
};

const V1_12: Features = {
  ...V1_10,
  publicConfiguration: "withheld",
  autoRedirect: true,
  ownUser: "by name and e-mail",
  callerCacheSeconds: 180,
  unusedSections: "refused",
};

const V2: Features = {
  ...V1_12,
  security: "config source",
  securityMask: "restored",
  unknownKey: 401,
  emailClaim: true,
};

/** The releases that the stand-in can be. A new one is a line here, and a key in `Features` where it differs. */
const RELEASES = {
  "0.13.2": V0_13,
  "0.13.3": V0_13,
  "1.1.0": V1_1,
  "1.2.0": V1_2,
  // A switch is documented for this release; the builds seen before it mask without one.
  "1.2.2": { ...V1_2, masking: "opt-in" },
  "1.2.5": V1_2,
  "1.3.4": V1_3,
  "1.5.13": V1_3,
  "1.6.0": V1_6,
  "1.9.17": V1_9,
  "1.10.14": V1_10,
  "1.12.6": V1_12,
  "1.13.1": V1_12,
  "2.0.0": V2,
} as const satisfies Record<string, Features>;

export type Release = keyof typeof RELEASES;

/** What a release does. */
export function featuresOf(release: Release): Features {
  return RELEASES[release];
}
