import type { Holder } from "./holder.ts";
import type { Journal } from "./journal.ts";
import type { Network } from "./network.ts";
import type { Server } from "./open-metadata.ts";
import type { Truth } from "./truth.ts";

/** What the checks look at; everything is known by the time the first write happens. */
export interface Scene {
  truth: Truth;
  server: Server;
  network: Network;
  journal: Journal;
  /** Ingestion that reads the vault. */
  reader: Holder;
  /** When a person last did something. */
  lastAct(): number;
}
