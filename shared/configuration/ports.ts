type Name = { uniqueName: string } | { appId: string };

/** Everything that rendering a configuration reads; it writes nothing. */
export interface Ports {
  authority: string;
  names: { server: Name; ingestion: Name };
  identity(): Promise<{ objectId: string }>;
  provisioning: {
    registrations: {
      find(
        name: Name,
      ): Promise<{ appId: string; spa: { redirectUris: string[] }; web: { redirectUris: string[] } } | undefined>;
    };
  };
  openMetadata: {
    version(): Promise<string>;
    signInConfiguration(): Promise<{
      jwtPrincipalClaims: string[];
      principalDomain: string;
      enforcePrincipalDomain: boolean;
    }>;
  };
  /** Whether we sign in to OpenMetadata as the managed identity rather than with a token from the vault. */
  delivery: { usesOwnToken: boolean };
}
