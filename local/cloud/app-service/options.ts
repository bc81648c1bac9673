import type { Clock } from "../../clock.ts";

/** How the part of Azure Resource Manager that looks after App Service is set up. */
export interface AppServiceOptions {
  clock: Clock;
  /** Throws when the bearer token is not good for Azure Resource Manager; returns the object id of its owner. */
  verify: (token: string) => Promise<{ objectId: string }>;
  tenantId: string;
  /** Where the services of this cloud are, for clients that ask it; the suffix is that of vaults' names. */
  endpoints: () => { entra: string; graph: string; arm: string; vaultSuffix: string };
  /** Where a client is sent for a token, for example `https://login.localhost:4123/<tenant>`. */
  authorityUrl: () => string;
  /** The origin of a vault by its name, for references that name it instead of an address; `undefined`: there is none. */
  vaultUrl: (name: string) => string | undefined;
  /** A token for Key Vault, as the platform gets it for the managed identity of a site. */
  vaultToken: (identityObjectId: string) => Promise<string>;
}

/** A site as it is made. */
export interface SiteWish {
  subscriptionId?: string;
  resourceGroup?: string;
  name: string;
  /** App settings; references to Key Vault among them. */
  settings: Record<string, string>;
  /** On Flex Consumption, where some settings are refused. */
  flex?: boolean;
  /** Object id of the managed identity with which references are resolved; without one none is. */
  identityObjectId?: string;
  /** Called with the environment of the process each time that one starts. */
  onStart?: (environment: Record<string, string>) => void;
}

/** The times that things take, in milliseconds; all 0 at first, and settable. */
export interface Timing {
  /** From the answer to `refresh` until the references are resolved. */
  refreshing: number;
  /** From the answer to an asynchronous restart until the new process is up. */
  restarting: number;
}
