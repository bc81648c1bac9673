import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ANSWER_WITHIN } from "../local/cloud/event-grid/send.ts";
import * as limits from "../shared/limits.ts";

type Limits = Record<keyof typeof limits, number>;

const { HOUR, MINUTE, SECOND } = limits;

/** What must hold between the numbers, and why. */
const RELATIONS: [holds: string, (of: Limits) => boolean][] = [
  [
    "the timer's run ends before the host ends it, its last request included",
    (of) => of.TIMER_BUDGET + 4 * of.SLOW_REQUEST_TIME_OUT < of.HOST_TIME_OUT,
  ],
  [
    "a unit's run ends before the host ends it, its last requests included",
    (of) => of.UNIT_BUDGET + 4 * of.SLOW_REQUEST_TIME_OUT < of.HOST_TIME_OUT,
  ],
  [
    "a unit's run deploys several pipelines, and tells of its progress",
    (of) => 10 * of.DEPLOYMENT_TAKES < of.UNIT_BUDGET,
  ],
  [
    "a delivery is left to the run that a message starts until that has ended",
    (of) => of.UNIT_BUDGET + 4 * of.SLOW_REQUEST_TIME_OUT < of.DELIVERY_LEFT,
  ],
  [
    "a proof fits into the time in which a run goes on signing in",
    (of) => of.PROOF_SIGN_INS * (of.PROOF_SPACING + of.SECOND) < of.PROOF_TRY,
  ],
  ["a call has time for the pipelines of a new token", (of) => of.TOKEN_NEEDS < of.CALL_BUDGET],
  ["a unit is gone before the next sweep sends another", (of) => of.SWEPT_UNIT_LIFE < of.HOUR],
  ["the queue hides no message for longer than Azure allows", (of) => of.LONGEST_DELAY < 7 * of.DAY],
  [
    "a timer that is late is not taken for silent",
    (of) => of.TIMER_OVERDUE > of.HOUR && of.TIMER_OVERDUE < of.FIRST_TIMER_RUN,
  ],
  ["messages for one moment come at about that moment", (of) => of.MESSAGES_SPREAD < of.NEXT_LOOK],
  [
    "what waits is looked at within a minute or so",
    (of) => of.NEXT_LOOK <= 2 * of.MINUTE && of.SWEEP_PACE <= of.MINUTE,
  ],
  [
    "a call is answered before the load balancer ends it, its last request included",
    (of) => of.CALL_BUDGET + 4 * of.SLOW_REQUEST_TIME_OUT < of.HTTP_TIME_OUT,
  ],
  ["the load balancer gives up before the host does", (of) => of.HTTP_TIME_OUT < of.HOST_TIME_OUT],
  ["an event is answered before Event Grid delivers it again", (of) => of.EVENT_BUDGET < of.EVENT_GRID_TIME_OUT],
  [
    "no request takes longer than the deployment of a pipeline",
    (of) => Math.max(of.REQUEST_TIME_OUT, of.SLOW_REQUEST_TIME_OUT) <= of.DEPLOYMENT_TAKES,
  ],
  [
    "a run that the host ends has come to rest, with all that it sent, within the longest run",
    (of) => of.HOST_TIME_OUT + of.LATE_WRITE <= of.LONGEST_RUN,
  ],
  [
    "another run's new credential is seen in Entra's list, and stored, before anybody takes it for lost",
    (of) => of.LONGEST_RUN + of.ENTRA_LIST_LAG + of.CLOCK_SKEW < of.GRACE,
  ],
  ["the event has been handled before the timer pushes", (of) => of.EVENT_GRID_TIME_OUT < of.EVENT_HEAD_START],
  ["the timer's next run pushes what the event did not", (of) => of.EVENT_HEAD_START + of.TIMER_BUDGET < of.HOUR],
  [
    "an event's run can still leave something to the queue",
    (of) => of.EVENT_BUDGET + of.QUEUE_TIME_OUT < of.EVENT_GRID_TIME_OUT,
  ],
  ["a proof is more than one sign-in, at different moments", (of) => of.PROOF_SIGN_INS > 1 && of.PROOF_SPACING > 0],
  [
    "the run for a near expiry has time for a proof",
    (of) => (of.PROOF_SIGN_INS - 1) * of.PROOF_SPACING < of.EVENT_BUDGET,
  ],
  [
    "a staged secret is given up only when it is no longer young, by any clock",
    (of) => of.GRACE + of.CLOCK_SKEW < of.PROOF_PATIENCE,
  ],
  [
    "a call goes on with what an earlier one began for as long as that can still be proven, and not for ever",
    (of) => of.PROOF_PATIENCE <= of.ASK_GOES_ON && of.ASK_GOES_ON < of.DAY,
  ],
  [
    "a call is repeated after the queue has looked again, and the same words mean another leak on the next day",
    (of) => of.NEXT_LOOK < of.ASK_UNTOLD && of.ASK_UNTOLD < of.ASK_GOES_ON,
  ],
  [
    "a dead secret is found within a day, which is no young one's",
    (of) => of.GRACE < of.CHECK_AGAIN && of.CHECK_AGAIN <= of.DAY,
  ],
  ["a staged secret is given up in time for another one", (of) => of.PROOF_PATIENCE < of.DAY],
  [
    "the current secret, the staged one, their predecessor and one that was lost may exist at once",
    (of) => of.MOST_MANAGED >= 4,
  ],
  ["an emergency may risk more", (of) => of.MOST_MANAGED < of.MOST_IN_EMERGENCY],
  [
    "an old secret is delivered, confirmed and past its grace before the next rotation",
    (of) => of.LONGEST_RUN + of.GRACE + 2 * of.HOUR < of.ROOM_TO_RETIRE,
  ],
  [
    "a call waits until the server's cache of tokens has passed",
    (of) => of.BOT_TOKEN_CACHE < of.CALL_BUDGET && of.CALL_BUDGET < of.TIMER_BUDGET,
  ],
  [
    "a token that somebody asked to replace does not wait longer than one that is due",
    (of) => of.ASKED_TOKEN_WAITS <= of.DUE_TOKEN_WAITS,
  ],
];

