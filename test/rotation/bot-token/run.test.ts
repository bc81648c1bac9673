import { describe, expect, it } from "vitest";
import { codeOf } from "../../../shared/errors.ts";
import { forecast } from "../../../shared/rotation/bot-token/forecast.ts";
import { botToken } from "../../../shared/rotation/bot-token/rotate.ts";
import type { Order } from "../../../shared/rotation/order.ts";
import { ask, forecastAt, held, world as observed, on, planAt, policy, stored } from "./planned.ts";
import { down, type Surroundings, surroundings } from "./ports.ts";

const MINUTES = 60_000;
const HEAD = 'rotation of "openmetadata-bot-token": ';

/** A run at the world's own time, ten minutes long. */
function run(world: Surroundings, change: Partial<Order> = {}) {
  const now = world.ports.now();
  const order = { policy, beganOn: now, endsOn: new Date(now.getTime() + 10 * MINUTES) };
  return botToken(world.ports).rotate({ ...order, ...change });
}
const timer = { leavesPushToEvent: true };
const asked = { ask: ask("2026-01-02") };
const undelivered = { deliveredOn: undefined, confirmedOn: undefined };
const vault = (change: Parameters<typeof stored>[0]) => ({ ...stored(change), nonce: "", userId: "bot" });
/** The messages of the log, without the beginning that most have. */
const lines = ({ log }: Surroundings): string[] => log.map(({ message }) => message.replace(HEAD, ""));

