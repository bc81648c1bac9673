import type { SecretStore } from "../../shared/rotation/secret-store.ts";
import type { Credential, Remover } from "./credential.ts";
import type { Holder } from "./holder.ts";
import type { Run } from "./run.ts";
import type { VaultVersion } from "./vault.ts";

/** Told of every write when it takes effect. Whoever watches knows the truth, not what the app can see. */
export interface Watch {
  /** The vault holds its intent. */
  announced(run: Run): void;
  issued(run: Run, credential: Credential): void;
  /** Asked before a credential goes; answers in whose name it goes. */
  retires(run: Run, credential: Credential): Remover;
  staged(run: Run, version: VaultVersion): void;
  promoted(run: Run, version: VaultVersion): void;
  noted(run: Run, version: VaultVersion, milestones: Parameters<SecretStore["note"]>[1]): void;
  /** A write of a push has reached the bot, whether or not it changed anything. */
  pushed(run: Run | undefined): void;
  /** The run is over, and said that all is done. */
  converged(run: Run): void;
  /** A consumer got to hold another secret, by a push or a deployment. */
  landed(run: Run | undefined, holder: Holder): void;
}
