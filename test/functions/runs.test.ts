import functions, { type InvocationContext as Context } from "@azure/functions";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "../../shared/engine/message.ts";
import type { WorkQueue } from "../../shared/engine/ports.ts";
import { CALL_BUDGET, EVENT_BUDGET, TIMER_BUDGET, UNIT_BUDGET } from "../../shared/limits.ts";
import type { Order } from "../../shared/rotation/order.ts";
import type { Applied, Outcome } from "../../shared/rotation/outcome.ts";
import type { Notebook } from "../../shared/rotation/progress.ts";
import type { Rotation } from "../../shared/rotation/rotatable.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const SECRET = "openmetadata-ingestion-client-secret";
const QUEUE_DOWN = new Error("the queue does not answer");

type Handler = (input: never, context: Context) => Promise<unknown>;

/** What the entries registered, and the world that they meet. */
const scene = vi.hoisted(() => {
  Object.assign(process.env, {
    TENANT_ID: "11111111-1111-4111-8111-111111111111",
    KEY_VAULT_URL: "https://prod-kv.vault.azure.net",
    DEPLOYMENTS: JSON.stringify([{ openMetadataUrl: "https://metadata.example.com" }, { name: "no address" }]),
  });
  process.env.NOTIFY_URL = "no address";
  delete process.env.API_AUDIENCE;
  return {
    handlers: new Map<string, unknown>(),
    ends: [] as (Date | undefined)[],
    sent: [] as (Message & { delay: number })[],
    asks: [] as Order["ask"][],
    called: [] as unknown[],
    answersEvents: true,
    /** What came of a rotation; throws where it failed. */
    rotates: (): unknown => undefined,
    answered: 0,
    told: [] as unknown[],
    notes: {} as Record<string, string>,
    noted: 0,
    queueIsDown: false,
    delivers: async (_?: Notebook): Promise<unknown> => ({ state: "done", detail: "pushed" }),
  };
});

vi.mock("@azure/functions", async (load) => {
  const register = (name: string, { handler }: { handler: unknown }) => void scene.handlers.set(name, handler);
  const app = { http: register, timer: register, eventGrid: register, storageQueue: register };
  const { HttpRequest, InvocationContext } = await load<typeof functions>();
  return { default: { HttpRequest, InvocationContext }, app };
});

vi.mock("../../shared/world/connections.ts", () => {
  const use = () => {
    if (scene.queueIsDown) throw QUEUE_DOWN;
  };
  const queue: WorkQueue = {
    async send(message: Message, { delay }) {
      use();
      scene.sent.push({ ...message, delay });
    },
    async state() {
      use();
      return { notes: scene.notes, messages: 0 };
    },
    async note(notes) {
      use();
      scene.noted += 1;
      scene.notes = notes;
    },
    poisoned: async () => 0,
  };
  return { openQueue: () => queue, connections: () => ({}) };
});

vi.mock("../../shared/world/world.ts", () => {
  const outcome: Outcome = { steps: [], converged: true, later: [], current: undefined };
  const run = async ({ endsOn, ask, notebook, called }: Order) => {
    scene.ends.push(endsOn);
    scene.called.push(called);
    scene.asks.push(ask);
    const given = scene.rotates() as { left?: object } | undefined;
    if (given?.left && notebook) notebook.left = given.left as never;
    return { ...outcome, ...given };
  };
  const rotation: Rotation = {
    credential: "ingestion-client-secret",
    name: "openmetadata-ingestion-client-secret",
    rotate: run,
    preview: run,
    get deliver() {
      if (!scene.answersEvents) return undefined as never;
      return async (endsOn: Date, notebook: Notebook) => {
        scene.ends.push(endsOn);
        return (await scene.delivers(notebook)) as Applied;
      };
    },
    async answered() {
      scene.answered += 1;
    },
    now: () => new Date(),
    log: () => undefined,
  };
  const world = {
    credential: () => rotation,
    credentials: () => [rotation],
    find: (kind: string) => (kind === rotation.credential ? rotation : undefined),
  };
  return { openWorld: () => world };
});

