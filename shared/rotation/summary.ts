import type { Outcome } from "./rotate.ts";
import type { Ask } from "./state.ts";

/** The answer of POST /api/rotate about one credential: ids and dates, never a value. */
export function summarize(
  { steps, converged, waitingFor, later, sight }: Outcome,
  ask: Ask | undefined,
  secretName: string,
) {
  const { current } = sight;
  return {
    converged,
    steps,
    ...(waitingFor ? { waitingFor } : {}),
    // A repeat that carries it continues this rotation instead of beginning another.
    ...(ask ? { issuedBefore: ask.issuedBefore.toISOString() } : {}),
    result: {
      secret: secretName,
      keyId: current?.keyId,
      version: current?.version,
      expiresOn: current?.expiresOn,
      provenOn: current?.provenOn,
      deliveredOn: current?.deliveredOn,
      confirmedOn: current?.confirmedOn,
    },
    later,
  };
}
