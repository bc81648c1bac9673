import { describe, expect, it } from "vitest";
import { botToken } from "../../../shared/rotation/bot-token/rotate.ts";
import { ask, held, on, policy } from "./planned.ts";
import { down, type Surroundings, surroundings } from "./ports.ts";

const DUE = "2026-03-02";

/** A run that somebody asks for, ten minutes long, about the token of 2026-01-01. */
function rotate(world: Surroundings, { revokeOld = false, seconds = 600 } = {}) {
  const now = world.ports.now();
  return botToken(world.ports).rotate({
    policy,
    beganOn: now,
    endsOn: new Date(now.getTime() + seconds * 1000),
    ask: { ...ask("2026-01-02"), revokeOld },
  });
}
/** What comes before the issue takes a minute: with less time left none would be issued. */
function takesAMinute({ ports }: Surroundings): void {
  const { announce } = ports.staged;
  ports.staged.announce = async (nonce, now) => {
    await announce(nonce, now);
    await ports.wait(60_000);
  };
}
/** Only what changes something, or waits. */
const acts = ({ told }: Surroundings): string[] =>
  told.filter((one) => /announce|revoke|generate|store|deploy|note|wait/.test(one));

describe("the rotation of a token", () => {
  it("announces, issues, stores, deploys and notes, in this order", async () => {
    const world = surroundings();
    expect(await rotate(world)).toMatchObject({ converged: true, current: { keyId: "new 1" } });
    expect(acts(world)).toEqual(["announce", "generate", "store", "deploy", "note"]);
  });

  it("ends a leaked token before it issues another", async () => {
    const world = surroundings();
    await rotate(world, { revokeOld: true });
    expect(acts(world)).toEqual(["announce", "revoke", "generate", "store", "deploy", "note"]);
  });

  it("is not begun by the bot itself: the app would shut itself out", async () => {
    const world = surroundings();
    world.own = "bot";
    await expect(rotate(world)).rejects.toMatchObject({
      code: "app-signs-in-as-bot",
      message: expect.stringMatching(/^Cannot issue a token for bot "ingestion-bot": .* as this bot/),
      hint: expect.stringContaining("OPENMETADATA_TOKEN_SECRET"),
    });
    expect(acts(world)).toEqual([]);
    expect(world.users.get("bot")?.keyId).toBe("one");
  });

  it("is not begun where the server does not take the app for an administrator, nor while the vault cannot be written", async () => {
    const shut = surroundings();
    shut.shutOut = "no administrator";
    await expect(rotate(shut)).rejects.toMatchObject({ code: "openmetadata-forbidden" });
    expect(acts(shut)).toEqual([]);
    const locked = surroundings();
    locked.failures.push(["announce", new Error("locked")]);
    await expect(rotate(locked)).rejects.toThrow("locked");
    expect(acts(locked)).toEqual(["announce"]);
  });

  it("is not begun while the vault holds a deleted secret of that name", async () => {
    const world = surroundings();
    world.current = undefined;
    world.users.set("bot", { ...world.users.get("bot"), userId: "bot", keyId: undefined } as never);
    world.ports.current.isDeleted = async () => true;
    await expect(rotate(world)).rejects.toMatchObject({ code: "vault-secret-deleted" });
    expect(acts(world)).toEqual([]);
  });

  it("finds a token whose answer was lost", async () => {
    const world = surroundings();
    const { generate } = world.ports.tokens;
    world.ports.tokens.generate = async (userId, lifetime) => {
      await generate(userId, lifetime);
      throw down();
    };
    expect(await rotate(world)).toMatchObject({ converged: true, current: { keyId: "new 1" } });
    expect(acts(world).filter((one) => one === "generate")).toHaveLength(1);
  });

  it("reports no success where the server says so and holds the same token as before", async () => {
    const world = surroundings();
    world.ports.tokens.generate = async () => undefined;
    await expect(rotate(world)).rejects.toMatchObject({
      code: "openmetadata-kept-old",
      transient: true,
    });
    expect(world.current?.keyId).toBe("one");
  });

  it("leaves a bot that still has its token to the next run, when the server fails", async () => {
    const world = surroundings();
    world.failures.push(["generate", down(503)]);
    await expect(rotate(world)).rejects.toMatchObject({ code: "openmetadata-unavailable" });
    expect(acts(world)).toEqual(["announce", "generate"]);
  });
});