vi.mock("../../shared/handlers/tell.ts", () => ({
  tellOf: async ({ deployment, credential }: { deployment: { name: string }; credential: string }, came: object) =>
    void scene.told.push([deployment.name, credential, came]),
  tellOfDeployment: async ({ name }: { name: string }) => void scene.told.push(name),
  tellOfApp: async (faults: readonly string[]) => void scene.told.push(faults),
}));

const event = (type: string, name = SECRET) => ({
  eventType: `Microsoft.KeyVault.${type}`,
  data: { ObjectName: name, VaultName: "prod-kv", ObjectType: "Secret" },
});
const unit = {
  version: 1,
  kind: "rotate",
  deployment: "openmetadata",
  credential: "ingestion-client-secret",
  until: "2026-01-01T01:00:00.000Z",
};

/** Runs one entry; the levels and lines of its log. */
async function run(name: string, input: unknown, triggerMetadata: Record<string, never> = {}) {
  const lines: { level: string; line: Record<string, unknown> }[] = [];
  const context: Context = new functions.InvocationContext({
    functionName: name,
    triggerMetadata,
    logHandler: (level, text) => void lines.push({ level, line: JSON.parse(String(text)) }),
  });
  const answer = await (scene.handlers.get(name) as Handler)(input as never, context);
  return { answer, lines };
}
const post = (body: object) =>
  new functions.HttpRequest({
    method: "POST",
    url: "https://app/api/rotate",
    headers: { "content-length": "2" },
    body: { string: JSON.stringify({ deployment: "openmetadata", ...body }) },
  });
/** How long after its beginning each rotation had to end. */
const budgets = () => scene.ends.map((on) => on && on.getTime() - NOW.getTime());

beforeAll(async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  for (const name of ["push-client-secret", "push-client-secret-queued", "rotate-client-secret", "rotate-credential"]) {
    await import(`../../functions/${name}.ts`);
  }
  for (const name of ["rotate-on-near-expiry", "rotate-on-near-expiry-queued", "rotate-on-schedule"]) {
    await import(`../../functions/${name}.ts`);
  }
  // Otherwise the first run would load what is behind it, and only the first test would seem to concern that.
  for (const name of ["push-by-event", "rotate-by-event", "rotate-client-secret", "rotate-credential"]) {
    await import(`../../shared/handlers/${name}.ts`);
  }
  await import("../../shared/handlers/rotate-on-schedule.ts");
});
afterAll(() => vi.useRealTimers());
beforeEach(() => {
  const delivers = async () => ({ state: "done", detail: "pushed" });
  Object.assign(scene, { ends: [], sent: [], notes: {}, noted: 0, queueIsDown: false, delivers });
  Object.assign(scene, { called: [], answersEvents: true, asks: [], rotates: () => undefined, answered: 0, told: [] });
});

describe("a run has only the time that what started it leaves", () => {
  it.each([
    ["push-client-secret", EVENT_BUDGET, event("SecretNewVersionCreated")],
    ["push-client-secret-queued", UNIT_BUDGET, event("SecretNewVersionCreated")],
    ["rotate-credential", UNIT_BUDGET, unit],
    ["rotate-client-secret", CALL_BUDGET, post({})],
  ])("%s", async (name, budget, input) => {
    await run(name, input);
    expect(budgets()).toEqual([budget]);
  });

  it.each([
    ["rotate-on-near-expiry", EVENT_BUDGET, event("SecretNearExpiry")],
    ["rotate-on-near-expiry-queued", UNIT_BUDGET, event("SecretExpired")],
    ["rotate-on-schedule", TIMER_BUDGET, {}],
  ])("%s, where the queue is down and it does the work itself", async (name, budget, input) => {
    scene.queueIsDown = true;
    await run(name, input);
    expect(budgets()).toEqual([budget]);
  });
});

