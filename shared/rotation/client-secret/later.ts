import { GRACE, LONGEST_RUN } from "../../limits.ts";
import type { Policy } from "../order.ts";
import type { Later } from "../outcome.ts";
import { isAhead } from "../progress.ts";
import type { Moment, Observed } from "./observed.ts";
import { dueOn, eventOn, leftToReaders, retireOn, stageOn } from "./reasons.ts";

/** What the clock will bring if nothing else happens, soonest first. What is overdue is dated now. */
export function later({ issued, current, staged }: Observed, policy: Policy, { name, now, run }: Moment): Later[] {
  if (!current?.keyId) return [];
  const { deliveredOn, confirmedOn, keyId } = current;
  const coming: Later[] = [];
  const { pushOn } = current;
  if (isAhead(pushOn, now)) coming.push({ kind: deliveredOn ? "confirm" : "push", on: pushOn, target: keyId });
  if (leftToReaders(current, { now, run })) coming.push({ kind: "push", on: current.readUntil ?? now, target: keyId });
  const event = deliveredOn ? undefined : eventOn(current, { now, run });
  if (event) coming.push({ kind: "push", on: event, target: keyId });
  if (deliveredOn && !confirmedOn && !pushOn) {
    coming.push({ kind: "confirm", on: new Date(deliveredOn.getTime() + LONGEST_RUN), target: keyId });
  }
  const isStaged = staged?.keyId !== undefined && !staged.intent && staged.keyId !== keyId;
  for (const one of deliveredOn ? issued : []) {
    if (one.keyId === keyId || (isStaged && one.keyId === staged.keyId)) continue;
    const on = Math.max(retireOn(deliveredOn ?? now, policy).getTime(), one.issuedOn.getTime() + GRACE);
    coming.push({ kind: "retire", on: new Date(on), target: one.keyId });
  }
  if (!isStaged) coming.push({ kind: "issue", on: stageOn(current, policy), target: name });
  coming.push({ kind: "promote", on: dueOn(current, policy), target: name });
  return coming
    .map((one) => (one.on < now ? { ...one, on: now } : one))
    .toSorted((a, b) => a.on.getTime() - b.on.getTime());
}
