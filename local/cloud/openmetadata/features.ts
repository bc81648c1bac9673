/** What differs between releases of OpenMetadata. */
export interface Features {
  /**
   * How an error is told: 500 and an unknown path with a `responseMessage`, from about 1.6 on with an `errorType` too;
   * later as `{code, message}` like all others, and an unknown path is a 404.
   */
  errors: "responseMessage" | "responseMessage with type" | "message";
  /** Up to 0.13 discovery lives under `/v1/version` and `/v1/config`, later under `/v1/system`. */
  discovery: "/v1" | "/v1/system";
  /** Whether anybody is told everything of the sign-in configuration, or neither keys nor administrators nor enforcement. */
  publicConfiguration: "all" | "withheld";
  /** Whether there is a setting `enableAutoRedirect`, from 1.11.5 on. */
  autoRedirect: boolean;
  /** Whether the section of SAML is shown to everybody. */
  publicSaml: boolean;
  /**
   * Whether `PUT /v1/users` stores an SSO mechanism for a bot (deprecated by OpenMetadata issue #9353, still used in
   * 1.2); or stores it in place of the token, and no pipeline can be deployed with it any more (the client side was
   * removed by pull request #14358, the server's branch stood in a fork at 1.6); or drops it in silence.
   */
  ssoForBots: "used" | "stored" | "dropped";
  /** Whether `clientSecret` is masked for people: not at all, where `maskPasswords` is set, or always. */
  masking: "never" | "opt-in" | "always";
  /** How `PUT /v1/bots` names the bot's user: by reference `{id, type}` or by name. */
  botUserShape: "object" | "name";
  /** What becomes of the roles of a bot's user that is put again; a new one has the bot's role up to 1.2 only. */
  botRoles: "kept" | "from the body" | "kept, none at first" | "kept, with the default bot role";
  /** `POST .../bulk/deploy` (OpenMetadata pull request #12365). */
  bulkDeploy: boolean;
  /** What a deployment of one pipeline answers with: the pipeline, or `{code, reason, platform}`. */
  deployAnswer: "pipeline" | "status";
  /** What the answer to `generateToken` holds: the token, or what is stored. */
  tokenAnswer: "clear" | "encrypted";
  /** Whether `generateToken` is for people too. */
  tokensForPeople: boolean;
  /** Whether a pipeline is shown with its connection to the server, and what that signs in with. */
  showsConnection: boolean;
  /** Whether user names are stored in lower case; they are found in any. */
  userNames: "as given" | "lower case";
  /** Whether `loggedInUser` compares the e-mail too; no other call does. */
  ownUser: "by name" | "by name and e-mail";
  /** How a token that cannot be read, does not verify, or is not the bot's is refused. */
  tokenRefusals: { unreadable: string; forged: string; notTheBots: string; unknownKey: string };
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
  /** Whether that call takes back the sections of LDAP and SAML that it shows, which lack what is required in them. */
  unusedSections: "accepted" | "refused";
  /** What a token signed with a key that no URL publishes is answered with. */
  unknownKey: 401 | 500;
  /** Whether `emailClaim` can name the claim that decides who a person is. */
  emailClaim: boolean;
  /** Whether users and bots are created in domains (`createUser.json` and `createBot.json` as of 1.10). */
  domains: boolean;
}
