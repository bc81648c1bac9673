import { earliest } from "./asked.ts";
import type { Outcome } from "./outcome.ts";
import type { Rotation } from "./rotatable.ts";
import { deliveryOf } from "./stored.ts";

/** What a rotation came to, and whose it is. */
export interface Rotated {
  rotation: Rotation;
  outcome: Outcome;
  /** What an ask came to mean for it. */
  issuedBefore: Date | undefined;
}

/** The answer of POST /api/rotate: ids and dates, never a value. */
export function summarize(rotated: readonly Rotated[]) {
  const issuedBefore = earliest(rotated.map((one) => one.issuedBefore));
  const waits = rotated.flatMap(({ outcome }) => outcome.waitingFor ?? []);
  return {
    converged: rotated.every(({ outcome }) => outcome.converged),
    steps: rotated.flatMap(({ rotation: { credential }, outcome }) =>
      outcome.steps.map((step) => ({ credential, ...step })),
    ),
    ...(waits.length > 0 ? { waitingFor: waits.join("; ") } : {}),
    // A repeat that carries it continues this rotation instead of beginning another.
    ...(issuedBefore ? { issuedBefore: issuedBefore.toISOString() } : {}),
    result: { credentials: rotated.map(describe) },
    later: rotated
      .flatMap(({ rotation: { credential }, outcome }) => outcome.later.map((one) => ({ credential, ...one })))
      .toSorted((a, b) => a.on.getTime() - b.on.getTime()),
  };
}

function describe({ rotation: { credential, name }, outcome: { current, unused } }: Rotated) {
  if (unused !== undefined) return { credential, unused };
  return {
    credential,
    secret: name,
    keyId: current?.keyId,
    version: current?.version,
    expiresOn: current?.expiresOn,
    provenOn: current?.provenOn,
    deliveredOn: current?.deliveredOn,
    confirmedOn: current?.confirmedOn,
    delivery: current && deliveryOf(current),
  };
}
