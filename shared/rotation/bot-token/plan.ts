/**
 * Decides what to do next about the token of a bot. The first rule that applies gives the step; after it the world is
 * observed anew.
 *
 *   the server holds          the vault's current one   step
 *   ------------------------  ------------------------  ------------------------------------------------------
 *   none (revoked, or SSO)    any                       issue
 *   one that is due           any                       issue (waits while pipelines run, a day at most)
 *   one to be replaced        any                       issue (waits while pipelines run, an hour; a leak does not)
 *   any                       none, disabled, another   promote: what the server holds is brought into the vault
 *   one that never ends       ends soon                 promote: the same token once more
 *   the same                  not delivered             push
 *   the same                  delivered                 confirm (by a run that began late enough)
 *
 * A client secret is staged and proven before its predecessor goes. A token cannot be: the old one ends the moment
 * that the new one is issued (at the latest when the server's cache of two minutes has passed). So everything that
 * can fail is tried before issuing, and what was issued is never lost: the server shows it to an administrator.
 * A token that never ends is never due: replacing it would take it from runners that hold a copy made by hand.
 */
import { ASKED_TOKEN_WAITS, CLOCK_SKEW, DAY, DUE_TOKEN_WAITS, LONGEST_RUN } from "../../limits.ts";
import { type Policy, skipName } from "../order.ts";
import type { Later } from "../outcome.ts";
import { isAhead, isLeft } from "../progress.ts";
import type { Stored } from "../stored.ts";
import type { Held, Moment, Observed } from "./observed.ts";
import type { IssueReason, Plan, PromoteReason, Step, TokenLifetime } from "./step.ts";

/** Plans the next step. Pure: the same inputs give the same plan. */
export function planBotToken(observed: Observed, policy: Policy, moment: Moment): Plan {
  const issue = issuing(observed, policy, moment);
  const candidates = [
    ...(issue && !issue.waits ? [issue.step] : []),
    ...storing(observed, policy, moment),
    ...delivery(observed, moment),
  ];
  return {
    next: candidates.find((step) => !moment.run.skips.has(skipName(step))),
    waits: issue?.waits && !moment.run.skips.has("issue") ? { step: issue.step, ...issue.waits } : undefined,
    later: later(observed, policy, moment),
  };
}

/** Must a token be issued, whatever else is the case? */
export function reasonToIssue(
  { held, current }: Observed,
  policy: Policy,
  { now, run }: Moment,
): IssueReason | undefined {
  if (held.keyId === undefined) return "the bot has no token";
  if (run.ask && !run.issuedOn && issuedOn(held, current) < wholeSecond(run.ask.issuedBefore)) {
    return run.ask.revokeOld ? "compromised" : "requested";
  }
  const due = dueOn(held, policy);
  return due && now >= due ? "due" : undefined;
}

/** From when on a token is replaced: as early as a client secret, but not in the first two thirds of its life. */
export function dueOn(
  { issuedOn: from, expiresOn }: Pick<Held, "issuedOn" | "expiresOn">,
  { renewBeforeDays }: Policy,
): Date | undefined {
  if (!expiresOn) return undefined;
  const third = from ? (expiresOn.getTime() - from.getTime()) / 3 : Number.POSITIVE_INFINITY;
  return new Date(expiresOn.getTime() - Math.min(renewBeforeDays * DAY, third));
}

/** The longest that the server offers and the policy allows; a week where it allows less. */
export function lifetimeOf({ lifetimeDays }: Policy): TokenLifetime {
  const offered = ["90", "60", "30"] as const;
  return offered.find((days) => Number(days) <= lifetimeDays) ?? "7";
}

function issuing(observed: Observed, policy: Policy, moment: Moment) {
  const because = reasonToIssue(observed, policy, moment);
  if (!because) return undefined;
  const affects = affectsIngestion(observed);
  const common = { kind: "issue", because, target: moment.name, lifetime: lifetimeOf(policy) } as const;
  const step: Step = affects === undefined ? common : { ...common, affects };
  const until = waitUntil(because, observed.held, policy, moment);
  const { running } = observed;
  if (!until || moment.now >= until || running.length === 0) return { step, waits: undefined };
  const which = running.map((name) => `"${name}"`).join(", ");
  const why = `pipelines are running (${which}) and would lose their token; a new one is issued when they have ended, by ${until.toISOString()} at the latest`;
  return { step, waits: { code: "pipelines-running" as const, because: why, until } };
}

