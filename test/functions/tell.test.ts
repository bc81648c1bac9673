import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import { StalledError, UpstreamError } from "../../shared/errors.ts";
import { tellOf, tellOfApp, tellOfDeployment } from "../../shared/handlers/tell.ts";
import type { Came } from "../../shared/handlers/tell-look.ts";
import { DAY, HOUR } from "../../shared/limits.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Notice } from "../../shared/notify/notice.ts";
import { type Condition, lacks } from "../../shared/status/condition.ts";
import { botToken, clientSecret, current, day, hour, NOW } from "../status/facts.ts";

/** What is seen of the credential and of the queue, and what was told and remembered. */
const scene = vi.hoisted(() => ({
  receivers: [{}] as object[],
  facts: undefined as unknown,
  notes: {} as Record<string, string>,
  policy: undefined as unknown,
  whole: undefined as Condition[] | undefined,
  opened: [] as unknown[],
  memory: new Map<string, { json: unknown; etag: string }>(),
  memoryIsDown: false,
  sent: [] as unknown[],
}));
vi.mock("../../shared/status/whole.ts", () => ({ wholeOf: async () => scene.whole }));
vi.mock("../../shared/world/clock.ts", () => ({ clock: { now: () => NOW } }));
vi.mock("../../shared/world/settings.ts", () => ({
  receivers: () => ({ receivers: scene.receivers, faults: [] }),
  settings: () => ({ rotation: "the policy", rotationSchedule: "0 0 * * * *", notifyExpiringDays: 7 }),
}));
vi.mock("../../shared/world/engine.ts", () => ({
  queues: () => ({
    work: { state: async () => ({ notes: scene.notes, messages: 0 }) },
    all: { "rotate-credential": { poisoned: async () => 0 } },
  }),
}));
vi.mock("../../shared/world/notify.ts", () => ({
  sendNotice: async (notice: Notice) => void scene.sent.push(notice),
  memory: () => ({
    recall: async (name: string) => {
      if (scene.memoryIsDown) throw new Error("storage is down");
      return scene.memory.get(name);
    },
    remember: async (name: string, json: unknown) => Boolean(scene.memory.set(name, { json, etag: "1" })),
  }),
}));
vi.mock("../../shared/world/world.ts", () => ({
  openWorld: (_: unknown, __: unknown, how: unknown) => ({
    credential: (credential: string) => {
      scene.opened.push([credential, how]);
      const describe = async (moment: unknown) => {
        scene.policy = moment;
        if (scene.facts instanceof Error) throw scene.facts;
        return scene.facts;
      };
      return { name: "blue-secret", describe };
    },
  }),
}));

const blue = { name: "blue" } as Deployment;
const lines: LogEvent[] = [];
const log = (event: LogEvent) => void lines.push(event);

/** Looks after a run of which this came; what is told. */
async function told(came: Came, facts: unknown = clientSecret()): Promise<Partial<Notice>[]> {
  Object.assign(scene, { facts, sent: [] });
  await tellOf({ deployment: blue, credential: "ingestion-client-secret" }, came, log);
  return scene.sent as Notice[];
}
const asked = (before: Date): Came => ({ outcome: { current: { asked: { before } } } as never });
const secret = (changes: Parameters<typeof current>[0], older: Date[] = []) =>
  clientSecret({
    current: current(changes),
    inEntra: {
      managed: [
        { keyId: "current", issuedOn: day(-11), expiresOn: day(80) },
        ...older.map((issuedOn, index) => ({ keyId: `older-${index}`, issuedOn, expiresOn: day(3) })),
      ],
      foreign: 0,
    },
  });

beforeEach(() => {
  Object.assign(scene, {
    receivers: [{}],
    whole: undefined,
    notes: {},
    opened: [],
    memory: new Map(),
    memoryIsDown: false,
    sent: [],
  });
  lines.length = 0;
});