function broken(of: Limits): string[] {
  return RELATIONS.filter(([, holds]) => !holds(of)).map(([name]) => name);
}

/** One change for each relation that breaks it. */
const BREACHES: [what: string, change: Partial<Limits>, breaks: string][] = [
  ["the timer begins steps for 40 minutes", { TIMER_BUDGET: 40 * MINUTE }, "the timer's run ends"],
  ["the timer begins a deployment at the last moment", { TIMER_BUDGET: 9.5 * MINUTE }, "the timer's run ends"],
  ["host.json lets runs live for five minutes", { HOST_TIME_OUT: 5 * MINUTE }, "the timer's run ends"],
  ["a unit's run begins something after nine and a half minutes", { UNIT_BUDGET: 9.5 * MINUTE }, "a unit's run ends"],
  ["a pipeline is given a minute", { DEPLOYMENT_TAKES: MINUTE }, "a unit's run deploys"],
  ["a delivery is left alone for five minutes", { DELIVERY_LEFT: 5 * MINUTE }, "a delivery is left"],
  ["a run signs in for ten seconds", { PROOF_TRY: 10 * SECOND }, "a proof fits"],
  ["pipelines need three minutes", { TOKEN_NEEDS: 3 * MINUTE }, "a call has time"],
  ["units live for two hours", { SWEPT_UNIT_LIFE: 2 * HOUR }, "a unit is gone"],
  ["a message is hidden for ten days", { LONGEST_DELAY: 240 * HOUR }, "the queue hides"],
  ["a timer is silent after half an hour", { TIMER_OVERDUE: 30 * MINUTE }, "a timer that is late"],
  ["messages are spread over five minutes", { MESSAGES_SPREAD: 5 * MINUTE }, "messages for one moment"],
  ["what waits is looked at each hour", { NEXT_LOOK: HOUR }, "what waits is looked at"],
  ["a call goes on for 200 s", { CALL_BUDGET: 200 * SECOND }, "a call is answered"],
  ["the host ends a call first", { HOST_TIME_OUT: 3 * MINUTE }, "the load balancer gives up"],
  ["an event's run goes on for 200 s", { EVENT_BUDGET: 200 * SECOND }, "an event is answered"],
  ["Graph is given two minutes", { SLOW_REQUEST_TIME_OUT: 2 * MINUTE }, "no request takes longer"],
  ["host.json lets runs live for half an hour", { HOST_TIME_OUT: 30 * MINUTE }, "a run that the host ends"],
  ["a run counts as ended when the host ends it", { LONGEST_RUN: 10 * MINUTE }, "a run that the host ends"],
  ["a young credential is given up after half an hour", { GRACE: 30 * MINUTE }, "another run's new credential"],
  ["runs live for an hour", { LONGEST_RUN: HOUR }, "another run's new credential"],
  ["the timer does not wait for the event", { EVENT_HEAD_START: 0 }, "the event has been handled"],
  ["the event has an hour's head start", { EVENT_HEAD_START: HOUR }, "the timer's next run"],
  ["the queue is given ten seconds", { QUEUE_TIME_OUT: 10 * SECOND }, "an event's run can still"],
  ["one sign-in is a proof", { PROOF_SIGN_INS: 1 }, "a proof is more"],
  ["a proof takes half a minute", { PROOF_SPACING: 8 * SECOND }, "the run for a near expiry"],
  ["a call goes on for an hour", { ASK_GOES_ON: HOUR }, "a call goes on"],
  ["a call is forgotten before the queue has looked", { ASK_UNTOLD: 30 * SECOND }, "a call is repeated"],
  ["a secret is checked every half an hour", { CHECK_AGAIN: 30 * MINUTE }, "a dead secret"],
  ["a staged secret is given up after the grace", { PROOF_PATIENCE: HOUR }, "a staged secret is given up only"],
  ["a staged secret is kept for days", { PROOF_PATIENCE: 100 * HOUR }, "a staged secret is given up in time"],
  ["two credentials are the most", { MOST_MANAGED: 2 }, "the current secret, the staged one"],
  ["an emergency is limited like any day", { MOST_IN_EMERGENCY: 5 }, "an emergency"],
  ["there is an hour to retire", { ROOM_TO_RETIRE: HOUR }, "an old secret is delivered"],
  ["the server caches tokens for five minutes", { BOT_TOKEN_CACHE: 5 * MINUTE }, "a call waits"],
  ["somebody who asks waits for days", { ASKED_TOKEN_WAITS: 100 * HOUR }, "a token that somebody asked"],
];

