import { describe, expect, it } from "vitest";
import { codeOf, UpstreamError } from "../../../shared/errors.ts";
import { observe } from "../../../shared/rotation/bot-token/observe.ts";
import { ask, held, on, policy, stored } from "./planned.ts";
import { down, type Surroundings, surroundings } from "./ports.ts";

const vault = (change: Parameters<typeof stored>[0]) => ({ ...stored(change), nonce: "", userId: "bot" });

async function look(world: Surroundings, { thorough = false, now = "2026-01-02", asked = false } = {}) {
  const run = {
    beganOn: on(now),
    ask: asked ? ask(now) : undefined,
    issuedOn: undefined,
    skips: new Set<never>(),
  };
  return observe(world.ports, policy, { name: world.ports.name, now: on(now), run, thorough });
}

describe("observe()", () => {
  it("asks the vault, the bot and its user, and nobody else, while nothing is due", async () => {
    const world = surroundings();
    expect(await look(world)).toMatchObject({ kind: "seen", held: { keyId: "one", userId: "bot" }, running: [] });
    expect(world.told).toEqual(["latest", "bot", "held"]);
  });

  it("keeps the token itself to itself", async () => {
    expect(JSON.stringify(await look(surroundings()))).not.toContain("token one");
  });

  it("asks for the release and the bot too where the look is thorough", async () => {
    const world = surroundings();
    await look(world, { thorough: true });
    expect(world.told).toEqual(["latest", "version", "bot", "held"]);
  });

  it.each<[what: string, current: ReturnType<typeof vault> | undefined]>([
    ["nothing is stored", undefined],
    ["somebody else stored it", { ...vault({ keyId: undefined }), userId: undefined as never }],
  ])("looks thoroughly where %s", async (_, current) => {
    const world = surroundings();
    world.current = current;
    await look(world);
    expect(world.told).toEqual(["latest", "version", "bot", "held"]);
  });

  it("finds the bot anew when the user that the vault names was deleted", async () => {
    const world = surroundings();
    world.users.delete("bot");
    world.bot = { userId: "other" };
    world.users.set("other", { ...held({ userId: "other", keyId: "two" }), token: "token two" });
    expect(await look(world)).toMatchObject({ kind: "seen", held: { userId: "other", keyId: "two" } });
    expect(world.told).toEqual(["latest", "bot", "version", "held"]);
  });

  it("notices in every look that the bot is pointed at another user, whose token may end much sooner", async () => {
    const world = surroundings();
    world.bot = { userId: "other" };
    world.users.set("other", { ...held({ userId: "other", keyId: "two" }), token: "token two" });
    for (const thorough of [false, true]) {
      expect(await look(world, { thorough })).toMatchObject({ held: { userId: "other", keyId: "two" } });
    }
  });

  it.each(["no bot", "a bot without its user"])("says that there is %s to take a token from", async (which) => {
    const world = surroundings();
    world.users.clear();
    if (which === "no bot") world.bot = undefined;
    await expect(look(world)).rejects.toMatchObject({
      code: "bot-missing",
    });
  });

  it("blames the app's own user where that is unknown to the server, which then answers 'not found' to everything", async () => {
    const world = surroundings();
    world.bot = undefined;
    world.current = undefined;
    world.shutOut = "the server does not know the app's user";
    await expect(look(world)).rejects.toMatchObject({ code: "openmetadata-forbidden" });
  });

  it.each([401, 403])("asks why the server refuses with %i, and tells that", async (status) => {
    const world = surroundings();
    world.failures.push(["held", down(status)]);
    world.shutOut = "user is not an administrator";
    await expect(look(world)).rejects.toMatchObject({ code: "openmetadata-forbidden" });
    world.failures.push(["held", down(status)]);
    world.shutOut = undefined;
    await expect(look(world)).rejects.toMatchObject({ code: "openmetadata-refused", status });
  });

  it("does not ask why where the server fails otherwise", async () => {
    const world = surroundings();
    world.failures.push(["held", down(503)]);
    await expect(look(world, { thorough: true })).rejects.toMatchObject({ code: "openmetadata-unavailable" });
    expect(world.told).not.toContain("admitted");
  });

  it("does not take a failure of the vault for an outage of the server", async () => {
    const world = surroundings();
    world.failures.push(["latest", new UpstreamError("the vault answered 503", { service: "Key Vault", status: 503 })]);
    await expect(look(world)).rejects.toMatchObject({ code: "vault-unavailable" });
    const behind = surroundings();
    const failure = new UpstreamError("Entra answered 503", { service: "Entra", status: 503 });
    behind.failures.push(["held", failure]);
    await expect(look(behind)).rejects.toBe(failure);
    const broken = Object.assign(new TypeError("broken"), { transient: true, service: "OpenMetadata" });
    const bug = surroundings();
    bug.failures.push(["held", broken]);
    await expect(look(bug)).rejects.toBe(broken);
  });

  it("does not fear for a token that never ends while the server is down", async () => {
    const world = surroundings();
    world.current = vault({ expiresOn: undefined });
    world.failures.push(["held", down(503)]);
    expect(await look(world, { now: "2036-01-01" })).toMatchObject({
      kind: "unseen",
      code: "openmetadata-unavailable",
      because: "OpenMetadata answered 503",
    });
  });

  it("asks which pipelines run only where a token is to be issued", async () => {
    const world = surroundings();
    world.running = ["lake"];
    expect(await look(world, { now: "2026-03-01T23:59:59" })).toMatchObject({ running: [] });
    expect(await look(world, { now: "2026-03-02" })).toMatchObject({ running: ["lake"] });
    expect(await look(world, { asked: true })).toMatchObject({ running: ["lake"] });
  });
});

