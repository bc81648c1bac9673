import { describe, expect, it } from "vitest";
import { readNoticeMessage } from "../../shared/notify/notice.ts";
import { leftToOthers, planNotices, type Seen, type Telling } from "../../shared/notify/plan.ts";
import type { Told } from "../../shared/notify/told.ts";
import { type Condition, holds, lacks } from "../../shared/status/condition.ts";

const NOW = new Date("2031-03-03T12:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const about = { deployment: "blue", credential: "bot-token", secret: "blue-bot-token" } as const;
const patience = { bear: 2 * HOUR, expiring: 7 * DAY };
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const HEALTHY: Condition[] = [holds("Ready", "ready", "It works")];
const failing = (reason: Condition["reason"]): Condition[] => [lacks("Ready", ["failing", reason], `It is ${reason}`)];
const attention = (reason: Condition["reason"]): Condition[] => [lacks("Ready", ["attention", reason], "Hm")];
const version = (keyId: string, more: Partial<NonNullable<Seen["current"]>> = {}) => ({
  keyId,
  deliveredOn: NOW,
  delivery: "verified" as const,
  expiresOn: later(90 * DAY),
  ...more,
});
const plan = (before: Told | undefined, seen: Partial<Seen>) =>
  planNotices(before, { now: NOW, conditions: HEALTHY, ...seen }, { about, patience });
const kinds = ({ notices }: Telling) => notices.map(({ kind }) => kind);

/** Plans over several looks, an hour apart, and tells what each has told. */
function over(looks: Partial<Seen>[], every = HOUR): string[][] {
  let told: Told | undefined;
  return looks.map((seen, hours) => {
    const planned = plan(told, { now: later(hours * every), ...seen });
    told = planned.told;
    return kinds(planned);
  });
}

const DELIVERED = { current: version("1") };

describe("what is told of a credential", () => {
  it("is nothing when the app looks for the first time and all is well", () => {
    expect(kinds(plan(undefined, DELIVERED))).toEqual([]);
  });

  it("is a delivery, once, by the id of the credential", () => {
    const next = { current: version("2", { deliveredOn: later(HOUR) }) };
    expect(over([DELIVERED, DELIVERED, next, next])).toEqual([[], [], ["delivered"], []]);
    const [first] = plan(plan(undefined, DELIVERED).told, next).notices;
    expect(first).toMatchObject({
      id: "blue/bot-token/delivered/2",
      title: 'Rotated and delivered: bot-token of "blue"',
      secret: "blue-bot-token",
      reason: "verified",
    });
  });

  it("says that a delivery is assumed where nobody can see it", () => {
    const next = { current: version("2", { delivery: "assumed", deliveredOn: later(HOUR) }) };
    expect(over([DELIVERED, next, next])).toEqual([[], ["assumed-delivered"], []]);
  });

  it("is a delivery in the very moment from which somebody wanted to hear", () => {
    expect(over([{}, DELIVERED])).toEqual([[], ["delivered"]]);
  });

  it("is no delivery of a version that belongs to no credential", () => {
    expect(over([DELIVERED, { current: version("2", { keyId: undefined }) }, DELIVERED])).toEqual([[], [], []]);
  });

  it("is not a delivery that was made before anybody wanted to hear, and was not seen at first", () => {
    const unread = { conditions: attention("vault-unreachable") };
    expect(over([unread, { current: version("1", { deliveredOn: later(-DAY) }) }])).toEqual([[], []]);
  });

  it("is what a person must do, at once, once by each reason, and then that it is over", () => {
    const seen = ["expired", "expired", "disabled", "expired"] as const;
    expect(over([...seen.map((reason) => ({ conditions: failing(reason) })), {}, {}])).toEqual([
      ["stalled"],
      [],
      ["stalled"],
      [],
      ["recovered"],
      [],
    ]);
  });

  it("has the code and what to do of the run that failed, before what status says", () => {
    const failure = { verdict: "failing", reason: "vault-forbidden", message: "Cannot", hint: "Grant it" } as const;
    const { notices } = plan(undefined, { failure, conditions: failing("expired") });
    expect(notices).toMatchObject([
      {
        kind: "stalled",
        title: 'Needs attention: bot-token of "blue" (reported once for all credentials)',
        reason: "vault-forbidden",
        message: "Cannot",
        hint: "Grant it",
      },
    ]);
  });

  it("is the worst of all that stands in the way, whatever is seen first", () => {
    const conditions = [...HEALTHY, ...attention("overdue"), ...failing("expired"), ...attention("delivery-late")];
    expect(plan(undefined, { conditions }).notices).toMatchObject([{ reason: "expired" }]);
    expect(plan(undefined, { conditions }).notices[0]).not.toHaveProperty("hint");
  });

  it("is what passes by itself only when it has lasted, and its end only when it was told", () => {
    const hm = { conditions: attention("graph-unavailable") };
    expect(over([hm, hm, {}])).toEqual([[], [], []]);
    expect(over([hm, hm, hm, hm, {}])).toEqual([[], [], ["stalled"], [], ["recovered"]]);
  });

  it.each(["overdue", "delivery-late", "timer-silent", "work-failed", "deployments-faulty"] as const)(
    "is at once what has lasted when it is called %s",
    (reason) => {
      expect(over([{ conditions: attention(reason) }, { conditions: attention(reason) }])).toEqual([["stalled"], []]);
    },
  );

  it("is each thing that has lasted, though another goes on, and of two at once one after the other", () => {
    const [silent, failed] = [attention("timer-silent"), attention("work-failed")];
    const both = { conditions: [...silent, ...failed] };
    expect(over([{ conditions: silent }, both, both, { conditions: failed }, {}])).toEqual([
      ["stalled"],
      ["stalled"],
      [],
      [],
      ["recovered"],
    ]);
    const stuck = { conditions: [...failing("expired"), ...failing("too-many-credentials")] };
    expect(over([stuck, stuck, stuck])).toEqual([["stalled"], ["stalled"], []]);
  });

  it("is what passes by itself once, by whatever codes it goes on", () => {
    const looks = ["graph-unavailable", "graph-unavailable", "graph-unavailable", "graph-throttled"] as const;
    expect(over(looks.map((reason) => ({ conditions: attention(reason) })))).toEqual([[], [], ["stalled"], []]);
  });

  it("is told anew when what only needed a look begins to fail", () => {
    expect(over([{ conditions: attention("overdue") }, { conditions: failing("expired") }])).toEqual([
      ["stalled"],
      ["stalled"],
    ]);
  });

  it("is an end that comes near without a successor, once, even while nothing can be read", () => {
    const delivered = { current: version("1", { expiresOn: later(9 * DAY) }) };
    const unread = { conditions: HEALTHY };
    const looks = [delivered, delivered, delivered, unread, unread];
    expect(over(looks, DAY)).toEqual([[], [], ["expiring"], [], []]);
    const next = { current: version("2", { expiresOn: later(90 * DAY), deliveredOn: later(5 * DAY) }) };
    expect(over([...looks, next, next], DAY).slice(5)).toEqual([["delivered"], []]);
  });

  it("is not an end where a successor has taken its place and is not delivered: that of the old one counts", () => {
    const old = { current: version("1", { expiresOn: later(5 * DAY) }) };
    const undelivered = { current: version("2", { deliveredOn: undefined, expiresOn: later(90 * DAY) }) };
    expect(over([{ current: version("1", { expiresOn: later(8 * DAY) }) }, undelivered, undelivered], DAY)).toEqual([
      [],
      ["expiring"],
      [],
    ]);
    expect(over([old, undelivered])).toEqual([["expiring"], []]);
  });

  it("is that a leak is answered, once", () => {
    const answered = { ...DELIVERED, answered: later(-HOUR) };
    expect(over([DELIVERED, answered, answered, DELIVERED, { ...DELIVERED, answered: NOW }])).toEqual([
      [],
      ["leak-answered"],
      [],
      [],
      ["leak-answered"],
    ]);
  });

  it("is not a leak that was answered before anybody wanted to hear, nor one that was told already", () => {
    const answered = { ...DELIVERED, answered: later(-HOUR) };
    expect(over([answered, DELIVERED, answered])).toEqual([[], [], []]);
  });

  it.each<[kind: string, looks: Partial<Seen>[], title: string, told: (string | RegExp)[]]>([
    [
      "delivered",
      [DELIVERED, { current: version("2") }],
      "Rotated and delivered",
      [/consumer was seen to have it/, "It expires on 2031-06-01T12:00:00.000Z."],
    ],
    [
      "assumed-delivered",
      [DELIVERED, { current: version("2", { delivery: "assumed" }) }],
      "Rotated, delivery assumed",
      [/nobody can see whether they have read it/, "It expires on 2031-06-01T12:00:00.000Z."],
    ],
    [
      "expiring",
      [{ current: version("1", { expiresOn: later(DAY) }) }],
      "About to expire",
      ["expires on 2031-03-04T12:00:00.000Z"],
    ],
    [
      "recovered",
      [{ conditions: failing("expired") }, { conditions: failing("disabled") }, {}],
      "Recovered",
      ["since 2031-03-03T12:00:00.000Z (expired, disabled)"],
    ],
    [
      "leak-answered",
      [DELIVERED, { ...DELIVERED, answered: later(-HOUR) }],
      "Leak answered",
      ["before 2031-03-03T11:00:00.000Z"],
    ],
  ])("says of %s what has happened, and when", (kind, looks, title, told) => {
    let before: Told | undefined;
    let notice: Telling["notices"][number] | undefined;
    for (const seen of looks) {
      const planned = plan(before, seen);
      before = planned.told;
      notice = planned.notices.at(-1);
    }
    expect(notice).toMatchObject({ kind, title: `${title}: bot-token of "blue"`, deployment: "blue" });
    expect(notice).toMatchObject({ credential: "bot-token", on: NOW.toISOString() });
    for (const text of told) expect(notice?.message).toMatch(text);
    expect(readNoticeMessage({ version: 1, kind: "notice", notice })).toMatchObject({ notice: { kind } });
  });

  it("does not say when it expires where nobody knows", () => {
    const next = { current: version("2", { expiresOn: undefined }) };
    const [notice] = plan(plan(undefined, DELIVERED).told, next).notices;
    expect(notice?.message).toMatch(/seen to have it\.$/);
  });

  it("says by which reason what nears its end is told, and what to do", () => {
    const { notices } = plan(undefined, { current: version("1", { expiresOn: later(DAY) }) });
    expect(notices).toMatchObject([{ reason: "expiring", hint: expect.stringContaining("POST /api/rotate") }]);
  });

  it("fits into a message of the queue, however long what a service said is", () => {
    const failure = {
      verdict: "failing",
      reason: "expired",
      message: "x".repeat(9_000),
      hint: "y".repeat(9_000),
    } as const;
    const { notices } = plan(undefined, { failure });
    expect(readNoticeMessage({ version: 1, kind: "notice", notice: notices[0] })).toMatchObject({ kind: "notice" });
  });

  it("is the same when it is planned twice from the same: who repeats it repeats its id", () => {
    const [before, seen] = [plan(undefined, DELIVERED).told, { conditions: failing("expired") }];
    expect(plan(before, seen)).toEqual(plan(before, seen));
  });
});

it("what another one tells is left to it, and tried again: all else is told, and kept in mind", () => {
  const before = plan(undefined, { ...DELIVERED, conditions: failing("disabled") }).told;
  const next = { current: version("2"), conditions: failing("vault-forbidden") };
  const { notices, told } = plan(before, next);
  expect(notices.map(({ kind }) => kind)).toEqual(["delivered", "stalled"]);
  const own = leftToOthers({ notices, told }, ["vault-forbidden"]);
  expect(own.notices).toEqual([notices[0]]);
  expect(own.told).toEqual({ ...told, trouble: { since: NOW.toISOString(), told: ["disabled"] } });
  expect(leftToOthers({ notices, told }, [])).toEqual({ notices, told });
});

it("of a deployment as a whole is told without a credential, as its own", () => {
  const conditions = [lacks("Reachable", ["failing", "openmetadata-refused"], "OpenMetadata answered 400")];
  const { notices } = planNotices(undefined, { now: NOW, conditions }, { about: { deployment: "blue" }, patience });
  expect(notices).toMatchObject([
    { title: 'Needs attention: deployment "blue"', deployment: "blue", reason: "openmetadata-refused" },
  ]);
  expect(notices[0]).not.toHaveProperty("credential");
  const [ofCredential] = planNotices(undefined, { now: NOW, conditions }, { about, patience }).notices;
  expect(ofCredential?.title).toBe('Needs attention: bot-token of "blue" (reported once for the deployment)');
});

it("of the app itself is told without a deployment", () => {
  const conditions = [lacks("TimerRuns", ["attention", "timer-silent"], "The timer does not run")];
  const { notices } = planNotices(undefined, { now: NOW, conditions }, { about: {}, patience });
  expect(notices).toMatchObject([{ title: "Needs attention: the app itself", reason: "timer-silent" }]);
  for (const one of ["deployment", "credential", "secret"]) expect(notices[0]).not.toHaveProperty(one);
  expect(notices[0]?.id).toBe(`app/stalled/timer-silent/${NOW.toISOString()}`);
});
