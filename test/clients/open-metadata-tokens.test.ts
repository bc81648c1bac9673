import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { botTokens } from "../../shared/clients/open-metadata/bot-tokens.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import { DAY, MINUTE, openWorld, type World } from "../local/openmetadata-world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld({ release: "1.12.6" });
});
afterEach(() => world.close());

const calls = () => openMetadataCalls(world.url, async () => world.admin);
const tokens = () => botTokens(calls());
const bot = () => world.openMetadata.users().find(({ name }) => name === "ingestion-bot")?.id ?? "";
const config = () => {
  const mechanism = world.openMetadata.botMechanism("ingestion-bot");
  return mechanism?.authType === "JWT" ? mechanism.config : undefined;
};
/** Answers a path otherwise than the server would. */
const answers = (path: RegExp, body: unknown, status = 200): void => {
  const response = () => Response.json(body, { status, headers: { "x-injected-fault": "1" } });
  world.faults.push((request) => (path.test(request.path) ? { kind: "answer", response } : undefined));
};
const holding = (mechanism: unknown): void => answers(/auth-mechanism/, mechanism);
const NONE = { keyId: undefined, token: undefined, issuedOn: undefined, expiresOn: undefined };

describe("held()", () => {
  it("shows the token, when it was issued and when it ends, and an id that does not tell it", async () => {
    await tokens().generate(bot(), "30");
    const held = await tokens().held(bot());
    expect(held).toMatchObject({
      userId: bot(),
      token: config()?.JWTToken,
      issuedOn: world.clock.now(),
      expiresOn: new Date(world.clock.now().getTime() + 30 * DAY),
    });
    expect(held?.keyId).toMatch(/^[0-9a-f]{32}$/);
    expect(config()?.JWTToken).not.toContain(held?.keyId);
    await tokens().generate(bot(), "30");
    expect((await tokens().held(bot()))?.keyId).not.toBe(held?.keyId);
  });

  it("knows no end of one that has none", async () => {
    expect(await tokens().held(bot())).toMatchObject({ token: config()?.JWTToken, expiresOn: undefined });
  });

  it("believes the token rather than what is said beside it: by its own word the server refuses it", async () => {
    await tokens().generate(bot(), "7");
    const { JWTToken } = config() ?? {};
    holding({ authType: "JWT", config: { JWTToken, JWTTokenExpiry: "90" } });
    expect((await tokens().held(bot()))?.expiresOn).toEqual(new Date(world.clock.now().getTime() + 7 * DAY));
  });

  it("finds no token where the bot has none: revoked, or signed in by Azure SSO, or never given one", async () => {
    await tokens().revoke(bot());
    expect(await tokens().held(bot())).toEqual({ userId: bot(), ...NONE });
    holding({ authType: "SSO", config: { ssoServiceType: "azure", authConfig: { clientSecret: "*********" } } });
    expect(await tokens().held(bot())).toEqual({ userId: bot(), ...NONE });
    world.faults.splice(0);
    holding({});
    expect(await tokens().held(bot())).toEqual({ userId: bot(), ...NONE });
  });

  it("takes the word null, which a manager of secrets makes of a revoked one, for no token", async () => {
    world.openMetadata.options.externalSecrets = true;
    await tokens().revoke(bot());
    expect(await tokens().held(bot())).toEqual({ userId: bot(), ...NONE });
  });

  it("finds nobody where there is no such user", async () => {
    expect(await tokens().held("6f0c1f9e-9a55-4f6f-8a51-0c2f4a3f7d10")).toBeUndefined();
  });

  it.each([
    ["a mask", "*********"],
    ["something encrypted", "fernet:gAAAAABlZ0Z0Z0Z0"],
    ["a token with a mask in it", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.****"],
    ["the beginning of one", "eyJhbGciOiJSUzI1NiJ9"],
    ["what only looks like one", "eyJhbGciOiJSUzI1NiJ9.eyJhbG.c2ln"],
  ])("does not take %s for a token, nor repeats it", async (_, text) => {
    holding({ authType: "JWT", config: { JWTToken: text } });
    const failure = await tokens()
      .held(bot())
      .catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "openmetadata-forbidden" });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(text);
  });

  it("does not take a mechanism without its content for one without a token", async () => {
    holding({ authType: "JWT", config: null });
    await expect(tokens().held(bot())).rejects.toMatchObject({ code: "openmetadata-forbidden" });
  });

  it("keeps the token out of the messages of whatever is called afterwards", async () => {
    const calls = openMetadataCalls(world.url, async () => world.admin);
    const { JWTToken = "" } = config() ?? {};
    await botTokens(calls).held(bot());
    answers(
      /generateToken/,
      { code: 500, message: `it was ${JWTToken} or ${JWTToken.slice(30, 60)} or ${JWTToken.slice(-40)}` },
      500,
    );
    const failure = await botTokens(calls)
      .generate(bot(), "30")
      .catch((error: Error) => error.message);
    expect(failure).toContain("Cannot issue a token for the bot: OpenMetadata answered 500");
    expect(failure).not.toContain(JWTToken.slice(30, 40));
    // Other tokens of this server end otherwise, so that none of them hides this one.
    expect(failure).not.toContain(JWTToken.slice(-20));
  });
});

