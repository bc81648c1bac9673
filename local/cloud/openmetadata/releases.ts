/** What differs between releases of OpenMetadata, as data: no other file of the stand-in knows a version number. */
export interface Features {
  /** Up to 0.13 discovery lives under `/v1/version` and `/v1/config`, later under `/v1/system`. */
  discovery: "/v1" | "/v1/system";
  /**
   * Whether `PUT /v1/users` stores an SSO mechanism for a bot (deprecated by OpenMetadata issue #9353, still done
   * in 1.2), or drops it in silence when the bot holds a token (client side removed by pull request #14358).
   */
  ssoForBots: "kept" | "dropped";
  /** Whether `clientSecret` is masked for people: not at all, where `maskPasswords` is set, or always (from 1.2.3). */
  masking: "never" | "opt-in" | "always";
  /** How `PUT /v1/bots` names the bot's user: by reference `{id, type}` or by name. */
  botUserShape: "object" | "name";
  /** What becomes of the roles of a bot's user that is put again. */
  botRoles: "kept" | "from the body" | "kept, with the default bot role";
  /** `POST .../bulk/deploy` (OpenMetadata pull request #12365). */
  bulkDeploy: boolean;
  /** What a deployment of one pipeline answers with: the pipeline, or `{code, reason, platform}`. */
  deployAnswer: "pipeline" | "status";
  /** Whether a pipeline is shown with its connection to the server, as the schema of 0.13 requires. */
  showsConnection: boolean;
  /** Whether user names are compared and stored in lower case. */
  userNames: "as given" | "lower case";
  /** For how long a server may go on comparing bot tokens with the one it read before. */
  botTokenCacheSeconds: number;
  /** For how long a server may go on with what it knew of a caller's rights. */
  callerCacheSeconds: number;
  /** Whether the server can be a confidential client at all (Helm values have `clientType` from 1.3.2 on). */
  confidentialClients: boolean;
  /** `GET /v1/system/health`, from 1.10.0 on. */
  health: boolean;
  /**
   * Where the security configuration lives: in the environment only; or, from 1.10 on, in the database, which is
   * filled from the environment at the first start and silently wins over it ever after (issue #31786); or wherever
   * `SECURITY_CONFIG_SOURCE` says, in 2.x (`configSourceConfiguration.json`; first release with it unknown).
   */
  security: "environment" | "database" | "config source";
  /** What the mask sent with `PUT /v1/system/security/config` becomes: the secret itself, or what is stored. */
  securityMask: "stored" | "restored";
  /** Whether that call takes back the empty `ldapConfiguration` and `samlConfiguration` that it shows. */
  emptySections: "accepted" | "refused";
  /** What a token signed with a key that no URL publishes is answered with. */
  unknownKey: 401 | 500;
  /** Whether `emailClaim` can name the claim that decides who a person is. */
  emailClaim: boolean;
  /** Whether users and bots are created in domains (`createUser.json` and `createBot.json` as of 1.10). */
  domains: boolean;
}

const V0_13: Features = {
  discovery: "/v1",
  ssoForBots: "kept",
  masking: "never",
  botUserShape: "object",
  botRoles: "from the body",
  bulkDeploy: false,
  deployAnswer: "pipeline",
  showsConnection: true,
  userNames: "as given",
  botTokenCacheSeconds: 120,
  callerCacheSeconds: 180,
  confidentialClients: false,
  health: false,
  security: "environment",
  securityMask: "stored",
  emptySections: "accepted",
  unknownKey: 500,
  emailClaim: false,
  domains: false,
};

const V1_2: Features = {
  ...V0_13,
  discovery: "/v1/system",
  masking: "always",
  botUserShape: "name",
  botRoles: "kept",
  bulkDeploy: true,
  deployAnswer: "status",
  showsConnection: false,
  callerCacheSeconds: 0,
};

const V1_5: Features = {
  ...V1_2,
  ssoForBots: "dropped",
  botRoles: "kept, with the default bot role",
  userNames: "lower case",
  confidentialClients: true,
};

const V1_10: Features = {
  ...V1_5,
  health: true,
  security: "database",
  domains: true,
};

/** That it caches rights again is known of "the newest" only; which release was the first is unverified. */
const V1_12: Features = { ...V1_10, callerCacheSeconds: 180 };

const V2: Features = {
  ...V1_12,
  security: "config source",
  securityMask: "restored",
  emptySections: "refused",
  unknownKey: 401,
  emailClaim: true,
};

/** The releases that the stand-in can be. A new one is a line here, and a key in `Features` where it differs. */
const RELEASES = {
  "0.13.3": V0_13,
  "1.2.2": { ...V1_2, masking: "opt-in" },
  "1.2.5": V1_2,
  "1.3.4": V1_5,
  "1.5.13": V1_5,
  "1.9.17": V1_5,
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
