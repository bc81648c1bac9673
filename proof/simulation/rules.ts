import { HOUR, MINUTE } from "../../shared/rotation/client-secret/state.ts";

/**
 * What the design promises, in numbers, repeated here on purpose: a number that is changed in the app must not change
 * what it is held to.
 */

/** A managed credential that is younger is somebody's work in progress. */
export const GRACE = HOUR;
/** Every run that was alive at a delivery has ended so long after it, and what it sent has landed. */
export const LONGEST_RUN = 15 * MINUTE;
/** A staged secret that cannot be proven for so long may be given up. */
export const PROOF_PATIENCE = 6 * HOUR;
/** Beside so many managed credentials none is issued, but for a leak. */
export const MOST_MANAGED = 5;
/** The same while what is current cannot sign in. */
export const MOST_IN_EMERGENCY = 10;
