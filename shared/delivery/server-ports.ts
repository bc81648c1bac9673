import type { Clock } from "../retry.ts";
import type { Ports } from "./ports.ts";

/** How people sign in to the server, as it may be changed by REST from 1.10 on; without the client secret. */
export interface SecurityConfiguration {
  provider: string;
  /** Empty where nobody set it. */
  providerName: string;
  clientType: string | undefined;
  authority: string;
  clientId: string;
  publicKeyUrls: readonly string[];
  /** As stored: the list by which administrators are made at a start is that of the environment. */
  adminPrincipals: readonly string[] | undefined;
  enforcePrincipalDomain: boolean | undefined;
  oidc:
    | {
        clientId: string | undefined;
        tenant: string | undefined;
        discoveryUri: string | undefined;
        scope: string | undefined;
        /** Whether the client secret is shown in clear, as it is to bots, so that what was written can be read back. */
        showsSecret: boolean;
      }
    | undefined;
}

/** What the server said to a new secret. */
export type SecretAnswer =
  /** It has signed in with it itself, and uses it from now on. */
  | { kind: "accepted" }
  /** Its validator objects to these settings; an old mistake stands in the way of a new secret. */
  | { kind: "refused"; errors: { field: string; error: string }[] }
  /** The deployment's files decide (2.x): what is written here would be refused. */
  | { kind: "owned-by-environment"; message: string };

/** The security configuration of an OpenMetadata server, 1.10 or later. */
export interface Security {
  read(): Promise<SecurityConfiguration>;
  /** Whether the server holds this secret; only of use where `read` says that it shows it. */
  holds(secret: string): Promise<boolean>;
  /** With it the provider's name is set where it lacks one (`namesProvider`): the validator refuses without. */
  replaceSecret(secret: string, how: { namesProvider: boolean }): Promise<SecretAnswer>;
}

/** An app setting of an App Service whose value the platform reads from the vault. */
export interface VaultReference {
  setting: string;
  /** The vault's own name, without its domain. */
  vault: string | undefined;
  secret: string | undefined;
  /** Where the reference names a version it never follows a rotation. */
  pinnedVersion: string | undefined;
  /** The version that the platform has resolved it to. */
  activeVersion: string | undefined;
  /** "Resolved", or what is wrong. */
  status: string;
  details: string | undefined;
}

/** One site of Azure App Service. */
export interface Site {
  references(): Promise<VaultReference[]>;
  /** Has the platform read the vault again, instead of once in 24 hours. */
  refresh(): Promise<void>;
  restart(): Promise<void>;
}

/** What a refresh of an App Service reads and writes. */
export interface AppServicePorts extends Site, Clock {
  name: string;
  vault: string;
  secret: string;
  mayRestart: boolean;
}

/** What the server's own client secret is pushed with. */
export interface ServerPorts extends Pick<Ports, "deployment" | "authority" | "keysUrl" | "readWithinHours">, Clock {
  openMetadata: Pick<Ports["openMetadata"], "version">;
  security: Security;
  /** Explains what keeps us out of the server, where something does. */
  admitted(subject: string): Promise<unknown>;
  signIn(appId: string, value: string): Promise<{ kind: "signed-in" | "unknown-secret" | "expired-secret" }>;
  appService?: AppServicePorts | undefined;
}