describe("generate() and revoke()", () => {
  it("take the place of what the bot had, and say nothing of what was answered", async () => {
    const before = config()?.JWTToken;
    expect(await tokens().generate(bot(), "90")).toBeUndefined();
    expect(config()?.JWTToken).not.toBe(before);
    expect(config()?.JWTTokenExpiry).toBe("90");
    await tokens().revoke(bot());
    expect(config()?.JWTToken).toBe("");
  });

  it.each([
    [401, false],
    [403, false],
    [429, true],
    [500, true],
  ])("fail with %i, which passes by itself: %s", async (status, transient) => {
    answers(/generateToken|revokeToken/, { code: status, message: "no" }, status);
    await expect(tokens().generate(bot(), "90")).rejects.toMatchObject({ service: "OpenMetadata", status, transient });
    await expect(tokens().revoke(bot())).rejects.toMatchObject({ message: /revoke the bot's token: .* "no"/, status });
  });

  it("do not take the page of a proxy for an answer", async () => {
    const response = () => new Response("<html>", { headers: { "x-injected-fault": "1" } });
    world.faults.push((request) => (request.method === "PUT" ? { kind: "answer", response } : undefined));
    await expect(tokens().generate(bot(), "90")).rejects.toMatchObject({ status: 200, transient: true });
  });
});

describe("running()", () => {
  const running = async () => (await pipelines(calls()).running(world.clock.now())).running;
  const add = (name: string): void => void world.openMetadata.addPipeline({ name, deployed: true });

  it("names those that run now, and not those that have ended", async () => {
    for (const name of ["lake", "warehouse", "idle"]) add(name);
    world.openMetadata.startRun("lake");
    world.openMetadata.startRun("warehouse");
    world.openMetadata.endRun("warehouse");
    expect(await running()).toEqual(["lake"]);
  });

  it("looks through all pages", async () => {
    const names = Array.from({ length: 205 }, (_, place) => `pipeline-${String(place).padStart(3, "0")}`);
    for (const name of names) add(name);
    for (const name of ["pipeline-000", "pipeline-100", "pipeline-204"]) world.openMetadata.startRun(name);
    expect(await running()).toEqual(["pipeline-000", "pipeline-100", "pipeline-204"]);
  });

  it("takes one that began over a day ago for lost", async () => {
    add("lake");
    world.openMetadata.startRun("lake");
    await world.clock.advance(DAY - 1);
    expect(await running()).toEqual(["lake"]);
    await world.clock.advance(1);
    expect(await running()).toEqual([]);
  });

  const listing = (pipelineStatuses: unknown, deployed = true): void =>
    answers(/ingestionPipelines/, { data: [{ name: "lake", deployed, pipelineStatuses }] });
  const ago = (milliseconds: number) => new Date("2026-03-01T00:00:00Z").getTime() - milliseconds;

  it.each<[what: string, statuses: unknown, runs: boolean]>([
    ["a queued one counts", { pipelineState: "queued", timestamp: ago(MINUTE) }, true],
    ["a list is looked through", [{ pipelineState: "success" }, { pipelineState: "running" }], true],
    ["an empty list is none", [], false],
    ["null is none", null, false],
    ["nothing is none", undefined, false],
    ["another state is none", { pipelineState: "partialSuccess", startDate: ago(MINUTE) }, false],
    [
      "its beginning counts before its request",
      { pipelineState: "running", startDate: ago(DAY), timestamp: ago(0) },
      false,
    ],
    ["without a time it may be running", { pipelineState: "running" }, true],
  ])("reads what releases show differently: %s", async (_, statuses, runs) => {
    listing(statuses);
    expect(await running()).toEqual(runs ? ["lake"] : []);
  });

  it("does not wait for one that is not deployed", async () => {
    listing({ pipelineState: "running" }, false);
    expect(await running()).toEqual([]);
  });
});