describe("a token whose pipelines need time", () => {
  it("is not ended where less than a minute is left: the next run does it", async () => {
    const world = surroundings();
    const due = { kind: "issue", because: "requested", target: "openmetadata-bot-token" };
    const { steps, ...outcome } = await rotate(world, { seconds: 59 });
    expect(steps).toEqual([{ ...due, state: "waiting", code: "out-of-time" }]);
    expect(outcome).toMatchObject({
      converged: false,
      lookOn: on("2026-01-02"),
      waitingFor:
        "not enough time: 59 s left, but the pipelines must be redeployed after a new token, which needs 60 s",
    });
    // Only since when it was asked for: nothing else tells the next run.
    expect(acts(world)).toEqual(["note"]);
    expect(await rotate(world, { seconds: 60 })).toMatchObject({ converged: true });
  });

  it("is issued at once where the bot holds none", async () => {
    const world = surroundings();
    world.users.set("bot", { ...held({ keyId: undefined }), token: undefined });
    await rotate(world, { seconds: 5 });
    expect(acts(world)).toContain("generate");
  });
});

describe("a bot that was left without a token", () => {
  it("is not left to the next run by a failure that passes", async () => {
    const world = surroundings();
    world.failures.push(["generate", down(503)], ["generate", down()]);
    expect(await rotate(world, { revokeOld: true })).toMatchObject({ converged: true });
    const asked = ["generate", "wait 5", "generate", "wait 5", "generate"];
    expect(acts(world)).toEqual(["announce", "revoke", ...asked, "store", "deploy", "note"]);
  });

  it("is left to it by the third failure, by one that does not pass, and when there is no time", async () => {
    const generated = async (failures: Surroundings["failures"], options = {}) => {
      const world = surroundings();
      world.failures.push(...failures);
      takesAMinute(world);
      await expect(rotate(world, { revokeOld: true, ...options })).rejects.toThrow();
      return acts(world).filter((one) => one === "generate").length;
    };
    const failing = (status: number): [string, Error] => ["generate", down(status)];
    expect(await generated([failing(503), failing(503), failing(503)])).toBe(3);
    expect(await generated([failing(400)])).toBe(1);
    expect(await generated([failing(503)], { seconds: 64 })).toBe(1);
  });

  it("is looked at where the revocation was answered with a failure", async () => {
    const world = surroundings();
    const { revoke } = world.ports.tokens;
    world.ports.tokens.revoke = async (userId) => {
      await revoke(userId);
      throw down();
    };
    expect(await rotate(world, { revokeOld: true })).toMatchObject({ converged: true });
  });

  it("goes on holding the leaked one where it could not be revoked, and that is said", async () => {
    const world = surroundings();
    world.failures.push(["revoke", down(503)]);
    await expect(rotate(world, { revokeOld: true })).rejects.toMatchObject({ code: "openmetadata-unavailable" });
    expect(acts(world)).toEqual(["announce", "revoke"]);
  });
});

describe("pipelines whose token has ended", () => {
  it.each<[what: string, failure: [string, Error]]>([
    ["the new one cannot be stored", ["store", new Error("the vault is full")]],
    ["the vault cannot be read any more", ["latest", new Error("the vault is gone")]],
  ])("are deployed though %s", async (_, failure) => {
    const world = surroundings();
    const { announce } = world.ports.staged;
    world.ports.staged.announce = async (nonce, now) => {
      await announce(nonce, now);
      world.failures.push(failure);
    };
    await expect(rotate(world)).rejects.toThrow(failure[1].message);
    expect(acts(world).at(-1)).toBe("deploy");
  });

  it("are not deployed by a run that failed before it issued one; twice by one that could not note the delivery", async () => {
    const early = surroundings();
    early.failures.push(["announce", new Error("locked")]);
    await expect(rotate(early)).rejects.toThrow();
    expect(acts(early)).not.toContain("deploy");
    const late = surroundings();
    late.failures.push(["note", new Error("locked")]);
    await expect(rotate(late)).rejects.toThrow("locked");
    const over = surroundings();
    const { note } = over.ports.current;
    over.ports.current.note = async (...noted) => {
      await note(...noted);
      over.failures.push(["latest", new Error("the vault is gone")]);
    };
    await expect(rotate(over)).rejects.toThrow("the vault is gone");
    // Delivered is delivered: what fails from then on locks nobody out.
    expect(acts(over).filter((one) => one === "deploy")).toHaveLength(1);
    expect(acts(late)).toEqual(["announce", "generate", "store", "deploy", "note", "deploy"]);
  });

  it("are deployed again while that fails, three times in all, ten seconds apart", async () => {
    const world = surroundings();
    world.failures.push(["deploy", down(503)], ["deploy", down(502)]);
    expect(await rotate(world)).toMatchObject({ converged: true });
    const tries = ["deploy", "wait 10", "deploy", "wait 10", "deploy"];
    expect(acts(world)).toEqual(["announce", "generate", "store", ...tries, "note"]);
  });

  it("are left to the next run where it is no failure that passes, or no time is left", async () => {
    const deployments = async (failure: Error, seconds = 600) => {
      const world = surroundings();
      takesAMinute(world);
      for (let times = 0; times < 9; times += 1) world.failures.push(["deploy", failure]);
      await expect(rotate(world, { seconds })).rejects.toThrow();
      return acts(world).filter((one) => one === "deploy").length;
    };
    // Once for the push, once more because it is all that a run can still do.
    expect(await deployments(down(403))).toBe(2);
    expect(await deployments(down(503), 69)).toBe(2);
    expect(await deployments(down(503))).toBe(6);
  });
});