describe("a run of the rotation of a token", () => {
  it("says what it will do before it does it, and what came of it", async () => {
    const world = surroundings();
    const { steps, ...outcome } = await run(world, asked);
    expect(lines(world)).toEqual([
      "starting issue openmetadata-bot-token (requested)",
      "issued keyId=new 1, expires 2026-04-01T00:00:00.000Z",
      "starting promote new 1 (OpenMetadata has a different token)",
      "promoted keyId=new 1 version=new 1",
      "starting push new 1 (not delivered)",
      "pushed keyId=new 1: the bot signs in; pipelines deployed: 1",
    ]);
    expect(world.log.every(({ message }) => message.startsWith(HEAD))).toBe(true);
    expect(steps).toEqual([
      { kind: "issue", because: "requested", target: "openmetadata-bot-token", state: "done" },
      { kind: "promote", because: "OpenMetadata has a different token", target: "new 1", state: "done" },
      { kind: "push", because: "not delivered", target: "new 1", state: "done", delivery: "verified" },
    ]);
    expect(outcome.converged).toBe(true);
    expect(outcome).not.toHaveProperty("waitingFor");
    expect(outcome.later.map(({ kind }) => kind)).toEqual(["confirm", "issue"]);
  });

  it("tells with each step its ids", async () => {
    const world = surroundings();
    await run(world, asked);
    expect(world.log.filter((event) => event.event === "step" && event.state === "done")).toMatchObject([
      { step: "issue", because: "requested", keyId: "new 1" },
      { step: "promote", because: "OpenMetadata has a different token", keyId: "new 1", version: "new 1" },
      { step: "push", because: "not delivered", keyId: "new 1", version: "new 1" },
    ]);
  });

  it("takes no step while nothing is to do, and asks nobody but vault, bot and user", async () => {
    const world = surroundings();
    expect(await run(world, timer)).toMatchObject({ steps: [], converged: true });
    expect(world.log).toEqual([]);
    expect(world.told).toEqual(["latest", "bot", "held"]);
  });

  it("looks thoroughly where a caller waits for the answer", async () => {
    for (const change of [{}, asked, { ...asked, ...timer }]) {
      const world = surroundings();
      await run(world, change);
      expect(world.told.slice(0, 4)).toEqual(["latest", "version", "bot", "held"]);
    }
  });

  it("looks thoroughly before it acts, when the timer finds something due", async () => {
    const world = surroundings();
    world.current = vault(undelivered);
    await run(world, timer);
    expect(world.told.slice(0, 7)).toEqual(["latest", "bot", "held", "latest", "version", "bot", "held"]);
    expect(world.current?.deliveredOn).toEqual(on("2026-01-02"));
  });

  it("looks thoroughly before it waits, too", async () => {
    const world = surroundings();
    world.running = ["lake"];
    world.ports.now = () => on("2026-03-02");
    await run(world, timer);
    const glance = ["latest", "bot", "held", "running"];
    expect(world.told).toEqual([...glance, "latest", "version", "bot", "held", "running"]);
  });

  it("confirms a delivery that it finds, and notes that and no other", async () => {
    const world = surroundings();
    world.current = vault({ confirmedOn: undefined });
    const { steps } = await run(world, timer);
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual(["confirm done"]);
    expect(lines(world)).toEqual([
      "starting confirm one (delivered by an earlier run)",
      "confirmed keyId=one: the bot signs in; pipelines deployed: 1",
    ]);
    expect(world.current).toMatchObject({ deliveredOn: on("2026-01-01"), confirmedOn: on("2026-01-02") });
  });

  it("is not converged while a delivery waits, and says for what", async () => {
    const world = surroundings();
    world.current = vault(undelivered);
    world.ports.redeploy = async () => ({ kind: "waiting", code: "out-of-time", because: "no time left" });
    expect(await run(world)).toMatchObject({
      converged: false,
      waitingFor: "no time left",
      steps: [{ kind: "push", state: "waiting", code: "out-of-time" }],
    });
    expect(lines(world).at(-1)).toBe("push is waiting (out-of-time): no time left");
    expect(world.log.at(-1)).toMatchObject({ event: "step", step: "push", state: "waiting", code: "out-of-time" });
    expect(world.current?.deliveredOn).toBeUndefined();
  });

  it("is not converged while an issue waits, though what is held is delivered", async () => {
    const world = surroundings();
    world.running = ["lake"];
    const { steps, converged, waitingFor } = await run(world, asked);
    expect(steps).toEqual([
      {
        kind: "issue",
        because: "requested",
        target: "openmetadata-bot-token",
        state: "waiting",
        code: "pipelines-running",
      },
    ]);
    expect(converged).toBe(false);
    expect(lines(world).at(-1)).toBe(`issue is waiting (pipelines-running): ${waitingFor}`);
  });

  it("begins nothing once its time is over", async () => {
    const world = surroundings();
    world.current = vault(undelivered);
    expect(await run(world, { endsOn: world.ports.now() })).toMatchObject({
      steps: [{ kind: "push", state: "waiting", code: "out-of-time" }],
      converged: false,
    });
    expect(world.told).not.toContain("deploy");
  });

  it("ends after twelve steps, whatever is left", async () => {
    const world = surroundings();
    // A vault that forgets.
    world.ports.current.note = async () => undefined;
    const { steps, converged } = await run(world);
    expect(steps).toHaveLength(0);
    expect(converged).toBe(true);
    world.current = vault(undelivered);
    const endless = await run(world);
    expect(endless.steps.filter(({ state }) => state === "done")).toHaveLength(12);
    expect(endless.steps.at(-1)).toMatchObject({ state: "waiting", code: "out-of-time" });
    expect(endless.converged).toBe(false);
  });

  it("stores when we issued a token, by our own clock; of one that we did not, when the server did", async () => {
    const kept: (Date | undefined)[] = [];
    const world = surroundings();
    const { store } = world.ports.current;
    world.ports.current.store = (token, facts) => {
      kept.push(facts.issuedOn);
      expect(facts).toMatchObject({ nonce: "", userId: "bot" });
      return store(token, facts);
    };
    await run(world, asked);
    world.current = undefined;
    await run(world);
    world.users.set("bot", { ...held({ issuedOn: undefined }), token: "token" });
    world.current = undefined;
    await run(world);
    expect(kept).toEqual([on("2026-01-02"), on("2026-01-01"), on("2026-01-02")]);
  });

  it("tells of one that never ends that it does not", async () => {
    const world = surroundings();
    const { generate } = world.ports.tokens;
    world.ports.tokens.generate = async (userId, lifetime) => {
      await generate(userId, lifetime);
      const shown = world.users.get(userId);
      if (shown) world.users.set(userId, { ...shown, expiresOn: undefined });
    };
    await run(world, asked);
    expect(lines(world)).toContain("issued keyId=new 1, no expiry");
  });

  it("leaves a server that is down to the next run, and says so", async () => {
    const world = surroundings();
    world.failures.push(["held", down(503)]);
    expect(await run(world, timer)).toEqual({
      steps: [],
      converged: true,
      later: [],
      current: world.current,
      unused: "OpenMetadata answered 503",
      unseen: "openmetadata-unavailable",
    });
  });

  it("waits for a server that was never started, for whoever calls, where nothing was ever stored", async () => {
    const started = surroundings();
    started.failures.push(["held", down(503)], ["bot", down(503)], ["version", down(503)]);
    await expect(run(started, { called: true })).rejects.toThrow("OpenMetadata answered 503");
    const fresh = surroundings();
    fresh.current = undefined;
    fresh.failures.push(["version", down(503)], ["bot", down(503)]);
    expect(await run(fresh, { called: true })).toEqual({
      steps: [],
      later: [],
      current: undefined,
      converged: false,
      waitingFor: "OpenMetadata does not answer yet: OpenMetadata answered 503",
    });
  });

  it("has nothing to do with a bot that signs in another way", async () => {
    const world = surroundings();
    world.current = undefined;
    world.ports.choose = async () => ({ kind: "sso", because: "it is old" });
    const nothing = { steps: [], converged: true, later: [], current: world.current, unused: "it is old" };
    expect(await run(world)).toEqual(nothing);
    const { preview, credential, name } = botToken(world.ports);
    expect(await preview({ policy, beganOn: world.ports.now(), endsOn: world.ports.now() })).toEqual(nothing);
    expect([credential, name]).toEqual(["bot-token", "openmetadata-bot-token"]);
    expect(world.log).toEqual([]);
  });

  it("previews nothing where nothing is due, after a thorough look", async () => {
    const world = surroundings();
    const { preview } = botToken(world.ports);
    const order = { policy, beganOn: world.ports.now(), endsOn: world.ports.now() };
    expect(await preview(order)).toMatchObject({ steps: [], converged: true });
    expect(world.told).toContain("bot");
  });
});

