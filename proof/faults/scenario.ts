import type { SettingOptions } from "../../journey/setting.ts";
import type { Scene } from "./scene.ts";

/**
 * How far the app has come when the fault strikes. `empty`: nothing exists. `registered`: provisioned, without consent.
 * `provisioned`: with consent, no secret yet. `settled`: the first secret is current, delivered and confirmed. `due`: two months on, the next run must replace it and
 * nothing is staged. `staged`: the same with a proven successor.
 */
export type Stage = "empty" | "registered" | "provisioned" | "settled" | "due" | "staged";

/** One fault, in one of the ways in which it can be injected. */
export interface Scenario {
  /** The number by which the list knows the fault. */
  fault: number;
  /** Tells the ways apart where there are several. */
  variant?: string;
  title: string;
  /** Public reports of the fault, or the page that documents it. */
  source: string;
  /** How it is injected, in the words of the table. */
  injected: string;
  from: Stage;
  given?: Pick<SettingOptions, "settings" | "release" | "graphPermissions">;
  /** Injects the fault, lets the app run under it, ends it, and says what must have been true. */
  play(scene: Scene): Promise<void>;
  /** The call that a pipeline repeats until it is answered 200; without one the timer goes on by itself. */
  repeats?: { path: string; body?: object };
  /** Somebody asks to revoke what leaked: no overlap is kept. */
  revokes?: boolean;
  /** What the operator sees, where that cannot be read from this host's log. */
  seen?: string;
  /** Runs overlap in it, in an order that may differ: their steps are not told. */
  overlaps?: boolean;
  /**
   * What is known to be wrong and not mended yet. The scenario is then expected to fail, and tells so in the table; when
   * it no longer does, this has to go.
   */
  open?: string;
  /** Why no run can converge before a person acts, who does not in this scenario. */
  waitsForPerson?: string;
}

/** A fault that cannot befall this app, and why. */
export interface NotApplicable {
  fault: number;
  title: string;
  because: string;
}

/** The scenario's name: `F5`, or `F5 (503)`. */
export function nameOf({ fault, variant }: Pick<Scenario, "fault" | "variant">): string {
  return variant === undefined ? `F${fault}` : `F${fault} (${variant})`;
}
