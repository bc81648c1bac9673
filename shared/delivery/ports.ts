/** The secret to deliver. The push begins nothing after `endsOn`; `urgent` after a leak: what waits for time does not. */
export interface Secret {
  appId: string;
  value: string;
  /** Its version in the vault, and when it became current. */
  version: string;
  storedOn: Date;
  /** Whether it was delivered before: a confirmation. */
  again: boolean;
  urgent: boolean;
  endsOn: Date;
}

/** Delivered, or to be waited for: with `until` nothing but time is missing. Failures are thrown. */
export type Pushed = { kind: "delivered"; detail: string } | { kind: "waiting"; because: string; until?: Date };

export interface User {
  id: string;
  name: string;
  email: string;
  displayName?: string | undefined;
  description?: string | undefined;
  isAdmin: boolean;
  isBot?: boolean | undefined;
  /** Grows with each change. */
  version?: number | undefined;
  /** Ids of the roles, where they were asked for. */
  roles?: string[] | undefined;
}

interface Bot {
  name: string;
  userId: string;
  userName: string;
  displayName?: string | undefined;
  description?: string | undefined;
}

export interface AzureSso {
  clientId: string;
  clientSecret: string;
  authority: string;
  scopes: string[];
}

interface Pipeline {
  id: string;
  name: string;
  deployed: boolean;
}

/** The REST calls of an OpenMetadata server that a push needs. */
export interface OpenMetadata {
  version(): Promise<string>;
  signInConfiguration(): Promise<{
    publicKeyUrls: string[];
    jwtPrincipalClaims: string[];
    enforcePrincipalDomain: boolean;
    principalDomain: string;
  }>;
  whoAmI(token?: string): Promise<User>;
  bot(name: string): Promise<Bot | undefined>;
  user(name: string): Promise<User | undefined>;
  mechanism(userId: string): Promise<{
    authType: string;
    ssoServiceType: string | undefined;
    azure: AzureSso | undefined;
  }>;
  putBotUser(user: {
    name: string;
    email: string;
    botName: string;
    displayName: string;
    description?: string | undefined;
    roles: string[];
    sso: AzureSso;
  }): Promise<User>;
  pointBot(bot: Bot, user: User, by: "name" | "reference"): Promise<void>;
  pipelines(): Promise<Pipeline[]>;
  deploy(
    pipelines: readonly Pipeline[],
    timeoutMilliseconds: number,
  ): Promise<{ pipeline: string; ok: boolean; reason: string }[]>;
}

/** Everything that a push reads, writes and signs in with. */
export interface Ports {
  deployment: {
    name: string;
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
  /** Object id of the app's own service principal. */
  ownObjectId(): Promise<string>;
  /** The tenant's signing keys, as the server must name them. */
  keysUrl: string;
  /** What ingestion signs in at. */
  authority: string;
  /** What ingestion asks for: `<App ID URI of the server registration>/.default`. */
  scope(): Promise<string>;
  /** Signs in at Entra as ingestion would; `objectId` is that of the service principal. */
  signIn(
    appId: string,
    value: string,
  ): Promise<
    { kind: "signed-in"; accessToken: string; objectId: string } | { kind: "unknown-secret" | "expired-secret" }
  >;
  now(): Date;
  log(line: string): void;
}
