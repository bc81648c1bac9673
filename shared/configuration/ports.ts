import type { RegistrationName } from "../deployment/registration-names.ts";

/** Everything that rendering a configuration reads; it writes nothing. */
export interface Ports {
  authority: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<{ objectId: string }>;
  provisioning: {
    registrations: {
      find(
        name: RegistrationName,
      ): Promise<{ appId: string; spa: { redirectUris: string[] }; web: { redirectUris: string[] } } | undefined>;
    };
  };
  openMetadata: {
    version(): Promise<string>;
    signInConfiguration(): Promise<{
      jwtPrincipalClaims: readonly string[];
      principalDomain: string;
      enforcePrincipalDomain: boolean;
    }>;
  };
  /** Whether we sign in to OpenMetadata as the managed identity rather than with a token from the vault. */
  delivery: { usesOwnToken: boolean };
}