describe("a token that changes while it is on its way", () => {
  it("is stored as it is held: what another run has issued meanwhile", async () => {
    const world = surroundings();
    const { generate } = world.ports.tokens;
    world.ports.tokens.generate = async (userId, lifetime) => {
      await generate(userId, lifetime);
      await generate(userId, lifetime);
    };
    expect(await rotate(world)).toMatchObject({ converged: true, current: { keyId: "new 2" } });
  });

  it("is not noted as delivered when it was replaced during the delivery", async () => {
    const world = surroundings();
    const { redeploy } = world.ports;
    let meddled = false;
    world.ports.redeploy = async (subject, endsOn) => {
      const done = await redeploy(subject, endsOn);
      if (!meddled) await world.ports.tokens.generate("bot", "90");
      meddled = true;
      return done;
    };
    const outcome = await rotate(world);
    expect(outcome.converged).toBe(false);
    expect(outcome.steps).toContainEqual(expect.objectContaining({ kind: "push", code: "changed-meanwhile" }));
    expect(world.current?.deliveredOn).toBeUndefined();
    expect(await rotate(world)).toMatchObject({ converged: true });
  });

  it("waits for the server's cache, and leaves the rest to the next run when there is no time", async () => {
    const refusing = (until: number): Surroundings => {
      const world = surroundings();
      const { whoAmI } = world.ports;
      const began = world.ports.now().getTime();
      world.ports.whoAmI = async (token) => {
        const cached = token !== undefined && world.ports.now().getTime() < began + until * 1000;
        if (cached) throw down(401);
        return whoAmI(token);
      };
      return world;
    };
    expect(await rotate(refusing(120))).toMatchObject({ converged: true });
    const { converged, steps } = await rotate(refusing(120), { seconds: 119 });
    expect(converged).toBe(false);
    expect(steps.at(-1)).toMatchObject({ kind: "push", state: "waiting", code: "token-cache-pending" });
    await expect(rotate(refusing(600))).rejects.toMatchObject({ code: "bot-sign-in-failed" });
  });

  it("is not the bot's where the server takes it for somebody else", async () => {
    const world = surroundings();
    world.ports.whoAmI = async (token) => ({ id: token === undefined ? "admin" : "stranger", name: "stranger" });
    await expect(rotate(world)).rejects.toMatchObject({ code: "bot-sign-in-failed" });
  });
});

describe("a preview", () => {
  it("says what would be done, and does nothing", async () => {
    const world = surroundings();
    const order = { policy, beganOn: on(DUE), endsOn: on("2026-03-03") };
    world.ports.now = () => on(DUE);
    const { steps, converged } = await botToken(world.ports).preview(order);
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "issue planned",
      "promote planned",
      "push planned",
    ]);
    expect(converged).toBe(false);
    // Thorough, whatever else is due: it is a person who asks.
    expect(world.told).toContain("version");
    world.running = ["lake"];
    expect(await botToken(world.ports).preview(order)).toMatchObject({
      waitingFor: expect.stringContaining('"lake"'),
      steps: [{ kind: "issue", state: "waiting", code: "pipelines-running" }],
    });
    expect(acts(world)).toEqual([]);
  });
});
