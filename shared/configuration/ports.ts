import type { RegistrationName } from "../deployment/registration-names.ts";

/** Everything that rendering a configuration reads; it writes nothing. */
export interface Ports {
  authority: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<{ appId: string | undefined }>;
  provisioning: {
    registrations: {
      find(name: RegistrationName): Promise<
        | {
            appId: string;
            createdByAppId?: string | null | undefined;
            spa: { redirectUris: string[] };
            web: { redirectUris: string[] };
          }
        | undefined
      >;
    };
  };
  openMetadata: {
    /** As whom we sign in there, where we do so by Entra. */
    signsInAs(): Promise<{ objectId: string } | undefined>;
    version(): Promise<string>;
    /** Undefined is what the server tells neither to anybody nor to us. */
    settings(): Promise<{
      jwtPrincipalClaims: readonly string[];
      principalDomain: string;
      enforcePrincipalDomain: boolean | undefined;
    }>;
  };
  /** Whether we sign in to OpenMetadata as the managed identity rather than with a token from the vault. */
  delivery: { usesOwnToken: boolean };
}
