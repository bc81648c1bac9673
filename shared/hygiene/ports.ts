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
  publicKeyUrls: readonly string[];
}

/** The same, with whom the server lets in and makes an administrator. */
export interface ServerSettings extends SignInSettings {
  enforcePrincipalDomain: boolean;
  /** Names, and in 2.x addresses, of those who are made administrators at each start; undefined where it is not told. */
  adminPrincipals: readonly string[] | undefined;
}

export interface Administrator {
  name: string;
  email: string;
  isBot: boolean;
}

/** The REST calls of an OpenMetadata server that hygiene needs. */
export interface Server {
  /** No token is needed. */
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
  /** Object id of the app's own service principal. */
  ownObjectId(): Promise<string>;
  log(line: string): void;
}
