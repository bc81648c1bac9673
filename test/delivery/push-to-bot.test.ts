import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { type BotWorld, openBotWorld, SCOPE } from "./bot-world.ts";

let world: BotWorld;
afterEach(() => world.close());
const open = async (changes: Partial<OpenMetadataOptions> = {}) => {
  world = await openBotWorld(changes);
};

/** Answers the requests that fit otherwise than the server, which does its work if `after`. */
function answers(method: string, path: RegExp, change: (body: Record<string, unknown>) => unknown, after = true): void {
  world.faults.push((request) => {
    if (request.method !== method || !path.test(request.path)) return undefined;
    const headers = { "x-injected-fault": "1" };
    if (!after) return { kind: "answer", response: () => Response.json(change({}), { headers }) };
    const response = async (original: Response) =>
      Response.json(change((await original.json()) as Record<string, unknown>), { status: original.status, headers });
    return { kind: "after", response };
  });
}
const secrets = () =>
  [world.openMetadata.botMechanism("ingestion-bot"), ...world.openMetadata.pipelines().map(({ pinned }) => pinned)].map(
    (held) => (held?.authType === "SSO" ? held.config.authConfig?.clientSecret : held?.authType),
  );

describe.each(["0.13.2", "1.1.0", "1.2.2", "1.2.5"] as const)("a push to a bot of OpenMetadata %s", (release) => {
  beforeEach(() => open({ release }));

  it("has it sign in to Entra with the secret, and deploys the pipelines that are deployed", async () => {
    const { openMetadata, tenant, authority } = world;
    for (const name of ["lake", "warehouse"]) openMetadata.addPipeline({ name, deployed: true });
    const name = tenant.client.objectId;
    expect(await world.push()).toEqual({
      kind: "delivered",
      detail: `ingestion signs in as ${name}@example.com; pipelines deployed: 2`,
    });
    const authConfig = { clientId: tenant.client.id, clientSecret: "first-secret", authority, scopes: [SCOPE] };
    expect(world.botUser()).toMatchObject({
      name,
      email: `${name}@example.com`,
      displayName: "ingestion-bot",
      description: "Holds version v1 of its client secret in the vault (openmetadata-entra).",
      roles: ["IngestionBotRole"],
      isBot: true,
      isAdmin: false,
      mechanism: { authType: "SSO", config: { ssoServiceType: "azure", authConfig } },
    });
    expect(secrets()).toEqual(["first-secret", "first-secret", "first-secret"]);
  });

  it("leaves the bot's own name and description as they are", async () => {
    const named = { name: "ingestion-bot", displayName: "Ours", description: "Bot used for ingesting metadata." };
    const { id, name } = world.botUser() ?? {};
    const put = await world.call("PUT /v1/bots", {
      body: { ...named, botUser: release === "0.13.2" ? { id, type: "user" } : name },
    });
    expect(put.status).toBe(200);
    await world.push();
    expect(world.bot()).toMatchObject(named);
  });

  it("gives the new user the roles of the one before", async () => {
    const [role] = (
      (await world.call("GET /v1/users/name/ingestion-bot?fields=roles")).body as { roles: { id: string }[] }
    ).roles;
    const user = { name: "lake-bot", email: "lake@example.com", isBot: true, botName: "lake-bot", roles: [role?.id] };
    const token = { authType: "JWT", config: { JWTTokenExpiry: "Unlimited" } };
    const made = await world.call("PUT /v1/users", { body: { ...user, authenticationMechanism: token } });
    const { id } = made.body as { id: string };
    const botUser = release === "0.13.2" ? { id, type: "user" } : "lake-bot";
    await world.call("PUT /v1/bots", { body: { name: "lake-bot", displayName: "lake-bot", botUser } });
    world.ports.deployment.botName = "lake-bot";
    expect(await world.push()).toMatchObject({ kind: "delivered" });
    const { userId } = world.openMetadata.bots().find(({ name }) => name === "lake-bot") ?? {};
    expect(world.openMetadata.users().find((one) => one.id === userId)).toMatchObject({
      name: world.tenant.client.objectId,
      roles: ["IngestionBotRole"],
    });
  });

  it("keeps address, name, roles and what people wrote when the next secret is pushed", async () => {
    await world.push();
    const { name, id } = world.botUser() ?? {};
    const described = { op: "replace", path: "/description", value: "Ask the data team." };
    const called = { op: "replace", path: "/displayName", value: "Lake" };
    await world.call(`PATCH /v1/users/${id}`, {
      body: [described, called],
      headers: { "content-type": "application/json-patch+json" },
    });
    world.tenant.client.secret = "second-secret";
    world.openMetadata.options.principalDomain = "elsewhere.example";
    await world.push({ value: "second-secret", version: "v2" });
    expect(world.botUser()).toMatchObject({
      id,
      name,
      email: `${name}@example.com`,
      displayName: "Lake",
      description: "Ask the data team.\n\nHolds version v2 of its client secret in the vault (openmetadata-entra).",
      roles: ["IngestionBotRole"],
    });
    expect(secrets()).toEqual(["second-secret"]);
  });
});

