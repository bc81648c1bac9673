import { PROOF_SIGN_INS, PROOF_SPACING } from "../../limits.ts";
import { every, isTransient, retry } from "../../retry.ts";
import type { Ports } from "./ports.ts";

export type Proof = { kind: "proven"; refusals: number } | { kind: "waiting"; because: string };

/**
 * Signs in again and again until enough attempts in a row have succeeded, or until there is no time for another one.
 * Any failure starts the count anew. A new secret is refused as unknown, sometimes as expired, while it replicates
 * (microsoftgraph/microsoft-graph-docs #17966, Azure-Samples/active-directory-dotnetcore-daemon-v2 #87).
 */
export async function prove(
  ports: Pick<Ports, "signIn" | "now" | "wait">,
  { appId, value, endsOn }: { appId: string; value: string; endsOn: Date },
): Promise<Proof> {
  let inARow = 0;
  let refusals = 0;
  let because = "the run had no time left to sign in";
  const refuse = (why: string): void => {
    inARow = 0;
    refusals += 1;
    because = why;
  };
  const signInAgain = async (): Promise<Proof | undefined> => {
    const seen = await ports.signIn(appId, value).catch((error: unknown) => {
      if (isTransient(error)) refuse(error.message);
      throw error;
    });
    if (seen.kind === "signed-in") {
      inARow += 1;
      return inARow === PROOF_SIGN_INS ? { kind: "proven", refusals } : undefined;
    }
    refuse(`Entra does not accept the new secret yet (${seen.kind})`);
    return undefined;
  };
  // Not spread: the replicas must have this time. Where Entra names a longer one, that counts.
  const patience = { pauses: every(PROOF_SPACING), endsOn, again: isTransient };
  const proven = await retry(ports, signInAgain, patience).catch((error: unknown) => {
    if (isTransient(error)) return undefined;
    throw error;
  });
  return (
    proven ?? {
      kind: "waiting",
      because: inARow > 0 ? `${inARow} of ${PROOF_SIGN_INS} sign-ins succeeded so far` : because,
    }
  );
}
