import type { KeyVaultOptions } from "./options.ts";
import type { Right } from "./rights.ts";
import type { Secret } from "./state.ts";

/** A running vault: its settings, its secrets by `keyOf` their names, and who may do what. */
export interface Vault {
  options: KeyVaultOptions;
  secrets: Map<string, Secret>;
  /** By object id. */
  rights: Map<string, Set<Right>>;
  /** Whether the firewall shuts every caller out. */
  firewall: boolean;
  timing: Timing;
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
