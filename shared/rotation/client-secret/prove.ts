import { UpstreamError } from "../../errors.ts";
import type { Ports } from "./ports.ts";

/** So many sign-ins must succeed in a row: Entra's replicas learn of a new secret one after the other. */
const SIGN_INS = 5;
const SPACING_MILLISECONDS = 2_000;

export type Proof = { kind: "proven"; refusals: number } | { kind: "waiting"; because: string };

/**
 * Signs in again and again until enough attempts in a row have succeeded, or until there is no time for another one.
 * Any failure starts the count anew. A new secret is refused as unknown, sometimes as expired, while it replicates
 * (microsoftgraph/microsoft-graph-docs #17966, Azure-Samples/active-directory-dotnetcore-daemon-v2 #87).
 */
export async function prove(
  { signIn, now, wait }: Ports,
  { appId, value, endsOn }: { appId: string; value: string; endsOn: Date },
): Promise<Proof> {
  let inARow = 0;
  let refusals = 0;
  let because = "no sign-in attempted yet";
  for (;;) {
    const refused = await refusal(() => signIn(appId, value));
    if (refused === undefined) {
      inARow += 1;
      if (inARow === SIGN_INS) return { kind: "proven", refusals };
    } else {
      inARow = 0;
      refusals += 1;
      because = refused;
    }
    if (now().getTime() + SPACING_MILLISECONDS > endsOn.getTime()) {
      return { kind: "waiting", because: inARow > 0 ? `${inARow} of ${SIGN_INS} sign-ins made` : because };
    }
    await wait(SPACING_MILLISECONDS);
  }
}

async function refusal(attempt: () => Promise<{ kind: string }>): Promise<string | undefined> {
  try {
    const { kind } = await attempt();
    return kind === "signed-in" ? undefined : `Entra refuses it (${kind}), as it does while a new secret replicates`;
  } catch (error) {
    if (error instanceof UpstreamError && error.transient) return error.message;
    throw error;
  }
}
