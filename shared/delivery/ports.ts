import type { Log } from "../log.ts";

/** The user that a token stands for, or that a bot acts as. */
export interface User {
  id: string;
  name: string;
  email: string;
  displayName?: string | undefined;
  description?: string | undefined;
  isAdmin: boolean;
  isBot?: boolean | undefined;
  /** Grows with each change, that of a bot's user even with one that changes nothing. */
  version?: number | undefined;
  /** Name of the user who changed it last. */
  updatedBy?: string | undefined;
  /** Ids of the roles, where they were asked for. */
  roles?: string[] | undefined;
}

export interface Bot {
  name: string;
  userId: string;
  userName: string;
  displayName?: string | undefined;
  description?: string | undefined;
}

/** Azure SSO of a bot: what ingestion signs in to Entra with. */
export interface AzureSso {
  clientId: string;
  clientSecret: string;
  authority: string;
  scopes: string[];
}

/** How a bot signs in, as the server describes it; secrets in it may be masked. */
export interface BotMechanism {
  authType: string;
  ssoServiceType: string | undefined;
  azure: AzureSso | undefined;
}

/** The user of a bot as it shall be. */
export interface BotUser {
  name: string;
  email: string;
  botName: string;
  displayName: string;
  description?: string | undefined;
  /** Ids; what is left out is taken away in releases before 1.0. */
  roles: string[];
  sso: AzureSso;
}

export interface Pipeline {
  id: string;
  name: string;
  deployed: boolean;
}

/** What the server answers for one pipeline that it was told to deploy. */
export interface Deployed {
  pipeline: string;
  ok: boolean;
  reason: string;
}

/**
 * The parts of the server's public configuration that decide whether a token of ours is let in. What is undefined is not
 * told (1.12.6 tells neither), which says nothing of how it is.
 */
export interface SignInConfiguration {
  publicKeyUrls: readonly string[] | undefined;
  jwtPrincipalClaims: readonly string[];
  principalDomain: string;
  enforcePrincipalDomain: boolean | undefined;
}

/** The REST calls of an OpenMetadata server that a push needs. */
export interface OpenMetadata {
  /** As the server says it, for example "1.2.5"; no token is needed. */
  version(): Promise<string>;
  signInConfiguration(): Promise<SignInConfiguration>;
  /** The user that a token stands for; our own where none is given. */
  whoAmI(token?: string): Promise<User>;
  bot(name: string): Promise<Bot | undefined>;
  user(name: string): Promise<User | undefined>;
  mechanism(userId: string): Promise<BotMechanism>;
  /** Creates or changes the user of a bot so that it signs in with Azure SSO; answers the user. */
  putBotUser(user: BotUser): Promise<User>;
  /** Releases up to 0.13 want the user by reference, later ones by name. */
  pointBot(bot: Bot, user: User, by: "name" | "reference"): Promise<void>;
  pipelines(): Promise<Pipeline[]>;
  /**
   * Answers for each, in order; for fewer than were wanted where one of several calls has failed. Gives up after so long;
   * whether the server went on is then unknown.
   */
  deploy(pipelines: readonly Pipeline[], timeoutMilliseconds: number): Promise<Deployed[]>;
}

/** What Entra said to a sign-in with a client secret. */
export type SignIn =
  /** `objectId` is that of the service principal. */
  | { kind: "signed-in"; accessToken: string; objectId: string }
  /** The secret is not (or not yet) one of the application's. */
  | { kind: "unknown-secret" }
  | { kind: "expired-secret" };

/** Everything that a push reads, writes and signs in with. */
export interface Ports {
  deployment: {
    name: string;
    openMetadataUrl: string;
    botName: string;
    botCredential: "auto" | "sso" | "jwt";
    principalDomain: string;
    openMetadataTokenSecret?: string | undefined;
  };
  openMetadata: OpenMetadata;
  /** So long those who read the vault by themselves may take. */
  readWithinHours: number;
  /** Whether we sign in to OpenMetadata with the app's own Entra token rather than one from the vault. */
  usesOwnToken: boolean;
  /** Name of the vault. */
  vault: string;
  /** Object id of the app's own service principal. */
  ownObjectId(): Promise<string>;
  /** The tenant's signing keys, as the server must name them. */
  keysUrl: string;
  /** What ingestion signs in at. */
  authority: string;
  /** What ingestion asks for: `<App ID URI of the server registration>/.default`. */
  scope(): Promise<string>;
  /** Whether the vault holds a token of the bot, as it does where the server was once of release 1.3 or later. */
  hadToken(): Promise<boolean>;
  /** Signs in at Entra as ingestion would. */
  signIn(appId: string, value: string): Promise<SignIn>;
  now(): Date;
  log: Log;
}