describe("a push is not delivered where", () => {
  beforeEach(() => open());

  it("the server answers success and keeps the bot's old user", async () => {
    const old = (await world.call("GET /v1/bots/name/ingestion-bot")).body;
    answers("PUT", /\/v1\/bots$/, () => old, false);
    await expect(world.push()).rejects.toMatchObject({
      code: "openmetadata-not-updated",
      message: expect.stringMatching(/OpenMetadata 1\.2\.2 reported success but did not change botUser$/),
    });
  });

  it("the server answers success and keeps what the user signs in with", async () => {
    await world.push();
    const kept = world.botUser();
    world.tenant.client.secret = "second-secret";
    answers("PUT", /\/v1\/users$/, () => ({ ...kept, mechanism: undefined, roles: [] }), false);
    await expect(world.push({ value: "second-secret", version: "v2" })).rejects.toMatchObject({
      code: "openmetadata-not-updated",
      message: expect.stringMatching(/did not change clientSecret$/),
    });
  });

  it("a token that is got with the secret is taken for somebody else", async () => {
    world.faults.push(({ path, headers }) => {
      if (!path.endsWith("/loggedInUser") || headers.get("authorization") === `Bearer ${world.admin}`) return undefined;
      const body = { id: "another", name: "somebody", email: "", isAdmin: false };
      return { kind: "answer", response: () => Response.json(body, { headers: { "x-injected-fault": "1" } }) };
    });
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-sign-in-failed",
      message: expect.stringContaining('to user "somebody", not "6f0c1f9e-'),
    });
  });

  it("the bot's user has lost its roles meanwhile", async () => {
    const id = world.tenant.client.objectId;
    await world.push();
    let put = false;
    world.faults.push(({ method }) => {
      put ||= method === "PUT";
      return undefined;
    });
    answers("GET", new RegExp(`/users/name/${id}`), (body) => (put ? { ...body, roles: [] } : body));
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-roles-lost",
      message: expect.stringMatching(new RegExp(`user "${id}" lost the roles [\\da-f-]{36}$`)),
      hint: expect.stringContaining(`Settings > Users > ${id}`),
    });
  });

  it("Entra does not know the secret: nothing is written", async () => {
    await expect(world.push({ value: "unknown" })).rejects.toMatchObject({
      code: "secret-refused",
      message: expect.stringContaining("(unknown-secret); the bot keeps its current one"),
    });
    expect(world.writes).toEqual([]);
  });

  it("there is no such bot: nothing is written", async () => {
    world.ports.deployment.botName = "nobody";
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-missing",
      message: 'Cannot push the client secret to bot "nobody" of deployment "production": OpenMetadata has no such bot',
      hint: expect.stringContaining("BOT_NAME"),
    });
    expect(world.writes).toEqual([]);
  });

  it("ingestion signs in as a person: nothing is written", async () => {
    const name = world.tenant.client.objectId;
    world.openMetadata.createEntraUser(name);
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-user-conflict",
      hint: expect.stringContaining(`DELETE /api/v1/users/name/${name}?hardDelete=true`),
    });
    expect(world.writes).toEqual([]);
  });

  it("another bot has the user", async () => {
    const name = world.tenant.client.objectId;
    const user = { name, email: "x@example.com", isBot: true, botName: "other" };
    const token = { authType: "JWT", config: { JWTTokenExpiry: "Unlimited" } };
    await world.call("PUT /v1/users", { body: { ...user, authenticationMechanism: token } });
    await world.call("PUT /v1/bots", { body: { name: "other", displayName: "other", botUser: name } });
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-user-conflict",
      message: expect.stringContaining(`OpenMetadata does not accept user "${name}" for the bot`),
      hint: expect.stringContaining("whether another bot has user"),
    });
  });

  it("somebody else has the user's address", async () => {
    const email = `${world.tenant.client.objectId}@example.com`;
    world.openMetadata.createUser({ name: "somebody", email });
    await expect(world.push()).rejects.toMatchObject({
      code: "bot-user-conflict",
      message: expect.stringContaining(`another user has the email address "${email}"`),
    });
  });

  it("the server is unwell, which passes", async () => {
    const response = () =>
      Response.json({ code: 500, message: "boom" }, { status: 500, headers: { "x-injected-fault": "1" } });
    world.faults.push(({ method }) => (method === "PUT" ? { kind: "answer", response } : undefined));
    await expect(world.push()).rejects.toMatchObject({ code: "openmetadata-unavailable", transient: true });
  });

  it("there is no time for the pipelines, which wait for the next run", async () => {
    world.openMetadata.addPipeline({ name: "lake", deployed: true });
    expect(await world.push({ endsOn: world.clock.now() })).toMatchObject({ kind: "waiting", code: "out-of-time" });
  });
});

