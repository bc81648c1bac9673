import { UpstreamError } from "../../shared/errors.ts";
import { LONGEST_RUN } from "../../shared/rotation/state.ts";
import type { Run } from "./run.ts";
import type { VaultSecret } from "./vault.ts";

/**
 * Weaknesses that the simulation has found and that are left out of it, so that it can look for others. Each one is a
 * switch: false lets the trigger in again. None is meant to stay.
 */
export const LEFT_OUT = {
  /** An app's clock that is more than a minute ahead of Entra's: a capped lifetime is refused for ever. */
  cappedLifetimeWithSkew: true,
  /** What is to be revoked is told by Entra's clock, what replaces it by the app's. */
  revocationWithSkew: true,
  /** An intent hides what is staged: two runs that overlap may cost two credentials instead of one. */
  hiddenByIntent: true,
  /** A run that is about to promote what another one has displaced from "-next" is not waited for: it is retired. */
  displacedWhilePromoting: true,
  /** A run that is slow to promote puts the older credential in the place of the newer one that was asked for since. */
  stalePromotion: true,
};

/** Refuses to retire what was displaced from "-next" a moment ago, while that weakness is left out. */
export function spare(run: Run, { staged, value, now }: { staged: VaultSecret; value: string; now: number }): void {
  if (!LEFT_OUT.displacedWhilePromoting || run.ask?.revokeOld) return;
  const last = staged.versions.findLastIndex((one) => one.value === value);
  const next = last < 0 ? undefined : staged.versions[last + 1];
  if (!next || next.createdAt + LONGEST_RUN < now) return;
  throw new UpstreamError("Cannot retire a client secret: left out of the simulation", {
    service: "Microsoft Graph",
    status: 409,
  });
}