describe("a call for a new token", () => {
  const call = (world: Surroundings) => {
    const meant: Date[] = [];
    const ask = { because: "a leak", issuedBefore: world.ports.now(), revokeOld: false, open: true };
    return { ask, meant, means: (moment: Date) => void meant.push(moment) };
  };
  const HOUR = 3_600_000;

  it("goes on where the same was asked for before and waits, and is a new one where that is done", async () => {
    const world = surroundings();
    world.running = ["lake"];
    const first = call(world);
    expect(await run(world, first)).toMatchObject({ converged: false });
    expect(world.current?.asked).toEqual({ before: first.ask.issuedBefore, because: "a leak" });
    await world.ports.wait(10 * MINUTES);
    const again = call(world);
    world.running = [];
    expect(await run(world, again)).toMatchObject({ converged: true, current: { keyId: "new 1" } });
    expect([first.meant, again.meant]).toEqual([[first.ask.issuedBefore], [first.ask.issuedBefore]]);
    await world.ports.wait(2 * HOUR);
    const another = call(world);
    expect(await run(world, another)).toMatchObject({ current: { keyId: "new 2" } });
    expect(another.meant).toEqual([another.ask.issuedBefore]);
  });

  it("is answered once: whoever has heard that it is done means another one by the same words", async () => {
    const world = surroundings();
    const first = call(world);
    world.current = vault({ asked: { before: first.ask.issuedBefore, because: "a leak" } });
    await botToken(world.ports).answered();
    expect(world.current?.asked).toBeUndefined();
  });

  /** What a call means, six minutes after one for the same that is noted with this token. */
  async function meantBy(change: Parameters<typeof stored>[0]) {
    const world = surroundings();
    const before = on("2026-01-01T23:54:00");
    world.current = vault({ asked: { before, because: "a leak" }, ...change });
    const { meant, ...order } = call(world);
    const endsOn = on("2026-01-02T00:10:00");
    await botToken(world.ports).preview({ policy, beganOn: on("2026-01-02"), endsOn, ...order });
    return meant[0]?.getTime() === before.getTime() ? "the same" : "another";
  }
  const before = on("2026-01-01T23:54:00");
  const longAgo = { deliveredOn: on("2026-01-01"), issuedOn: before };
  it.each<[meaning: string, what: string, change: Parameters<typeof stored>[0]]>([
    ["the same", "not delivered", { deliveredOn: undefined, issuedOn: before }],
    ["the same", "older", { ...longAgo, issuedOn: on("2026-01-01T23:53:59") }],
    ["the same", "of unknown age", { ...longAgo, issuedOn: undefined }],
    ["another", "delivered, and was issued in that very second", longAgo],
    ["the same", "delivered, and nobody was told within the hour", { ...longAgo, deliveredOn: before }],
  ])("means %s where the token is %s", async (meaning, _, change) => {
    expect(await meantBy(change)).toBe(meaning);
  });

  it("notes since when it waits once, though other steps were taken", async () => {
    const world = surroundings();
    world.running = ["lake"];
    world.current = vault(undelivered);
    const first = call(world);
    await run(world, first);
    expect(world.current?.asked?.before).toEqual(first.ask.issuedBefore);
    const notes = () => world.told.filter((one) => one === "note").length;
    const since = notes();
    await run(world, call(world));
    expect(notes()).toBe(since);
  });

  it("notes nothing where nothing waits for an issue, or nobody asked", async () => {
    const world = surroundings();
    world.current = vault(undelivered);
    world.ports.redeploy = async () => ({ kind: "waiting", code: "out-of-time", because: "no time left" });
    await run(world, { ask: { because: "a leak", issuedBefore: on("2025-12-31"), revokeOld: false, open: true } });
    expect(world.current?.asked).toBeUndefined();
  });
});