describe("after a run", () => {
  it("nobody looks where nobody wants to hear", async () => {
    scene.receivers = [];
    expect(await told({ failure: new Error("x") })).toEqual([]);
    await tellOfApp(["a fault"], log);
    expect([scene.opened, scene.sent, lines]).toEqual([[], [], []]);
  });

  it("the look is that of status, which changes nothing", async () => {
    await told({});
    expect(scene.opened).toEqual([["ingestion-client-secret", { onlyLooks: true }]]);
    expect(scene.policy).toEqual({ policy: "the policy", now: NOW });
  });

  it("that failed for good it is told with its code, its sentence and what to do", async () => {
    const failure = new StalledError("bot-missing", "Cannot push", { hint: "Create it" });
    expect(await told({ failure })).toMatchObject([
      { kind: "stalled", reason: "bot-missing", message: "Cannot push", hint: "Create it", secret: "blue-secret" },
    ]);
  });

  it("that met a service which is down nothing is told yet: that passes by itself", async () => {
    const failure = new UpstreamError("Cannot read", { service: "Entra", status: 503 });
    expect(await told({ failure })).toEqual([]);
    expect(await told({}, failure)).toEqual([]);
  });

  it("that failed by our own fault it is told only when it lasts, and without a hint", async () => {
    const failure = new TypeError("x");
    expect(await told({ failure })).toEqual([]);
    const json = { version: 1, beganOn: day(-1).toISOString(), trouble: { since: hour(-2).toISOString(), told: [] } };
    scene.memory.set("blue/ingestion-client-secret.json", { json, etag: "1" });
    const [notice] = await told({ failure });
    expect(notice).toMatchObject({ reason: "internal-error" });
    expect(notice).not.toHaveProperty("hint");
  });

  it("it is told what status says: an end that is seven days away, but not one that is eight", async () => {
    expect(await told({}, secret({ expiresOn: new Date(NOW.getTime() + 8 * DAY) }))).toEqual([]);
    scene.memory.clear();
    expect(await told({}, secret({ expiresOn: new Date(NOW.getTime() + 7 * DAY) }))).toMatchObject([
      { kind: "expiring" },
    ]);
  });

  it("a registration that is missing is told only where something was delivered before", async () => {
    const missing = new StalledError("registration-missing", "There is none", {});
    expect(await told({}, missing)).toEqual([]);
    scene.memory.clear();
    await told({});
    expect(await told({}, missing)).toMatchObject([{ kind: "stalled", reason: "registration-missing" }]);
  });

  it("of a credential that is not used there is nothing to tell", async () => {
    await told({});
    expect(await told(asked(day(-12)), { unused: "there is no bot", secret: "blue-secret" })).toEqual([]);
  });
});

describe("an answer to a leak", () => {
  it("is told of a bot's token too, of which there is one at a time, and not of what is not used", async () => {
    await told({});
    expect(await told(asked(day(-12)), { ...botToken(), secret: "blue-secret" })).toMatchObject([
      { kind: "leak-answered" },
    ]);
    scene.memory.clear();
    await told({});
    expect(await told(asked(day(-12)), { unused: "there is no bot", current: current() })).toEqual([]);
  });

  it("does not count the new one itself among what is older", async () => {
    await told({});
    const own = {
      ...secret({}),
      inEntra: { managed: [{ keyId: "current", issuedOn: day(-20), expiresOn: day(80) }], foreign: 0 },
    };
    expect(await told(asked(day(-12)), own)).toMatchObject([{ kind: "leak-answered" }]);
  });

  it.each([
    ["is told when the new one is delivered and nothing older signs in", [], {}, ["leak-answered"]],
    ["is not told while it is not delivered", [], { deliveredOn: undefined, storedOn: NOW }, []],
    ["is not told while an older one is left", [day(-20)], {}, []],
    ["does not wait for what was issued later", [day(-12), day(-11)], {}, ["leak-answered"]],
  ])("%s", async (_, older, changes, kinds) => {
    await told({});
    expect((await told(asked(day(-12)), secret(changes, older))).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("is nothing that is told where nobody asked, or nothing could be read", async () => {
    await told({});
    expect(await told({ outcome: { current: {} } as never })).toEqual([]);
    expect(await told(asked(day(-12)), new UpstreamError("Cannot read", { service: "Entra", status: 503 }))).toEqual(
      [],
    );
  });
});

describe("of a deployment as a whole", () => {
  const unreachable = [lacks("Reachable", ["failing", "openmetadata-refused"], "OpenMetadata answered 400")];

  it("it is told what stands in its way, and nothing while it is not set up, or nobody wants to hear", async () => {
    await tellOfDeployment(blue, log);
    scene.whole = unreachable;
    scene.receivers = [];
    await tellOfDeployment(blue, log);
    expect(scene.sent).toEqual([]);
    scene.receivers = [{}];
    await tellOfDeployment(blue, log);
    expect(scene.sent).toMatchObject([{ deployment: "blue", reason: "openmetadata-refused" }]);
    expect(scene.sent[0]).not.toHaveProperty("credential");
  });

  it("what cannot be told is a line in the log", async () => {
    Object.assign(scene, { whole: unreachable, memoryIsDown: true });
    await tellOfDeployment(blue, log);
    const message = expect.stringContaining('cannot tell what has changed of deployment "blue"');
    expect(lines).toMatchObject([{ event: "trouble", message }]);
  });
});

describe("of the app itself", () => {
  it("it is told when its timer is silent, and when its list of deployments is faulty", async () => {
    scene.notes = { timersilenton: new Date(NOW.getTime() - HOUR).toISOString() };
    await tellOfApp([], log);
    expect(scene.sent).toMatchObject([{ kind: "stalled", reason: "timer-silent" }]);
    await tellOfApp(["DEPLOYMENTS[1] must be an object"], log);
    expect(scene.sent).toMatchObject([{}, { reason: "deployments-faulty" }]);
  });
});

it("what cannot be told keeps nobody from their work: it is a line in the log", async () => {
  scene.memoryIsDown = true;
  expect(await told({})).toEqual([]);
  await tellOfApp([], log);
  expect(lines).toMatchObject([
    { event: "trouble", message: expect.stringContaining("cannot tell what has changed of ingestion-client-secret") },
    { event: "trouble", message: expect.stringContaining("cannot tell what has changed of the app") },
  ]);
});
