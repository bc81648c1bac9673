/** A timer sends units, which are the runs; a `unit` here is a message that goes on with what a call has asked for. */
export type RunKind = "timer" | "unit" | "call" | "handler";

/** How a run began. */
export interface Opening {
  readonly kind: RunKind;
  readonly beganOn: number;
  readonly ask: { readonly issuedBefore: number; readonly revokeOld: boolean } | undefined;
}