describe("the limits", () => {
  it.each(RELATIONS)("%s", (_name, holds) => {
    expect(holds(limits)).toBe(true);
  });

  it.each(BREACHES)("would be red if %s", (_what, change, breaks) => {
    expect(broken({ ...limits, ...change }).join("\n")).toContain(breaks);
  });

  it("have no relation that no breach shows red", () => {
    const shown = BREACHES.flatMap(([, change]) => broken({ ...limits, ...change }));
    expect(RELATIONS.map(([name]) => name).filter((name) => !shown.includes(name))).toEqual([]);
  });

  it("are whole numbers, and durations are a second at least", () => {
    const {
      PROOF_SIGN_INS: _,
      MOST_MANAGED: __,
      MOST_IN_EMERGENCY: ___,
      MOST_PAGES,
      MOST_BYTES,
      ...durations
    } = limits;
    for (const [name, value] of Object.entries(limits)) expect(Number.isInteger(value), name).toBe(true);
    for (const [name, value] of Object.entries(durations)) expect(value, name).toBeGreaterThanOrEqual(SECOND);
    // A page of a list is some hundred kilobytes.
    expect(MOST_BYTES).toBeGreaterThan(1_000_000);
    expect(MOST_PAGES).toBeGreaterThan(100);
  });

  it("are those of host.json", () => {
    const { functionTimeout } = JSON.parse(readFileSync(new URL("../host.json", import.meta.url), "utf8"));
    const [hours, minutes, seconds] = functionTimeout.split(":").map(Number);
    expect(hours * HOUR + minutes * MINUTE + seconds * SECOND).toBe(limits.HOST_TIME_OUT);
  });

  it("are those of the stand-in for Event Grid", () => {
    expect(ANSWER_WITHIN).toBe(limits.EVENT_GRID_TIME_OUT);
  });
});