describe("an event of a new version", () => {
  it("sends what must be waited for to the queue, for a minute later", async () => {
    scene.delivers = async () => ({ state: "waiting", code: "app-service-pending", detail: "not yet" });
    await run("push-client-secret", event("SecretNewVersionCreated"));
    const [first] = scene.sent;
    expect(first).toMatchObject({ kind: "rotate", deployment: "openmetadata", credential: "ingestion-client-secret" });
    expect(first?.delay).toBeGreaterThanOrEqual(60_000);
  });

  it("sends nothing for the end of a time to read, which whoever promoted has done", async () => {
    const until = new Date(NOW.getTime() + 24 * 3_600_000);
    scene.delivers = async () => ({ state: "waiting", code: "readers-pending", detail: "not yet", until });
    await run("push-client-secret", event("SecretNewVersionCreated"));
    expect(scene.sent.filter(({ kind }) => kind === "rotate")).toEqual([]);
  });

  it("comes again where its push failed: nothing else goes on with it", async () => {
    scene.delivers = () => Promise.reject(new Error("refused"));
    await expect(run("push-client-secret", event("SecretNewVersionCreated"))).rejects.toThrow("refused");
  });

  it("looks after the timer too: it may be all that still comes", async () => {
    scene.notes = { timersilenton: "2025-12-31T00:00:00.000Z" };
    const { lines } = await run("push-client-secret", event("SecretNewVersionCreated"));
    expect(lines.find(({ line }) => line.event === "trouble")?.line.message).toContain("the timer has not run");
  });

  it.each(["SecretNearExpiry", "SecretExpired"])("is not what %s is: that is not pushed", async (type) => {
    await run("push-client-secret", event(type));
    await run("rotate-on-near-expiry", event("SecretNewVersionCreated"));
    expect([scene.ends, scene.sent]).toEqual([[], []]);
  });

  it("goes on by a message with what did not fit into its time, also where its push failed", async () => {
    const left = { of: "v1", from: "p1", failed: [], lookOn: NOW };
    for (const fails of [false, true]) {
      scene.sent.length = 0;
      scene.delivers = async (notebook?: Notebook) => {
        if (notebook) notebook.left = left;
        if (fails) throw new Error("refused");
        return { state: "waiting", code: "out-of-time", detail: "later" };
      };
      await run("push-client-secret", event("SecretNewVersionCreated"));
      const sent = scene.sent.filter(({ kind }) => kind === "rotate");
      expect(sent).toMatchObject([{ credential: "ingestion-client-secret", progress: { of: "v1" } }]);
    }
  });

  it("is left to runs where it is not answered", async () => {
    scene.answersEvents = false;
    const { lines } = await run("push-client-secret", event("SecretNewVersionCreated"));
    const message = `"${SECRET}" is pushed by the run that stored it, or by the timer`;
    expect(lines.map(({ line }) => line)).toMatchObject([
      { event: "ignored", message: expect.stringContaining(message) },
    ]);
    expect(scene.ends).toEqual([]);
  });

  it("warns of one that is somebody else's, and not of one's own that needs no work", async () => {
    const levels = async (name: string) =>
      (await run("push-client-secret", event("SecretNewVersionCreated", name))).lines.map(({ level }) => level);
    expect(await levels("not a name")).toEqual(["warning"]);
    expect(await levels("somebody-elses-secret")).toEqual(["information"]);
    const { lines } = await run("push-client-secret", event("SecretNewVersionCreated", "somebody-elses-secret"));
    const message = 'SecretNewVersionCreated of "somebody-elses-secret" needs no work here';
    expect(lines[0]?.line.message).toContain(message);
  });
});

describe("an event of a near expiry", () => {
  it("is queued for now, and looks after the timer", async () => {
    const { lines } = await run("rotate-on-near-expiry", event("SecretNearExpiry"));
    const message = `SecretNearExpiry of "${SECRET}": queued`;
    expect(lines.map(({ line }) => line)).toMatchObject([{ event: "note", message }]);
    expect(scene.sent[0]).toMatchObject({ kind: "rotate", credential: "ingestion-client-secret", delay: 0 });
    expect(scene.noted).toBe(1);
    expect(scene.ends).toEqual([]);
  });
});