describe("where something else changes the bot during the deployment, a push", () => {
  const changes = (times: number): void => {
    let left = times;
    world.faults.push(({ path }) => {
      if (!path.includes("/ingestionPipelines?") || left === 0) return undefined;
      left -= 1;
      const response = async (original: Response) => {
        const { client } = world.tenant;
        const user = { name: client.objectId, email: `${client.objectId}@example.com`, isBot: true };
        const body = { ...user, botName: "ingestion-bot", authenticationMechanism: world.azureSso("old-secret") };
        expect((await world.call("PUT /v1/users", { body })).status).toBe(200);
        return original;
      };
      return { kind: "after", response };
    });
  };
  const deployments = () => world.writes.filter((line) => line.includes("/deploy"));

  beforeEach(async () => {
    await open();
    world.openMetadata.addPipeline({ name: "lake", deployed: true });
  });

  it("writes it again and deploys again", async () => {
    changes(2);
    expect(await world.push()).toMatchObject({ kind: "delivered" });
    expect(secrets()).toEqual(["first-secret", "first-secret"]);
    expect(deployments()).toHaveLength(3);
  });

  it("points the bot at its user again where that was changed, though the user holds the secret", async () => {
    let once = true;
    world.faults.push(({ path }) => {
      if (!path.includes("/ingestionPipelines?") || !once) return undefined;
      once = false;
      const response = async (original: Response) => {
        const { client } = world.tenant;
        const { description } = world.botUser() ?? {};
        const user = { name: client.objectId, email: `${client.objectId}@example.com`, isBot: true, description };
        const sso = { clientId: client.id, clientSecret: client.secret, authority: world.authority, scopes: [SCOPE] };
        const mechanism = { authType: "SSO", config: { ssoServiceType: "azure", authConfig: sso } };
        const body = { ...user, botName: "ingestion-bot", authenticationMechanism: mechanism };
        expect((await world.call("PUT /v1/users", { body })).status).toBe(200);
        const bot = { name: "ingestion-bot", displayName: "ingestion-bot", botUser: "ingestion-bot" };
        expect((await world.call("PUT /v1/bots", { body: bot })).status).toBe(200);
        return original;
      };
      return { kind: "after", response };
    });
    expect(await world.push()).toMatchObject({ kind: "delivered" });
    expect(world.botUser()).toMatchObject({ name: world.tenant.client.objectId });
  });

  it("gives up after three times, and waits", async () => {
    changes(9);
    expect(await world.push()).toEqual({
      kind: "waiting",
      code: "changed-meanwhile",
      because: "something else changed the bot during all 3 deployments",
    });
    expect(deployments()).toHaveLength(3);
  });
});

describe("the ingestion client secret", () => {
  it("is left to the vault's readers from 1.3 on, and the bot is sent nothing", async () => {
    await open({ release: "1.3.4" });
    const now = world.clock.now().getTime();
    const storedOn = new Date(now - 24 * 3_600_000);
    expect(await world.push({ storedOn })).toMatchObject({ kind: "delivered" });
    expect(world.writes).toEqual([]);
  });

  it("is not sent to a server that says to be older than one that has issued tokens", async () => {
    await open();
    world.ports.hadToken = async () => true;
    await expect(world.push()).rejects.toMatchObject({
      code: "openmetadata-release-lower",
      message: expect.stringContaining("the server reports version 1.2.2, but the bot has had a token"),
    });
    expect(world.writes).toEqual([]);
  });

  it("is not sent where the setting asks for what the release cannot do", async () => {
    await open({ release: "1.6.0" });
    world.ports.deployment.botCredential = "sso";
    await expect(world.push()).rejects.toMatchObject({
      code: "openmetadata-release-unsupported",
      message: expect.stringMatching(
        /^Cannot push the client secret to bot "ingestion-bot" of .*BOT_CREDENTIAL is "sso"/,
      ),
      hint: expect.stringMatching(/^Correct BOT_CREDENTIAL/),
    });
    expect(world.writes).toEqual([]);
  });
});
