import type { Log } from "../log.ts";

/**
 * How the server says that it signs people in, to anybody who asks. Its `responseType` may be stale (#26311, #29597) and
 * is not judged.
 */
export interface SignInSettings {
  provider: string;
  authority: string;
  clientId: string;
  callbackUrl: string;
  /** Undefined in releases that know the implicit flow only (before 1.3.2). */
  clientType: string | undefined;
  /** Undefined where it is not told, neither to anybody nor to us. */
  publicKeyUrls: readonly string[] | undefined;
}

/** The same, with whom the server lets in and makes an administrator; undefined is what it does not tell. */
export interface ServerSettings extends SignInSettings {
  enforcePrincipalDomain: boolean | undefined;
  /** Names, and in 2.x addresses, of those who are made administrators at each start. */
  adminPrincipals: readonly string[] | undefined;
  /** Those in the database, from 1.10 on: the next start goes by the environment all the same, which nothing tells. */
  storedAdmins: readonly string[] | undefined;
}

export interface Administrator {
  name: string;
  email: string;
  isBot: boolean;
}

/** The REST calls of an OpenMetadata server that hygiene needs. */
export interface Server {
  /** As it says it, for example "1.2.5"; no token is needed. */
  version(): Promise<string>;
  /** What is not told to anybody is asked for as an administrator. */
  settings(): Promise<ServerSettings>;
  /** Ids of the keys with which it signs the tokens of its bots; no token is needed. */
  ownKeyIds(): Promise<string[]>;
  /** "No" counts only after `whoAmI` has answered: the server says 404 for a caller that it does not know, too. */
  userExists(name: string): Promise<boolean>;
  administrators(): Promise<Administrator[]>;
  /** For good, not softly; one who is gone already counts as deleted. */
  deleteUser(name: string): Promise<void>;
  whoAmI(): Promise<{ name: string; isAdmin: boolean }>;
}

/** Everything that hygiene reads and writes. */
export interface Ports {
  deployment: {
    name: string;
    initialAdmins: readonly string[];
    openMetadataTokenSecret?: string | undefined;
  };
  server: Server;
  /** Name of the vault. */
  vault: string;
  /** Object id of the app's own service principal. */
  ownObjectId(): Promise<string>;
  log: Log;
}
