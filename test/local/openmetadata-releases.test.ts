import { afterEach, describe, expect, it } from "vitest";
import { type OpenMetadataOptions, QUICKSTART_KEY_ID } from "../../local/cloud/openmetadata/options.ts";
import { MINUTE, openWorld, type World } from "./openmetadata-world.ts";

const ME = "GET /v1/users/loggedInUser";
const PIPELINES = "/v1/services/ingestionPipelines";
const LATE = ["1.10.14", "1.12.6", "1.13.1", "2.0.0"] as const;

let world: World;
afterEach(() => world.close());
const open = async (changes: Partial<OpenMetadataOptions> = {}) => {
  world = await openWorld({ release: "1.12.6", ...changes });
  return world;
};
const botUser = () => world.openMetadata.users().find(({ name }) => name === "ingestion-bot");
const put = (body: object) =>
  world.call("PUT /v1/users", {
    body: { name: "ingestion-bot", email: "ingestion-bot@example.com", isBot: true, botName: "ingestion-bot", ...body },
  });
const held = async (token?: string) => {
  const answer = await world.call(`GET /v1/users/token/${botUser()?.id}`, token === undefined ? {} : { token });
  return (answer.body as { JWTToken: string }).JWTToken;
};
const generate = () => world.call(`PUT /v1/users/generateToken/${botUser()?.id}`, { body: { JWTTokenExpiry: "90" } });

describe.each(LATE)("OpenMetadata %s", (release) => {
  it("says OK when asked for its health, without a token", async () => {
    const { url } = await open({ release });
    const answer = await fetch(`${url}/api/v1/system/health`);
    expect([answer.status, await answer.text()]).toEqual([200, "OK"]);
  });

  it("drops Azure SSO in silence while the bot holds a token, and stores the rest", async () => {
    await open({ release });
    const before = await held();
    expect(await put({ displayName: "changed", authenticationMechanism: world.azureSso("s1") })).toMatchObject({
      status: 200,
      body: { displayName: "changed" },
    });
    expect(await held()).toBe(before);
  });

  it("answers 400 to Azure SSO and 500 to nothing once the token is revoked", async () => {
    const { call } = await open({ release });
    await call("PUT /v1/users/revokeToken", { body: { id: botUser()?.id } });
    expect((await put({ authenticationMechanism: world.azureSso("s1") })).status).toBe(400);
    expect((await put({})).status).toBe(500);
  });

  it("shows the bot's token in clear to a person who is an administrator", async () => {
    const { tenant } = await open({ release });
    expect(await held(await tenant.sign({ sub: "admin" }))).toMatch(/^eyJ/);
  });

  it("takes users and bots with domains", async () => {
    const { call } = await open({ release });
    expect((await call("PUT /v1/users", { body: { name: "ann", email: "ann@x.org", domains: [] } })).status).toBe(201);
    const bot = { name: "ingestion-bot", botUser: "ingestion-bot", domains: [] };
    expect((await call("PUT /v1/bots", { body: bot })).status).toBe(200);
  });
});

describe("a new token of the bot", () => {
  it.each(["1.6.0", "1.12.6"] as const)(
    "is answered encrypted in %s, and can be read back in clear",
    async (release) => {
      await open({ release });
      const { status, body } = await generate();
      expect({ status, body }).toMatchObject({ status: 200, body: { JWTToken: /^fernet:/, JWTTokenExpiry: "90" } });
      expect(await held()).toMatch(/^eyJ/);
    },
  );

  it("is answered in clear in 1.2, and is for people too", async () => {
    const { call, openMetadata } = await open({ release: "1.2.5" });
    expect((await generate()).body).toMatchObject({ JWTToken: expect.stringMatching(/^eyJ/) });
    const { id } = openMetadata.createUser({ name: "ann" });
    const forAnn = () => call(`PUT /v1/users/generateToken/${id}`, { body: { JWTTokenExpiry: "7" } });
    expect((await forAnn()).status).toBe(200);
    openMetadata.options.release = "1.12.6";
    expect((await forAnn()).status).toBe(400);
  });

  it("is asked for by an id, or the path does not exist", async () => {
    const { call } = await open();
    expect((await call("GET /v1/users/auth-mechanism/xyz")).status).toBe(404);
  });
});

describe("the key id of the quickstart", () => {
  it("shows in the published keys, and a new one voids every token", async () => {
    const { call, openMetadata } = await open({ jwtKeyId: QUICKSTART_KEY_ID });
    const kid = async () =>
      ((await call("GET /v1/system/config/jwks", { token: "" })).body as { keys: { kid: string }[] }).keys[0]?.kid;
    const token = await held();
    expect(await kid()).toBe("Gb389a-9f76-gdjs-a92j-0242bk94356");
    openMetadata.options.jwtKeyId = "our-own";
    expect(await kid()).toBe("Gb389a-9f76-gdjs-a92j-0242bk94356");
    openMetadata.restart();
    expect(await kid()).toBe("our-own");
    expect((await call(ME, { token })).status).toBe(500);
  });
});

