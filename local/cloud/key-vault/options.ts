import type { Clock } from "../../clock.ts";
import type { KeyVaultEvent } from "./event.ts";

/** How a vault is set up. What depends on ports is a function, because ports are known only after all are served. */
export interface KeyVaultOptions {
  clock: Clock;
  /** The vault's name, as in `https://<name>.vault.localhost:4124`. */
  name: string;
  /** Origin at which the vault is served; the ids of secrets and of events begin with it. */
  url: () => string;
  tenantId: string;
  /** Origin of the authority, for the challenge, for example `https://login.localhost:4123`. */
  authority: () => string;
  /**
   * What a client is told to ask a token for, for example `https://vault.localhost:41234`. Microsoft's clients ask for
   * this plus `/.default`, and refuse to unless the vault's host ends with "." and the host named here. That of
   * JavaScript compares host names, that of Python takes the port with it, so the vault's own port belongs here.
   */
  resource: () => string;
  /** Throws when the bearer token is not good; returns the object id of whoever it was issued to. */
  verify: (token: string) => Promise<{ objectId: string }>;
  /** Called at once with each event that the vault raises. */
  raise: (event: KeyVaultEvent) => void;
}
