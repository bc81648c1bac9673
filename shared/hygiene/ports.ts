/** How the server signs people in and whom it makes an administrator, as it tells anybody who asks. */
export interface ServerSettings {
  provider: string;
  authority: string;
  clientId: string;
  callbackUrl: string;
  clientType: string | undefined;
  publicKeyUrls: string[];
  enforcePrincipalDomain: boolean;
  /** Undefined where the server does not tell. */
  adminPrincipals: string[] | undefined;
}

export interface Administrator {
  name: string;
  email: string;
  isBot: boolean;
}

/** The REST calls of an OpenMetadata server that hygiene needs. */
export interface Server {
  settings(): Promise<ServerSettings>;
  /** Ids of the keys with which it signs the tokens of its bots. */
  ownKeyIds(): Promise<string[]>;
  /** "No" counts only after `whoAmI` has answered: the server says 404 for a caller that it does not know, too. */
  userExists(name: string): Promise<boolean>;
  administrators(): Promise<Administrator[]>;
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
