/**
 * Decides what to do next about one credential. The first rule that applies gives the step; after it the world is
 * observed anew.
 *
 *   current            staged                        step
 *   -----------------  ----------------------------  --------------------------------------------------
 *   to be replaced     none of use                   issue   (five managed ones already, ten if none signs in: blocked)
 *   due within lead    none of use                   issue
 *   any                not proven                    prove
 *   to be replaced     proven                        promote
 *   any                newer, promoted before        promote  (a slower run has put an older one in its place)
 *   not delivered      any                           push
 *   delivered          any                           confirm (by a run that began late enough)
 *   confirmed          any                           check and confirm, then retire what is neither current nor staged,
 *                                                    overlap over
 *   any                any                           check (a day after the last sign-in with it)
 *
 * To be replaced: missing, not ours, disabled, refused at a check, dead (Entra does not list it), due, or asked for.
 */

import { CHECK_AGAIN, DAY, GRACE, LONGEST_RUN, MOST_IN_EMERGENCY, MOST_MANAGED } from "../../limits.ts";
import { type Policy, skipName } from "../order.ts";
import { isLeft } from "../progress.ts";
import type { Stored } from "../stored.ts";
import { later } from "./later.ts";
import type { Issued, Moment, Observed } from "./observed.ts";
import {
  eventOn,
  isAlive,
  issuedOn,
  leftToReaders,
  reasonToPromoteAgain,
  reasonToReplace,
  retireOn,
  signedInOn,
  stageOn,
  usableStaged,
} from "./reasons.ts";
import type { CheckReason, Plan, Step } from "./step.ts";

/** Plans the next step. Pure: the same inputs give the same plan. */
export function planRotation(observed: Observed, policy: Policy, moment: Moment): Plan {
  const candidates = [
    ...replacement(observed, policy, moment),
    ...delivery(observed, moment),
    ...seenTo(retirement(observed, policy, moment), observed, moment),
    ...repetition(observed, moment),
    ...inspection(observed, moment),
  ];
  const next = candidates.find((step) => !moment.run.skips.has(skipName(step)));
  return { next, later: later(observed, policy, moment), blocked: blocked(observed, policy, moment) };
}

/** Issue, prove, promote: at most one of them. */
function replacement(observed: Observed, policy: Policy, moment: Moment): Step[] {
  const staged = usableStaged(observed, policy, moment);
  const replace = reasonToReplace(observed, policy, moment);
  if (staged && !staged.provenOn) {
    return [{ kind: "prove", because: "not proven yet", target: staged.keyId, version: staged.version }];
  }
  if (staged) {
    const because = replace ?? reasonToPromoteAgain(staged, observed.current);
    return because ? [{ kind: "promote", because, target: staged.keyId, version: staged.version }] : [];
  }
  const because = reasonToIssue(observed, policy, moment);
  if (!because || blocked(observed, policy, moment)) return [];
  const expiresOn = wholeSecond(moment.now.getTime() + policy.lifetimeDays * DAY);
  return [{ kind: "issue", because, target: moment.name, expiresOn }];
}

function reasonToIssue(observed: Observed, policy: Policy, moment: Moment) {
  if (usableStaged(observed, policy, moment)) return undefined;
  const replace = reasonToReplace(observed, policy, moment);
  const dueSoon = observed.current && moment.now >= stageOn(observed.current, policy);
  return replace ?? (dueSoon ? ("due soon" as const) : undefined);
}

/**
 * Something keeps losing credentials: issuing more would only hide it. A leak is worse, and so is a current secret that
 * cannot sign in, since nothing is retired before it has a successor: both have a limit of their own.
 */
function blocked(observed: Observed, policy: Policy, moment: Moment): string | undefined {
  const { issued, current } = observed;
  const living = issued.filter(({ expiresOn }) => expiresOn > moment.now).length;
  const isEmergency = moment.run.ask?.revokeOld || !isAlive(current, issued, moment.now);
  if (living < (isEmergency ? MOST_IN_EMERGENCY : MOST_MANAGED)) return undefined;
  return reasonToIssue(observed, policy, moment) && `${living} client secrets of this app exist already`;
}

