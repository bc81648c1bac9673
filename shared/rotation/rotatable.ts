import type { CredentialKind } from "../deployment/credentials.ts";
import type { Log } from "../log.ts";
import type { Order } from "./order.ts";
import type { Applied, Outcome } from "./outcome.ts";
import type { Notebook } from "./progress.ts";

/** One credential of a deployment with all that its rotation needs. */
export interface Rotation {
  credential: CredentialKind;
  /** Name of the vault secret. */
  name: string;
  rotate(order: Order): Promise<Outcome>;
  /** Says what a run would do now; writes nothing. */
  preview(order: Order): Promise<Outcome>;
  /**
   * What the vault's event asks for: hands on what is current. Undefined where that takes longer than events wait;
   * answers undefined where there is nothing to hand on.
   */
  deliver?: (endsOn: Date, notebook: Notebook) => Promise<Applied | undefined>;
  /** Somebody asked for it, and hears now that it is done. */
  answered(): Promise<void>;
  now(): Date;
  log: Log;
}
