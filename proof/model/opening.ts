export type RunKind = "timer" | "call" | "handler";

/** How a run began. */
export interface Opening {
  readonly kind: RunKind;
  readonly beganOn: number;
  readonly ask: { readonly issuedBefore: number; readonly revokeOld: boolean } | undefined;
}
