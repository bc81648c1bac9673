import type { Release } from "../deployment/release.ts";

/** What the settings say about a deployment. */
export interface Deployment {
  name: string;
  openMetadataUrl: string;
  extraRedirectUris?: readonly string[];
  signInFlow: "implicit" | "auth-code";
  principalDomain: string;
  initialAdmins: readonly string[];
  botName: string;
  botCredential: "auto" | "sso" | "jwt";
}

/** What was observed, and what the settings want. */
export interface Facts {
  deployment: Deployment;
  tenantId: string;
  authority: string;
  keyVaultUrl: string;
  /** How long readers of the vault may take to pick up a new secret. */
  readWithinHours: number;
  release: Release;
  /** Who said which release it is. */
  releaseFrom: "server" | "caller";
  /** How the server that runs now lets people in; undefined where none could be asked. */
  live: Live | undefined;
  /** The server registration, with the redirect URIs of the platform that the flow uses. */
  server: { appId: string; redirectUris: readonly string[] };
  ingestion: { appId: string };
  /** Object id of the app's identity, where that is what signs in to OpenMetadata. */
  ownObjectId: string | undefined;
}

export interface Live {
  jwtPrincipalClaims: readonly string[];
  principalDomain: string;
  enforcePrincipalDomain: boolean | undefined;
}