/** What is current is pushed even while its successor is being made: until then it is what the consumer should hold. */
function delivery({ current, issued }: Observed, { now, run }: Moment): Step[] {
  if (!isAlive(current, issued, now) || current.deliveredOn) return [];
  return eventOn(current, { now, run }) || leftToReaders(current, { now, run }) || isLeft(current, { now, run })
    ? []
    : [{ kind: "push", because: "not delivered", target: current.keyId, version: current.version }];
}

/**
 * Whoever can write tags could have a good credential taken for an old one, or one for delivered that nobody was handed;
 * and a consumer may have been set back to an older one since. So nothing goes before this run has seen that what is
 * current is what it says, and has handed it on; what Entra tells to be younger nobody was handed.
 */
function seenTo(retirements: Step[], { issued, current }: Observed, { now, run }: Moment): Step[] {
  const left = retirements.filter((step) => !run.skips.has(skipName(step)));
  const because = "before older secrets are retired";
  if (left.length === 0 || !current) return left;
  if (!isChecked(current, run)) return check(current, because);
  const { keyId: target = "", version } = current;
  const listed = (keyId: string) => issued.find((one) => one.keyId === keyId)?.issuedOn;
  const younger = left.filter((step) => (listed(step.target) ?? 0) > (listed(target) ?? Number.POSITIVE_INFINITY));
  if (run.handedOn === version || younger.length === left.length) return left;
  return isLeft(current, { now, run }) ? younger : [{ kind: "confirm", because, target, version }];
}

/** Nobody else would notice a secret that is dead, or another one than is noted, before its consumer reads it anew. */
function inspection({ current, issued }: Observed, { now, run }: Moment): Step[] {
  if (!isAlive(current, issued, now) || isChecked(current, run)) return [];
  const isLong = now.getTime() >= signedInOn(current, now).getTime() + CHECK_AGAIN;
  return isLong ? check(current, "no known sign-in for 24 hours") : [];
}

function isChecked({ version, keyId }: Stored, { checked: known }: Moment["run"]): boolean {
  return known?.version === version && known.keyId === keyId;
}

function check({ keyId = "", version }: Stored, because: CheckReason): Step[] {
  return [{ kind: "check", because, target: keyId, version }];
}

/** Oldest first. Whoever may still hold an older one can sign in with it until its successor is really in use. */
function retirement({ issued, current, staged }: Observed, policy: Policy, { now, run }: Moment): Step[] {
  if (!isAlive(current, issued, now) || !current.deliveredOn) return [];
  const others = issued
    .filter(({ keyId }) => keyId !== current.keyId)
    .toSorted((a, b) => a.issuedOn.getTime() - b.issuedOn.getTime() || a.keyId.localeCompare(b.keyId));
  const { ask } = run;
  if (ask?.revokeOld && issuedOn(current) >= ask.issuedBefore) {
    const leaked = others.filter((one) => one.issuedOn < ask.issuedBefore);
    if (leaked.length > 0)
      return leaked.map(({ keyId }) => ({ kind: "retire", because: "compromised", target: keyId }));
  }
  const listed = issued.some(({ keyId }) => keyId === current.keyId);
  if (!listed || !current.confirmedOn || now < retireOn(current.deliveredOn, policy)) return [];
  // Whatever this one has just displaced, another run may be about to promote.
  if (staged && now.getTime() < staged.createdOn.getTime() + LONGEST_RUN) return [];
  const isStaged = (one: Issued): boolean => one.keyId === staged?.keyId && !staged.intent;
  return others
    .filter((one) => !isStaged(one) && now.getTime() > one.issuedOn.getTime() + GRACE)
    .map(({ keyId }) => ({ kind: "retire", because: "replaced", target: keyId }));
}

/** A delivery is repeated after a revocation, and once more when every run that was alive at it must have ended. */
function repetition({ current, issued }: Observed, { now, run }: Moment): Step[] {
  if (!isAlive(current, issued, now) || !current.deliveredOn) return [];
  const { keyId: target, version } = current;
  if (run.revoked) return [{ kind: "push", because: "old secrets were revoked", target, version }];
  const late = run.beganOn.getTime() >= current.deliveredOn.getTime() + LONGEST_RUN;
  if (current.confirmedOn || !late || isLeft(current, { now, run })) return [];
  return [{ kind: "confirm", because: "delivered by an earlier run", target, version }];
}

/** Key Vault keeps whole seconds; Entra and the vault shall say the same. */
function wholeSecond(time: number): Date {
  return new Date(Math.floor(time / 1000) * 1000);
}