describe("a call", () => {
  it("is written down before anything is done: what is asked for, and why", async () => {
    const { lines } = await run("rotate-client-secret", post({ because: "a leak", dryRun: true }));
    expect(lines[0]?.line).toMatchObject({
      event: "asked",
      deployment: "openmetadata",
      because: "a leak",
      dryRun: true,
    });
  });

  it("looks after the timer, and in a dry run leaves the queue alone", async () => {
    await run("rotate-client-secret", post({ dryRun: true }));
    expect([scene.noted, scene.sent]).toEqual([0, []]);
    await run("rotate-client-secret", post({}));
    expect(scene.noted).toBe(1);
  });
});

describe("a call that asks for a new one", () => {
  const current = { asked: { before: NOW } };
  const asking = { because: "a leak", revokeOld: true };
  const waits = { converged: false, waitingFor: "Entra" };
  const done = { kind: "issue", because: "a leak", target: SECRET, state: "done" };
  const left = { of: "v1", from: "p1", failed: [], lookOn: NOW };

  it("hears what came of it, and those who are to be told of a leak hear it too", async () => {
    scene.rotates = () => ({ current });
    const { answer } = await run("rotate-client-secret", post(asking));
    expect(answer).toMatchObject({ status: 200, jsonBody: { deployment: "openmetadata", converged: true } });
    expect(scene.called).toEqual([true]);
    expect(scene.asks).toMatchObject([{ because: "a leak", issuedBefore: NOW, revokeOld: true }]);
    const outcome = { steps: [], converged: true, later: [], current };
    expect(scene.told).toEqual([["openmetadata", "ingestion-client-secret", { outcome }]]);
    expect(scene.answered).toBe(1);
  });

  it("is not answered for good before all is done, and not by a dry run", async () => {
    scene.rotates = () => ({ ...waits, current });
    expect((await run("rotate-client-secret", post(asking))).answer).toMatchObject({ status: 202 });
    expect([scene.told.length, scene.answered]).toEqual([1, 0]);
    scene.rotates = () => ({ current });
    await run("rotate-client-secret", post({ ...asking, dryRun: true }));
    expect([scene.told.length, scene.answered]).toEqual([1, 0]);
  });

  it("is nobody's answer where no new one was asked for", async () => {
    await run("rotate-client-secret", post({}));
    expect([scene.asks, scene.told, scene.answered]).toEqual([[undefined], [], 0]);
  });

  it("leaves to the queue what must be waited for, which asks for the same, and says so", async () => {
    scene.rotates = () => ({ ...waits, steps: [done], current: undefined });
    const { answer } = await run("rotate-client-secret", post(asking));
    const ask = { issuedBefore: NOW.toISOString(), revokeOld: true };
    const sent = scene.sent.filter(({ kind }) => kind === "rotate");
    expect(sent).toMatchObject([{ deployment: "openmetadata", credential: "ingestion-client-secret", ask }]);
    expect(answer).toMatchObject({
      status: 202,
      jsonBody: { waitingFor: "Entra", goesOn: expect.stringContaining("continues in the background") },
    });
  });

  it.each([
    ["is down", true, { ...waits, steps: [done] }],
    ["has nothing to go on with", false, { ...waits, steps: [] }],
  ])("does not say so where the queue %s", async (_, queueIsDown, outcome) => {
    Object.assign(scene, { queueIsDown, rotates: () => outcome });
    const { answer } = await run("rotate-client-secret", post(asking));
    expect((answer as { jsonBody: object }).jsonBody).not.toHaveProperty("goesOn");
  });

  it("that is done says nothing of what goes on, though a later look was left", async () => {
    scene.rotates = () => ({ left });
    const { answer } = await run("rotate-client-secret", post({}));
    expect(scene.sent.filter(({ kind }) => kind === "rotate")).toHaveLength(1);
    expect((answer as { jsonBody: object }).jsonBody).not.toHaveProperty("goesOn");
  });

  it("is told where the one that it names is of no use there, and only then", async () => {
    scene.rotates = () => ({ unused: "there is no bot" });
    const { answer } = await run("rotate-client-secret", post({ credential: "ingestion-client-secret" }));
    expect(answer).toMatchObject({ status: 409, jsonBody: { code: "credential-unused" } });
    expect((await run("rotate-client-secret", post({}))).answer).toMatchObject({ status: 200 });
  });

  it("names what the deployment has where it means another credential", async () => {
    const { answer } = await run("rotate-client-secret", post({ credential: "bot-token" }));
    expect(answer).toMatchObject({ status: 400, jsonBody: { code: "credential-unknown" } });
  });
});