describe("a pipeline service that is switched off", () => {
  it("answers deployments with 200, and deploys nothing", async () => {
    const { call, openMetadata } = await open({ runnerDisabled: true });
    openMetadata.options.runnerDisabled = false;
    const { id, pinned } = openMetadata.addPipeline({ name: "orders", deployed: true });
    openMetadata.options.runnerDisabled = true;
    await generate();
    const said = { code: 200, reason: "Pipeline Client Disabled" };
    expect((await call(`POST ${PIPELINES}/bulk/deploy`, { body: [id] })).body).toMatchObject([said]);
    expect((await call(`POST ${PIPELINES}/deploy/${id}`)).body).toMatchObject(said);
    expect(openMetadata.pipelines()[0]?.pinned).toEqual(pinned);
  });
});

describe("people", () => {
  it("are listed, administrators or not", async () => {
    const { call, openMetadata } = await open();
    for (const name of ["ann", "bob"]) openMetadata.createUser({ name, isAdmin: name === "bob" });
    const names = async (query: string) =>
      ((await call(`GET /v1/users${query}`)).body as { data: { name: string }[] }).data.map(({ name }) => name);
    expect(await names("?isAdmin=true&isBot=false")).toEqual(["admin", "bob"]);
    expect(await names("?isAdmin=false&isBot=false&limit=100")).toEqual(["ann"]);
    expect(await names("?limit=1")).toEqual(["admin"]);
  });

  it("are deleted by id too, softly unless said otherwise", async () => {
    const { call, openMetadata } = await open();
    const { id } = openMetadata.createUser({ name: "ann" });
    expect((await call(`DELETE /v1/users/${id}`)).status).toBe(200);
    expect(openMetadata.users().find(({ name }) => name === "ann")).toMatchObject({ deleted: true });
    const admin = openMetadata.users().find(({ name }) => name === "admin");
    await call(`DELETE /v1/users/${admin?.id}?hardDelete=true`);
    expect(openMetadata.users().some(({ name }) => name === "admin")).toBe(false);
    expect((await call(`DELETE /v1/users/${admin?.id}`)).status).toBe(404);
  });

  it("who become administrators wait for three minutes", async () => {
    const { call, clock, tenant, openMetadata } = await open();
    const { id } = openMetadata.createUser({ name: "ann" });
    const token = await tenant.sign({ sub: "ann" });
    const asAnn = async () => (await call("PUT /v1/users/revokeToken", { token, body: { id } })).status;
    expect(await asAnn()).toBe(403);
    await call("PUT /v1/users", { body: { name: "ann", email: "ann@example.com", isAdmin: true } });
    await clock.advance(3 * MINUTE - 1);
    expect(await asAnn()).toBe(403);
    await clock.advance(1);
    expect(await asAnn()).toBe(500); // let in, and told that only bots have a token to revoke
  });
});

describe("who may come in", () => {
  it("where the domain is enforced, other allowed domains pass, and apps never do", async () => {
    const { call, tenant } = await open({ enforcePrincipalDomain: true, allowedDomains: ["other.org"] });
    const status = async (claims: object) => (await call(ME, { token: await tenant.sign({ ...claims }) })).status;
    // Let in, and told that the address is another.
    expect(await status({ email: "admin@other.org" })).toBe(400);
    expect(await status({ email: "admin@elsewhere.org" })).toBe(401);
    expect(await status({ sub: "admin" })).toBe(401);
  });

  it("is decided by the e-mail claim in 2.x, if it is set: the whole address counts, and must be verified", async () => {
    const { call, tenant, openMetadata } = await open({ release: "2.0.0", emailClaim: "mail" });
    openMetadata.createUser({ name: "ann" });
    const me = async (claims: object) => call(ME, { token: await tenant.sign({ ...claims }) });
    expect((await me({ mail: "ann@example.com", email: "admin@example.com" })).body).toMatchObject({ name: "ann" });
    expect(await me({ mail: "ann@elsewhere.org" })).toMatchObject({
      status: 401,
      body: { message: "User with email ann@elsewhere.org is not registered" },
    });
    expect((await me({ mail: "ann@example.com", email_verified: false })).status).toBe(401);
    expect((await me({ sub: "admin" })).body).toMatchObject({ name: "admin" });
    openMetadata.options.release = "1.12.6";
    expect((await me({ mail: "ann@example.com", email: "admin@example.com" })).body).toMatchObject({ name: "admin" });
  });

  it("with a key that nobody publishes is a 401 in 2.x, a 500 before", async () => {
    const { call, tenant, openMetadata } = await open({ release: "2.0.0" });
    const token = await tenant.sign({ sub: "admin" }, "another-key");
    expect((await call(ME, { token })).status).toBe(401);
    openMetadata.options.release = "1.12.6";
    expect((await call(ME, { token })).status).toBe(500);
  });
});
