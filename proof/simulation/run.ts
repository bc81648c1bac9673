import type { Ask } from "../../shared/rotation/order.ts";

/** What started a run of the app; a unit is a message of the queue. */
export type Trigger = "timer" | "unit" | "push-event" | "expiry-event" | "pipeline" | "preview";

/** One invocation of a function of the app, as the host sees it. */
export interface Run {
  name: string;
  trigger: Trigger;
  /** Whose credential it is about, where that is known from the beginning. */
  deployment: string | undefined;
  /** Which of the app's processes it runs in: when that dies, all its runs do. */
  instance: number;
  beganAt: number;
  state: "alive" | "ended" | "failed" | "killed";
  ask: Ask | undefined;
  /** How many credentials Entra has issued to it, whether or not it heard of them. */
  issued: number;
  /** When it saw what is current, if it has asked for nothing else since. */
  lookedAt?: number | undefined;
}