describe("a token that is taken away while it is on its way", () => {
  /** The server holds something else from the nth look on. */
  function meddled(nth: number, change: Partial<ReturnType<typeof held>> & { token?: undefined }): Surroundings {
    const world = surroundings();
    world.current = vault({ ...undelivered, keyId: "older" });
    const { held: look } = world.ports.tokens;
    let looks = 0;
    world.ports.tokens.held = async (userId) => {
      looks += 1;
      const shown = await look(userId);
      return looks === nth && shown ? { ...shown, ...change } : shown;
    };
    return world;
  }

  it.each([{ keyId: undefined }, { token: undefined }])("is not stored: %j", async (change) => {
    const world = meddled(2, change);
    const { steps } = await run(world);
    expect(steps[0]).toMatchObject({ kind: "promote", state: "waiting", code: "changed-meanwhile" });
    expect(world.told).not.toContain("store");
  });

  it.each([{ keyId: "another" }, { keyId: undefined }, { token: undefined }])(
    "is not delivered: %j",
    async (change) => {
      const world = meddled(4, change);
      const { steps, waitingFor } = await run(world);
      expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual(["promote done", "push waiting"]);
      expect(waitingFor).toBe("the token changed in the meantime");
      expect(world.told).not.toContain("deploy");
    },
  );

  it("is not noted as delivered where the vault's version is another one by then, or the bot holds none", async () => {
    for (const keyId of ["another", undefined]) {
      const world = meddled(5, { keyId });
      expect((await run(world)).waitingFor).toBe("the token changed during delivery");
      expect(world.told).not.toContain("note");
    }
    const world = meddled(99, {});
    const { redeploy } = world.ports;
    world.ports.redeploy = async (subject, endsOn) => {
      if (world.current) world.current = { ...world.current, version: "another" };
      return redeploy(subject, endsOn);
    };
    expect((await run(world)).waitingFor).toBe("the token changed during delivery");
  });
});

describe("a token that is gone when it was delivered", () => {
  it.each(["bot", "vault"])("is not noted as delivered: nothing is left in the %s", async (where) => {
    const world = surroundings();
    world.current = vault(undelivered);
    world.ports.redeploy = async () => {
      if (where === "bot") world.users.delete("bot");
      else world.current = undefined;
      return { kind: "deployed", pipelines: 1 };
    };
    await run(world).catch(() => undefined);
    const waiting = world.log.find((event) => event.event === "step" && event.state === "waiting");
    expect(waiting).toMatchObject({ step: "push", code: "changed-meanwhile" });
  });
});