describe("the timer", () => {
  it("tells what is wrong with the list of deployments, and serves the others", async () => {
    const { lines } = await run("rotate-on-schedule", {});
    const told = lines.filter(({ line }) => line.event === "trouble");
    for (const { level, line } of told) expect([level, line.code]).toEqual(["error", "settings-invalid"]);
    const list = expect.stringContaining("problem with the list of deployments: DEPLOYMENTS[1]");
    const receivers = expect.stringContaining("problem with the receivers of notifications: NOTIFY_URL, address 1");
    expect(told.map(({ line }) => line.message)).toEqual([list, list, receivers]);
  });

  it("notes that it ran, and sends a look for each credential", async () => {
    await run("rotate-on-schedule", {});
    expect(scene.noted).toBe(1);
    expect(scene.sent.map(({ kind }) => kind).sort()).toEqual(["rotate", "rotate", "watch"]);
    expect(scene.ends).toEqual([]);
    const wrong = expect.stringContaining("DEPLOYMENTS[1]");
    expect(scene.told).toEqual([[wrong, wrong]]);
  });

  it("says in the log how many looks it has queued, or why it does the work itself", async () => {
    const messages = async () => (await run("rotate-on-schedule", {})).lines.map(({ line }) => line.message);
    expect(await messages()).toContain("looks queued, one for each credential: 2");
    scene.queueIsDown = true;
    expect(await messages()).toContainEqual(expect.stringContaining("cannot use the queue, so this run does the work"));
  });
});

describe("a message", () => {
  it("that cannot be read, or is about a deployment that is gone, ends there", async () => {
    const gone = await run("rotate-credential", { ...unit, deployment: "gone" });
    const unread = await run("rotate-credential", { ...unit, version: 2 });
    expect(scene.ends).toEqual([]);
    for (const { lines } of [gone, unread]) expect(lines.map(({ line }) => line.event)).toEqual(["ignored"]);
  });

  it("that asks for a credential which the deployment no longer has ends there", async () => {
    const { lines } = await run("rotate-credential", { ...unit, credential: "bot-token" });
    expect(lines[0]?.line.message).toContain('deployment "openmetadata" no longer has a bot-token');
    const gone = await run("rotate-credential", { ...unit, deployment: "gone" });
    expect(gone.lines[0]?.line.message).toContain('deployment "gone" no longer exists');
  });

  it("is told of when it was worked off, and when it failed, which the host hears too", async () => {
    await run("rotate-credential", unit);
    scene.rotates = () => {
      throw new Error("broken");
    };
    await expect(run("rotate-credential", unit)).rejects.toThrow("broken");
    const about = ["openmetadata", "ingestion-client-secret"];
    expect(scene.told).toEqual([
      [...about, { outcome: expect.objectContaining({ converged: true }) }],
      "openmetadata",
      [...about, { failure: new Error("broken") }],
      "openmetadata",
    ]);
  });

  it.each([
    [1, 1],
    [2, 0],
  ])("that the host brings for the %i. time leaves so many for what must be waited for: %i", async (time, left) => {
    scene.rotates = () => ({ converged: false, waitingFor: "Entra" });
    await run("rotate-credential", unit, { dequeueCount: time as never });
    expect(scene.sent).toHaveLength(left);
  });

  it("that watches over the timer sends the sweep where the timer is silent, and tells of the app", async () => {
    scene.notes = { timersilenton: "2025-12-31T00:00:00.000Z" };
    await run("rotate-credential", { version: 1, kind: "watch", ranOn: "2025-12-31T00:00:00.000Z" });
    expect(scene.sent.map(({ kind }) => kind).sort()).toEqual(["rotate", "rotate", "watch"]);
    const wrong = expect.stringContaining("DEPLOYMENTS[1]");
    expect(scene.told).toEqual([[wrong, wrong]]);
    expect(scene.ends).toEqual([]);
  });
});
