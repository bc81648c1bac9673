import type { KeyVaultOptions } from "./options.ts";
import type { Secret } from "./state.ts";

/** A running vault: its settings, its secrets by `keyOf` their names, and who may do what. */
export interface Vault {
  options: KeyVaultOptions;
  secrets: Map<string, Secret>;
  /** By object id. */
  rights: Map<string, Set<Right>>;
  /** By object id: the beginning that the name of a secret must have for it to be set. */
  settable: Map<string, string>;
  rules: Rules;
  timing: Timing;
}

/**
 * What a caller may do with secrets, each the end of an Azure RBAC data action. "Key Vault Secrets User" has `get`,
 * "Key Vault Secrets Officer" has all. A deleted secret is read with `get` and listed with `list`.
 */
export type Right = "get" | "list" | "set" | "delete" | "update" | "recover" | "purge";

/** What an administrator has set on the vault, beside the rights; to be changed at any time. */
export interface Rules {
  /** Whether the firewall shuts every caller out. */
  firewall: boolean;
  /** Without it only private links lead to the vault, and no caller here comes by one. */
  publicAccess: boolean;
  /**
   * The built-in Azure Policy "Key Vault secrets should have an expiration date" with the effect Deny: no secret is set
   * or updated without an expiry.
   */
  demandsExpiry: boolean;
  /** The versions of the API that this cloud's Key Vault knows; sovereign clouds are years behind. */
  apiVersions: readonly string[];
  /** An automation fills the tags of each new version up to so many; 0: there is none. */
  automationTags: number;
}

/** How long deletion and recovery take. Microsoft Learn promises no time; seconds are usual, minutes were reported. */
export interface Timing {
  /** Milliseconds in which writes answer 409 ObjectIsBeingRecovered, while reads already succeed. */
  recoveringFor: number;
  /** Milliseconds in which writes answer 409 ObjectIsBeingDeleted, and the secret is found nowhere. */
  deletingFor: number;
}

/** What the routes behind the token check find in their context. */
export interface Authenticated {
  Variables: { objectId: string };
}