describe("observe() of a server that is down", () => {
  const lookDown = async (world: Surroundings, options: Parameters<typeof look>[1] = {}) => {
    world.failures.push(["held", down(503)], ["version", down(503)]);
    return look(world, options).then(({ kind }) => kind, codeOf);
  };

  it("leaves it to the next run while nothing is outstanding", async () => {
    expect(await lookDown(surroundings())).toBe("unseen");
    expect(await lookDown(surroundings(), { now: "2026-03-01T23:59:59" })).toBe("unseen");
  });

  it("leaves it to the next run where nothing was ever stored: perhaps nothing ever will be", async () => {
    const world = surroundings();
    world.current = undefined;
    expect(await lookDown(world)).toBe("unseen");
  });

  it.each<[what: string, change: Parameters<typeof stored>[0]]>([
    ["is not delivered", { deliveredOn: undefined, confirmedOn: undefined }],
    ["is not confirmed", { confirmedOn: undefined }],
    ["is disabled", { enabled: false }],
  ])("fails where what is stored %s", async (_, change) => {
    const world = surroundings();
    world.current = vault(change);
    expect(await lookDown(world)).toBe("openmetadata-unavailable");
  });

  it("fails where a token is due, and where the look is thorough", async () => {
    expect(await lookDown(surroundings(), { now: "2026-03-02" })).toBe("openmetadata-unavailable");
    expect(await lookDown(surroundings(), { thorough: true })).toBe("openmetadata-unavailable");
  });

  it("fails where it is no outage: what answers 400 will not pass by itself", async () => {
    const world = surroundings();
    world.failures.push(["held", down(400)]);
    await expect(look(world)).rejects.toMatchObject({
      code: "bot-user-conflict",
      hint: expect.stringContaining("BOT_NAME"),
    });
  });

  it("does not pass over a token in silence because the server's version tells no release", async () => {
    const world = surroundings();
    world.ports.choose = async () => ({
      kind: "refused",
      code: "openmetadata-version-unknown",
      because: "the version tells no release",
    });
    await expect(look(world, { thorough: true })).rejects.toMatchObject({
      code: "openmetadata-version-unknown",
      hint: expect.stringContaining("BOT_CREDENTIAL"),
    });
  });

  it("says that the bot signs in another way, whatever it holds", async () => {
    const world = surroundings();
    world.current = undefined;
    world.ports.choose = async () => ({ kind: "sso", because: "it is old" });
    expect(await look(world, { thorough: true })).toMatchObject({ kind: "unused", because: "it is old" });
  });

  it("does not believe that where the vault holds a token: the server, or what answers for it, has become older", async () => {
    const world = surroundings();
    world.ports.choose = async () => ({ kind: "sso", because: "it is old" });
    await expect(look(world, { thorough: true })).rejects.toMatchObject({ code: "openmetadata-release-lower" });
  });
});
