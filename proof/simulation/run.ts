import type { Ask } from "../../shared/rotation/order.ts";

/** What started a run of the app. */
export type Trigger = "timer" | "push-event" | "expiry-event" | "pipeline" | "preview";

/** One invocation of a function of the app, as the host sees it. */
export interface Run {
  name: string;
  trigger: Trigger;
  beganAt: number;
  state: "alive" | "ended" | "failed" | "killed";
  ask: Ask | undefined;
  /** How many credentials Entra has issued to it, whether or not it heard of them. */
  issued: number;
  /** When it saw what is current, if it has asked for nothing else since. */
  lookedAt?: number | undefined;
}
