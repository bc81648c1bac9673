import type { CredentialKind } from "../deployment/credentials.ts";
import type { Ask, Later, Policy, Step, Stored } from "./client-secret/state.ts";

/** A run of the rotation of one credential. */
export interface Order {
  policy: Policy;
  beganOn: Date;
  /** The run begins nothing after this moment. */
  endsOn: Date;
  ask?: Ask | undefined;
  leavesPushToEvent?: boolean;
}

export interface StepReport {
  kind: Step["kind"];
  because: string;
  target: string;
  state: "planned" | "done" | "waiting";
}

/** What an answer tells of a step. */
export function report(
  { kind, because, target }: Pick<StepReport, "kind" | "because" | "target">,
  state: StepReport["state"],
): StepReport {
  return { kind, because, target, state };
}

/** What a run came to. */
export interface Outcome {
  steps: StepReport[];
  /** What is current is delivered, and nothing that was asked for is outstanding. */
  converged: boolean;
  /** Why a step must wait. */
  waitingFor?: string;
  later: Later[];
  /** The latest version in the vault, as the last look at the world showed it. */
  current: Stored | undefined;
  /** Why there is nothing to rotate: this deployment does without such a credential. */
  unused?: string;
}

/** One credential of a deployment with all that its rotation needs. */
export interface Rotation {
  credential: CredentialKind;
  /** Name of the vault secret. */
  name: string;
  rotate(order: Order): Promise<Outcome>;
  /** Says what a run would do now; writes nothing. */
  preview(order: Order): Promise<Outcome>;
  /** What the vault's event asks for: hands on what is current. Undefined where that takes longer than events wait. */
  deliver?: (endsOn: Date) => Promise<{ detail: string }>;
  now(): Date;
  log(line: string): void;
}
