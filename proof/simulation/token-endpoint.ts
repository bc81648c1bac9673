import { PROOF_SIGN_INS, PROOF_SPACING } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { Credential } from "./credential.ts";
import type { Registration } from "./registration.ts";
import type { Run } from "./run.ts";

export interface SignedIn {
  kind: "signed-in";
  accessToken: string;
  objectId: string;
}

/** A sign-in at a replica that is so many milliseconds behind. */
export type SignIn = (run: Run, value: string, lag: number) => SignedIn | { kind: "unknown-secret" | "expired-secret" };

export const OBJECT_ID = "b0b0b0b0-0000-4000-8000-000000000001";

/** Replicas that differ never give a run more successes in a row than this before all know the secret. */
const MOST_FLAPS = PROOF_SIGN_INS - 1;
/** What proves a secret: sign-ins in a row, by one run, over some seconds. */
const PROOF_LASTS = (PROOF_SIGN_INS - 1) * PROOF_SPACING;

/** Entra's token endpoint: replicas that know a secret sooner or later, and forget it so. */
export function tokenEndpoint(
  { byValue, isExpired }: Registration,
  { now, chance }: { now: () => number; chance: Chance },
): SignIn {
  const attempts = new Map<string, { left: number; inARow: number; since: number }>();
  /** Between "known" and "settled" one replica knows the secret and another does not. */
  const flaps = (run: Run, credential: Credential): boolean => {
    const attempt = attemptOf(run, credential);
    attempt.left -= 1;
    if (attempt.left >= 0) return false;
    attempt.left = chance.whole(0, MOST_FLAPS);
    return true;
  };
  const attemptOf = (run: Run, { keyId }: Credential) => {
    const name = `${run.name} ${keyId}`;
    const attempt = attempts.get(name) ?? { left: chance.whole(0, MOST_FLAPS), inARow: 0, since: now() };
    attempts.set(name, attempt);
    return attempt;
  };
  const judge = (run: Run, credential: Credential | undefined) => {
    if (!credential || now() >= credential.forgottenAt) return "unknown-secret" as const;
    if (isExpired(credential)) return "expired-secret" as const;
    const young = chance.happens(0.1) ? ("expired-secret" as const) : ("unknown-secret" as const);
    if (now() < credential.knownFrom) return young;
    if (now() < credential.settledAt && flaps(run, credential)) return young;
    return undefined;
  };
  return (run, value, lag) => {
    const credential = byValue(value);
    const refused = judge(run, credential);
    if (!credential || credential.issuedAt > now() - lag) return { kind: "unknown-secret" };
    const attempt = attemptOf(run, credential);
    if (refused) {
      attempt.inARow = 0;
      return { kind: refused };
    }
    if (attempt.inARow === 0) attempt.since = now();
    attempt.inARow += 1;
    const long = attempt.inARow >= PROOF_SIGN_INS && now() - attempt.since >= PROOF_LASTS;
    if (long) credential.provenAt ??= now();
    return { kind: "signed-in", accessToken: `token of ${OBJECT_ID}`, objectId: OBJECT_ID };
  };
}