/**
 * How long ingestion is refused where the old token ends before the last pipeline is deployed: they are deployed one
 * after the other, and 10 to 24 s were reported for each (open-metadata/OpenMetadata #32004).
 */
export function affectsIngestion({ deployed = 0 }: Pick<Observed, "deployed">): string | undefined {
  if (deployed === 0) return undefined;
  const minutes = (seconds: number): number => Math.max(1, Math.ceil((deployed * seconds) / 60));
  const [least, most] = [minutes(10), minutes(24)];
  const time = most === 1 ? "a minute" : `${least} to ${most} minutes`;
  const pipelines = deployed === 1 ? "1 pipeline" : `${deployed} pipelines`;
  return `the old token becomes invalid at once; redeploying ${pipelines} takes 10 to 24 s each, so the last one is refused for ${time}`;
}

function waitUntil(because: IssueReason, held: Held, policy: Policy, { run }: Moment): Date | undefined {
  if (because === "requested" && run.ask) return new Date(run.ask.issuedBefore.getTime() + ASKED_TOKEN_WAITS);
  const due = dueOn(held, policy);
  if (because !== "due" || !due || !held.expiresOn) return undefined;
  const half = (held.expiresOn.getTime() - due.getTime()) / 2;
  return new Date(due.getTime() + Math.min(DUE_TOKEN_WAITS, half));
}

/** What the server holds is the truth: whoever had it made, the vault must hold the same. */
function storing({ held, current }: Observed, policy: Policy, { now }: Moment): Step[] {
  if (held.keyId === undefined) return [];
  const because = reasonToStore(held, current) ?? reasonToStoreAgain(held, current, { policy, now });
  return because ? [{ kind: "promote", because, target: held.keyId }] : [];
}

function reasonToStore({ keyId }: Held, current: Stored | undefined): PromoteReason | undefined {
  if (!current) return "the vault has none";
  if (current.keyId !== keyId) return "OpenMetadata has a different token";
  return current.enabled ? undefined : "disabled in the vault";
}

/** Whatever the vault holds ends there some day, because a policy may demand it; the token itself may not. */
function reasonToStoreAgain(
  held: Held,
  current: Stored | undefined,
  { policy, now }: { policy: Policy; now: Date },
): PromoteReason | undefined {
  const end = held.expiresOn === undefined ? current?.expiresOn : undefined;
  const isNear = end !== undefined && now.getTime() >= end.getTime() - policy.renewBeforeDays * DAY;
  return isNear ? "the copy in the vault expires soon" : undefined;
}

function delivery({ held, current }: Observed, { now, run }: Moment): Step[] {
  if (!current?.enabled || held.keyId === undefined || current.keyId !== held.keyId) return [];
  if (isLeft(current, { now, run })) return [];
  const { version, deliveredOn, confirmedOn } = current;
  if (!deliveredOn) return [{ kind: "push", because: "not delivered", target: held.keyId, version }];
  const late = run.beganOn.getTime() >= deliveredOn.getTime() + LONGEST_RUN;
  if (confirmedOn || !late) return [];
  return [{ kind: "confirm", because: "delivered by an earlier run", target: held.keyId, version }];
}

/** What the clock will bring if nothing else happens, soonest first. */
function later({ held, current }: Observed, policy: Policy, { name, now }: Moment): Later[] {
  const coming: Later[] = [];
  if (isAhead(current?.pushOn, now) && current?.keyId) {
    const kind = current.deliveredOn ? "confirm" : "push";
    coming.push({ kind, on: current.pushOn, target: current.keyId });
  } else if (current?.deliveredOn && !current.confirmedOn && current.keyId) {
    coming.push({ kind: "confirm", on: new Date(current.deliveredOn.getTime() + LONGEST_RUN), target: current.keyId });
  }
  const due = held.keyId === undefined ? undefined : dueOn(held, policy);
  if (due) coming.push({ kind: "issue", on: due < now ? now : due, target: name });
  return coming.toSorted((a, b) => a.on.getTime() - b.on.getTime());
}

/**
 * By our own clock, where the vault knows the token; by OpenMetadata's where it does not. A tag, which may be anybody's, that
 * tells of a time after it was stored would spare one that has leaked.
 */
function issuedOn(held: Held, current: Stored | undefined): Date {
  if (!current?.issuedOn || current.keyId !== held.keyId) return held.issuedOn ?? new Date(0);
  return new Date(Math.min(current.issuedOn.getTime(), current.createdOn.getTime() + CLOCK_SKEW));
}

/** A token tells the second of its issue, not more: one issued within the second that was named is new enough. */
export function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