describe("delivery", () => {
  const pushing = (): Surroundings => {
    const world = surroundings();
    world.current = vault(undelivered);
    return world;
  };

  it("says whose token it cannot deliver, and that it may pass", async () => {
    const world = pushing();
    const subjects: string[] = [];
    const { redeploy } = world.ports;
    world.ports.redeploy = (subject, endsOn) => {
      subjects.push(subject);
      return redeploy(subject, endsOn);
    };
    world.ports.whoAmI = async () => ({ id: "stranger", name: "stranger" });
    await expect(run(world)).rejects.toMatchObject({
      code: "bot-sign-in-failed",
      message: expect.stringContaining('"stranger"'),
      service: "OpenMetadata",
      status: 401,
      transient: true,
    });
    expect(subjects).toEqual(['Cannot deliver the token of bot "ingestion-bot"']);
  });

  it.each([500, 404])("does not take a %i for the server's cache", async (status) => {
    const world = pushing();
    world.ports.whoAmI = async () => {
      throw down(status);
    };
    await expect(run(world)).rejects.toMatchObject({ service: "OpenMetadata", status });
    expect(world.told).not.toContain("wait 10");
  });

  it("shows the token for two and a half minutes, every ten seconds, and not a moment longer", async () => {
    const refusing = async (seconds: number, minutes = 10) => {
      const world = pushing();
      const began = world.ports.now().getTime();
      world.ports.whoAmI = async () => {
        if (world.ports.now().getTime() < began + seconds * 1000) throw down(401);
        return { id: "bot", name: "bot" };
      };
      const endsOn = new Date(began + minutes * MINUTES);
      return run(world, { endsOn }).then(({ converged }) => converged, codeOf);
    };
    expect(await refusing(150)).toBe(true);
    expect(await refusing(151)).toBe("bot-sign-in-failed");
    expect(await refusing(61, 1)).toBe(false);
    expect(await refusing(60, 1)).toBe(true);
  });

  it("tells that it deploys again, and what it could do though all else failed", async () => {
    const world = surroundings();
    world.failures.push(["deploy", down(503)], ["store", new Error("the vault is full")]);
    await expect(run(world, asked)).rejects.toThrow("the vault is full");
    expect(lines(world).slice(-2)).toEqual([
      "retrying the deployment of the pipelines: OpenMetadata answered 503",
      'the pipelines of bot "ingestion-bot" were deployed with the new token although the run failed',
    ]);
    const lost = surroundings();
    lost.failures.push(["deploy", down(403)], ["store", new Error("the vault is full")]);
    await expect(run(lost, asked)).rejects.toThrow("the vault is full");
    expect(lines(lost).at(-1)).toBe(
      "the pipelines still use a token that is no longer valid: OpenMetadata answered 403",
    );
  });

  it("tells each of its lines as a note", async () => {
    const world = surroundings();
    world.failures.push(["deploy", down(503)], ["store", new Error("the vault is full")]);
    await expect(run(world, asked)).rejects.toThrow("the vault is full");
    expect(world.log.slice(-2).map(({ event }) => event)).toEqual(["note", "note"]);
    const locked = surroundings();
    locked.failures.push(["generate", down(503)]);
    await run(locked, { ask: { ...asked.ask, revokeOld: true } });
    expect(locked.log).toContainEqual({
      event: "note",
      message: "retrying, because the bot has no token now: OpenMetadata answered 503",
    });
  });

  it("says that it is the pipelines that could not be deployed though all else failed", async () => {
    const world = surroundings();
    const subjects: string[] = [];
    const { redeploy } = world.ports;
    world.ports.redeploy = (subject, how) => {
      subjects.push(subject);
      return redeploy(subject, how);
    };
    world.failures.push(["store", new Error("the vault is full")]);
    await expect(run(world, asked)).rejects.toThrow("the vault is full");
    expect(subjects).toEqual(['Cannot deploy the pipelines of bot "ingestion-bot"']);
  });

  it("deploys again only while there is time for it", async () => {
    const deployments = async (seconds: number) => {
      const world = pushing();
      world.failures.push(["deploy", down(503)]);
      const endsOn = new Date(world.ports.now().getTime() + seconds * 1000);
      await run(world, { endsOn }).catch(() => undefined);
      return world.told.filter((one) => one === "deploy").length;
    };
    expect([await deployments(9), await deployments(10)]).toEqual([1, 2]);
  });
});

