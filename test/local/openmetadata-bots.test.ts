import { afterEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { openWorld, type World } from "./openmetadata-world.ts";

const OID = "6f0c1f9e-9a55-4f6f-8a51-0c2f4a3f7d10";
const ME = "GET /v1/users/loggedInUser";

let world: World;
afterEach(() => world.close());
const open = async (changes: Partial<OpenMetadataOptions> = {}) => {
  world = await openWorld(changes);
  return world;
};

const user = (name: string) => world.openMetadata.users().find((candidate) => candidate.name === name);
const botUser = { name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot" };
const entraUser = { ...botUser, name: OID, email: `${OID}@example.com`, displayName: "ingestion-bot" };
const put = (body: object, token = world.admin) => world.call("PUT /v1/users", { body, token });
const putSso = (secret: string, to = entraUser) => put({ ...to, authenticationMechanism: world.azureSso(secret) });
const mechanism = async (name: string, token = world.admin) =>
  (await world.call(`GET /v1/users/auth-mechanism/${user(name)?.id}`, { token })).body as {
    authType: string;
    config: { JWTToken: string; authConfig: { clientSecret: string } };
  };

describe("the ingestion bot", () => {
  it("is there from the start, with a token that signs in", async () => {
    const { call } = await open();
    expect((await call("GET /v1/bots/name/ingestion-bot?include=non-deleted")).body).toMatchObject({
      name: "ingestion-bot",
      botUser: { id: user("ingestion-bot")?.id, type: "user", name: "ingestion-bot" },
      provider: "system",
      deleted: false,
    });
    const held = await mechanism("ingestion-bot");
    expect(held).toMatchObject({ authType: "JWT", config: { JWTTokenExpiry: "Unlimited" } });
    expect(held.config).not.toHaveProperty("JWTTokenExpiresAt");
    expect((await call(ME, { token: held.config.JWTToken })).body).toMatchObject({ name: "ingestion-bot" });
    expect((await call("GET /v1/bots/name/other")).body).toEqual({
      code: 404,
      message: "bot instance for other not found",
    });
  });

  it("shows its mechanism to administrators only, and people have none to show", async () => {
    const { call, tenant, openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const token = await tenant.sign({ sub: "ann" });
    expect((await call(`GET /v1/users/auth-mechanism/${user("ingestion-bot")?.id}`, { token })).status).toBe(403);
    expect(await call(`GET /v1/users/auth-mechanism/${user("ann")?.id}`)).toMatchObject({
      status: 400,
      body: { message: "JWT token is only supported for bot users" },
    });
  });
});

describe("putting a bot's user with Azure SSO, in 1.2", () => {
  it("makes the user, with the bot's role, and leaves the bot as it is until it is put too", async () => {
    const { call } = await open();
    const made = await putSso("s1");
    expect(made).toMatchObject({ status: 201, body: { isBot: true, roles: [{ name: "IngestionBotRole" }] } });
    expect(world.openMetadata.botMechanism("ingestion-bot")).toMatchObject({ authType: "JWT" });
    const repointed = await call("PUT /v1/bots", { body: { name: "ingestion-bot", botUser: OID } });
    expect(repointed).toMatchObject({
      status: 200,
      body: { botUser: { name: OID }, provider: "system", version: 0.2 },
    });
    expect(world.openMetadata.botMechanism("ingestion-bot")).toEqual(world.azureSso("s1"));
  });

  it("replaces whatever it held, without trying the secret, and counts the version up even if nothing changed", async () => {
    await open();
    const to = { ...botUser, displayName: "ingestion-bot" };
    await putSso("s1", to);
    expect(user("ingestion-bot")).toMatchObject({ version: 0.2, mechanism: world.azureSso("s1") });
    await putSso("s1", to);
    expect(user("ingestion-bot")?.version).toBe(0.3);
    await putSso("s2", to);
    expect(user("ingestion-bot")).toMatchObject({ version: 0.4, mechanism: world.azureSso("s2") });
  });

  it("keeps the roles, changes the e-mail, and takes away what the body leaves out", async () => {
    await open();
    await putSso("s1");
    const { displayName: _, ...bare } = entraUser;
    await put({ ...bare, email: "other@example.com", authenticationMechanism: world.azureSso("s1") });
    expect(user(OID)).toMatchObject({ email: "other@example.com", roles: ["IngestionBotRole"] });
    expect(user(OID)?.displayName).toBeUndefined();
    const taken = { ...bare, email: "ingestion-bot@example.com", authenticationMechanism: world.azureSso("s1") };
    expect((await put(taken)).status).toBe(409);
  });

  it("is for administrators", async () => {
    const { tenant, openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const body = { ...entraUser, authenticationMechanism: world.azureSso("s1") };
    expect((await put(body, await tenant.sign({ sub: "ann" }))).status).toBe(403);
  });

  it("answers 400, with the reason, to what it cannot store", async () => {
    const { openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const refused = async (body: object) => {
      const answer = await put(body);
      expect(answer.status).toBe(400);
      return (answer.body as { message: string }).message;
    };
    const sso = world.azureSso("s1");
    const withMechanism = (authenticationMechanism: object) => refused({ ...entraUser, authenticationMechanism });
    expect(await refused(entraUser)).toBe(`Authentication mechanism is empty bot user: [${OID}]`);
    const incomplete = `Incomplete authentication mechanism parameters for bot user: [${OID}]`;
    expect(await withMechanism({})).toBe(incomplete);
    expect(await withMechanism({ config: sso.config })).toBe(incomplete);
    const basic = { authType: "BASIC", config: { password: "x" } };
    expect(await withMechanism(basic)).toBe("Not supported authentication mechanism type: [BASIC]");
    expect(await withMechanism({ ...sso, authType: "JWT" })).toMatch('Unrecognized field "ssoServiceType"');
    expect(await withMechanism({ authType: "SSO", config: { JWTTokenExpiry: "90" } })).toMatch("JWTTokenExpiry");
    const extra = { ...sso.config, authConfig: { ...sso.config.authConfig, tenant: "t" } };
    expect(await withMechanism({ authType: "SSO", config: extra })).toMatch(/^Cannot convert/);
    const asAnn = { ...entraUser, name: "ann", authenticationMechanism: sso };
    expect(await refused(asAnn)).toBe("User [ann] already exists.");
    const taken = { ...botUser, botName: "another-bot", authenticationMechanism: sso };
    expect(await refused(taken)).toBe("Bot user [ingestion-bot] is already used by [ingestion-bot] bot");
  });

  it("fails without a config, and takes none of the scopes for an empty list of them", async () => {
    await open();
    const failed = await put({ ...entraUser, authenticationMechanism: { authType: "SSO" } });
    expect(failed).toMatchObject({ status: 500, body: { responseMessage: expect.stringContaining("is null") } });
    const authConfig = { clientSecret: "s", authority: "a", clientId: "c" };
    const config = { ssoServiceType: "azure", authConfig };
    await put({ ...entraUser, authenticationMechanism: { authType: "SSO", config } });
    expect(user(OID)?.mechanism).toEqual({
      authType: "SSO",
      config: { ...config, authConfig: { ...authConfig, scopes: [] } },
    });
  });

  it("with a token keeps the token held, and makes one where SSO was", async () => {
    await open();
    const before = (await mechanism("ingestion-bot")).config.JWTToken;
    const authenticationMechanism = { authType: "JWT", config: { JWTTokenExpiry: "90" } };
    await put({ ...botUser, authenticationMechanism });
    expect((await mechanism("ingestion-bot")).config.JWTToken).toBe(before);
    await putSso("s1", { ...entraUser, ...botUser });
    await put({ ...botUser, authenticationMechanism });
    expect((await mechanism("ingestion-bot")).config).toMatchObject({ JWTTokenExpiry: "90" });
  });
});

describe("a bot", () => {
  it("may only act as a bot's user that no other bot has", async () => {
    const { call, openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const putBot = (name: string, botUserName: string) =>
      call("PUT /v1/bots", { body: { name, botUser: botUserName } }) as Promise<unknown>;
    expect(await putBot("ingestion-bot", "ann")).toMatchObject({
      status: 400,
      body: { message: "User [ann] is not a bot user" },
    });
    expect(await putBot("mine", "ingestion-bot")).toMatchObject({ status: 400, body: { message: /already used by/ } });
    expect(await putBot("mine", "nobody")).toMatchObject({ status: 404 });
  });

  it("names its user by reference in 0.13, by name later", async () => {
    const { call, openMetadata } = await open({ release: "0.13.3" });
    await putSso("s1");
    const byName = { name: "ingestion-bot", botUser: OID };
    const byReference = { name: "ingestion-bot", botUser: { id: user(OID)?.id, type: "user" } };
    expect((await call("PUT /v1/bots", { body: byName })).status).toBe(400);
    expect(await call("PUT /v1/bots", { body: byReference })).toMatchObject({ body: { botUser: { name: OID } } });
    openMetadata.options.release = "1.2.5";
    expect((await call("PUT /v1/bots", { body: byName })).status).toBe(200);
    expect((await call("PUT /v1/bots", { body: byReference })).status).toBe(400);
  });

  it("loses the roles that the body leaves out in 0.13", async () => {
    await open({ release: "0.13.3" });
    await putSso("s1");
    await putSso("s2");
    expect(user(OID)?.roles).toEqual([]);
  });
});

describe("a client secret", () => {
  const seen = async (name: string, token = world.admin) =>
    (await mechanism(name, token)).config.authConfig.clientSecret;

  it("is masked for people and clear for bots from 1.2.3 on, and the mask sent back changes nothing", async () => {
    const { tenant } = await open();
    const person = await tenant.sign({ sub: "admin" });
    await putSso("s1");
    expect(await seen(OID, person)).toBe("*********");
    expect(await seen(OID)).toBe("s1");
    const answer = await put({ ...entraUser, authenticationMechanism: world.azureSso("s2") }, person);
    expect(JSON.stringify(answer.body)).not.toContain("s2");
    await putSso("*********");
    expect(await seen(OID)).toBe("s2");
  });

  it("is clear for people in 1.2.2 unless masking is asked for, and then the mask is a secret like any other", async () => {
    const { tenant, openMetadata } = await open({ release: "1.2.2" });
    const person = await tenant.sign({ sub: "admin" });
    await putSso("s1");
    expect(await seen(OID, person)).toBe("s1");
    await putSso("*********");
    expect(world.openMetadata.users().find(({ name }) => name === OID)?.mechanism).toEqual(world.azureSso("*********"));
    await putSso("s1");
    openMetadata.options.maskPasswords = true;
    expect(await seen(OID, person)).toBe("*********");
  });
});

describe("patching a mechanism", () => {
  it("answers 200 and changes nothing", async () => {
    const { call } = await open();
    const id = user("ingestion-bot")?.id;
    const before = await mechanism("ingestion-bot");
    const body = [
      { op: "replace", path: "/authenticationMechanism", value: world.azureSso("s1") },
      { op: "add", path: "/description", value: "new" },
    ];
    const patch = { "content-type": "application/json-patch+json" };
    expect(await call(`PATCH /v1/users/${id}`, { body, headers: patch })).toMatchObject({
      status: 200,
      body: { description: "new", version: 0.2 },
    });
    expect(await mechanism("ingestion-bot")).toEqual(before);
    expect((await call(`PATCH /v1/users/${id}`, { body })).status).toBe(415);
  });
});

describe("a bot's token", () => {
  const generate = () =>
    world.call(`PUT /v1/users/generateToken/${user("ingestion-bot")?.id}`, { body: { JWTTokenExpiry: "30" } });

  it("is replaced by a new one, which the server believes only when its cache has run out", async () => {
    const { call, clock } = await open();
    const old = (await mechanism("ingestion-bot")).config.JWTToken;
    const works = async (token: string) => (await call(ME, { token })).status;
    expect(await works(old)).toBe(200);
    const { status, body } = await generate();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { JWTTokenExpiry: "30", JWTTokenExpiresAt: Date.UTC(2026, 2, 31) },
    });
    const fresh = (await mechanism("ingestion-bot")).config.JWTToken;
    await clock.advance(119_000);
    expect([await works(old), await works(fresh)]).toEqual([200, 401]);
    await clock.advance(1_000);
    expect([await works(old), await works(fresh)]).toEqual([401, 200]);
  });

  it("replaces SSO too", async () => {
    await open();
    await putSso("s1", { ...entraUser, ...botUser });
    await generate();
    expect((await mechanism("ingestion-bot")).authType).toBe("JWT");
  });

  it("ends when its time has come", async () => {
    const { call, clock } = await open();
    await generate();
    const token = (await mechanism("ingestion-bot")).config.JWTToken;
    await clock.advance(30 * 24 * 3600_000 + 1);
    expect(await call(ME, { token })).toMatchObject({ status: 401, body: { message: "Expired token!" } });
  });

  it("is refused at once after it was revoked", async () => {
    const { call, tenant } = await open();
    const id = user("ingestion-bot")?.id;
    const token = (await mechanism("ingestion-bot")).config.JWTToken;
    await call(ME, { token });
    expect((await call("PUT /v1/users/revokeToken", { body: { id } })).status).toBe(200);
    expect(await call(ME, { token })).toMatchObject({
      status: 401,
      body: { message: "Not Authorized! Invalid Token" },
    });
    expect((await call(`GET /v1/users/token/${id}`)).body).toEqual({ JWTToken: "" });
    world.openMetadata.options.externalSecrets = true;
    expect((await call(`GET /v1/users/token/${id}`)).body).toEqual({ JWTToken: "null" });
    expect((await mechanism("ingestion-bot")).config).toEqual({ JWTToken: "null" });
    const person = { id: user("admin")?.id };
    expect((await call("PUT /v1/users/revokeToken", { body: person })).status).toBe(500);
    expect(
      (await call("PUT /v1/users/revokeToken", { body: { id }, token: await tenant.sign({ sub: "x" }) })).status,
    ).toBe(404);
  });
});

describe.each(["1.3.4", "1.5.13", "1.6.0"] as const)("putting a bot's user in %s", (release) => {
  it("stores Azure SSO in place of the token, which is gone, and then no pipeline can be deployed", async () => {
    const { call, openMetadata } = await open({ release });
    const { id } = openMetadata.addPipeline({ name: "orders", deployed: true });
    expect((await putSso("s1", { ...entraUser, ...botUser })).status).toBe(200);
    expect(await mechanism("ingestion-bot")).toEqual(world.azureSso("s1"));
    expect(user("ingestion-bot")?.roles).toEqual(["IngestionBotRole"]);
    expect(await call(`POST /v1/services/ingestionPipelines/deploy/${id}`)).toMatchObject({
      status: 400,
      body: { message: "Not supported authentication mechanism type: [SSO]" },
    });
  });

  it("gives a new one no role, and refuses one without any mechanism", async () => {
    await open({ release });
    await putSso("s1");
    expect(user(OID)?.roles).toEqual([]);
    expect((await put(botUser)).status).toBe(400);
  });
});

describe("putting a bot's user in 1.9", () => {
  it("answers 200 and drops the mechanism in silence while the bot holds a token; the rest is stored", async () => {
    await open({ release: "1.9.17" });
    const before = await mechanism("ingestion-bot");
    const answer = await putSso("s1", { ...entraUser, ...botUser, displayName: "changed" });
    expect(answer).toMatchObject({ status: 200, body: { displayName: "changed", version: 0.2 } });
    expect(await mechanism("ingestion-bot")).toEqual(before);
    expect(user("ingestion-bot")?.roles).toEqual(["IngestionBotRole", "DefaultBotRole"]);
  });

  it("refuses SSO for a bot without a token, and fails without any mechanism", async () => {
    const { call } = await open({ release: "1.9.17" });
    await call("PUT /v1/users/revokeToken", { body: { id: user("ingestion-bot")?.id } });
    expect((await putSso("s1", { ...entraUser, ...botUser })).status).toBe(400);
    expect(await put(botUser)).toMatchObject({ status: 500, body: { errorType: "UNHANDLED_SERVER_EXCEPTION" } });
    const authenticationMechanism = { authType: "JWT", config: { JWTTokenExpiry: "90" } };
    expect((await put({ ...botUser, authenticationMechanism })).status).toBe(200);
    expect((await mechanism("ingestion-bot")).config.JWTToken).toMatch(/^eyJ/);
  });
});