describe("issuing", () => {
  it("has issued nothing where the server has lost the bot's user meanwhile", async () => {
    const world = surroundings();
    world.ports.tokens.generate = async () => void world.users.delete("bot");
    await expect(run(world, asked)).rejects.toMatchObject({ code: "bot-missing" });
    expect(lines(world).join()).toContain("OpenMetadata reported success but issued no new token");
  });

  it("says how to recover what stands in the way", async () => {
    const world = surroundings();
    world.current = undefined;
    world.users.set("bot", { ...held({ keyId: undefined }), token: undefined });
    world.ports.current.isDeleted = async () => true;
    await expect(run(world)).rejects.toMatchObject({
      hint: expect.stringContaining(
        "\naz keyvault secret recover --vault-name openmetadata-kv --name openmetadata-bot-token",
      ),
    });
    const known = surroundings();
    known.ports.current.isDeleted = async () => true;
    expect(await run(known, asked)).toMatchObject({ converged: true });
  });

  it("asks again where it could not be seen what was issued, as long as there is time", async () => {
    const blind = async (seconds: number) => {
      const world = surroundings();
      const { generate } = world.ports.tokens;
      world.ports.tokens.generate = async (userId, lifetime) => {
        await generate(userId, lifetime);
        if (world.told.filter((one) => one === "generate").length === 1) world.failures.push(["held", down(502)]);
      };
      const { announce } = world.ports.staged;
      world.ports.staged.announce = async (nonce, on) => {
        await announce(nonce, on);
        await world.ports.wait(60_000);
      };
      const endsOn = new Date(world.ports.now().getTime() + (60 + seconds) * 1000);
      const failure = await run(world, { ...asked, endsOn }).catch((error: Error) => error.message);
      return { failure, world, times: world.told.filter((one) => one === "generate").length };
    };
    const patient = await blind(5);
    expect(patient.times).toBe(2);
    expect(lines(patient.world)).toContain("retrying, because the bot has no token now: OpenMetadata answered 502");
    expect(await blind(4)).toMatchObject({ times: 1, failure: "OpenMetadata answered 502" });
  });

  it("tells the failure of the issue rather than that of the look after it", async () => {
    const world = surroundings();
    world.ports.tokens.generate = async () => {
      world.failures.push(["held", down(502)]);
      throw down(400);
    };
    await expect(run(world, asked)).rejects.toMatchObject({ code: "openmetadata-refused", status: 400 });
  });
});

describe("forecast()", () => {
  it("shows a confirmation that is due, and no more", () => {
    const current = stored({ confirmedOn: undefined });
    expect(forecastAt(observed({ current }), "2026-01-02")).toEqual(["confirm one"]);
  });

  it("still tells what was asked for and waits, when it has shown what comes before", () => {
    const run = { beganOn: on("2026-01-05"), ask: ask("2026-01-05"), issuedOn: undefined, skips: new Set<string>() };
    const moved = observed({ current: stored({ keyId: "older" }), running: ["lake"] });
    const { steps, waits } = forecast(moved, policy, { name: "token", now: on("2026-01-05"), run });
    expect(steps.map(({ kind }) => kind)).toEqual(["promote", "push"]);
    expect(waits?.code).toBe("pipelines-running");
  });

  it("shows one issue for one request, however short the life of a token", () => {
    expect(forecastAt(observed(), "2026-01-05", { ask: ask("2026-01-05") })).toEqual([
      "issue token",
      "promote (new)",
      "push (new)",
    ]);
    const none = observed({ held: held({ keyId: undefined }), current: undefined });
    expect(forecastAt(none, "2026-01-05")).toEqual(["issue token", "promote (new)", "push (new)"]);
  });
});

describe("later", () => {
  it("tells what is overdue as due now, the soonest first", () => {
    const late = planAt(observed({ current: stored({ confirmedOn: undefined }) }), "2026-03-03").later;
    expect(late).toEqual([
      { kind: "confirm", on: on("2026-01-01T00:15:00"), target: "one" },
      { kind: "issue", on: on("2026-03-03"), target: "token" },
    ]);
    const running = observed({ current: stored({ deliveredOn: on("2026-03-02"), confirmedOn: undefined }) });
    expect(planAt(running, "2026-03-02").later.map(({ kind }) => kind)).toEqual(["issue", "confirm"]);
    const none = observed({ held: held({ keyId: undefined }), current: undefined });
    expect(planAt(none, "2026-01-02").later).toEqual([]);
  });
});
