import { afterEach, describe, expect, it } from "vitest";
import type { OpenMetadataOptions } from "../../local/cloud/openmetadata/options.ts";
import { DAY, openWorld, type World } from "./openmetadata-world.ts";

let world: World;
afterEach(() => world.close());
const open = async (changes: Partial<OpenMetadataOptions> = {}) => {
  world = await openWorld(changes);
  return world;
};
const ME = "GET /v1/users/loggedInUser";
/** An unknown path, in older releases. */
const ABSENT = { status: 500, body: { responseMessage: expect.stringContaining("HTTP 404 Not Found") } };
const seconds = (on: Date) => Math.floor(on.getTime() / 1000);

describe("discovery", () => {
  it("tells release, sign-in settings and keys to anybody", async () => {
    const { call, authority, url } = await open();
    expect((await call("GET /v1/system/version", { token: "" })).body).toMatchObject({ version: "1.2.5" });
    expect((await call("GET /v1/system/config/auth", { token: "" })).body).toMatchObject({
      provider: "azure",
      clientId: "server-client",
      authority,
      callbackUrl: `${url}/callback`,
      jwtPrincipalClaims: ["email", "preferred_username", "sub"],
    });
    expect((await call("GET /v1/system/config/authorizer", { token: "" })).body).toMatchObject({
      adminPrincipals: ["admin"],
      principalDomain: "example.com",
      enforcePrincipalDomain: false,
    });
    expect((await call("GET /v1/system/config/jwks", { token: "" })).body).toMatchObject({ keys: [{ alg: "RS256" }] });
  });

  it("lies elsewhere in 0.13", async () => {
    const { call } = await open({ release: "0.13.3" });
    expect((await call("GET /v1/version", { token: "" })).body).toMatchObject({ version: "0.13.3" });
    expect((await call("GET /v1/config/auth", { token: "" })).status).toBe(200);
    expect(await call("GET /v1/system/version", { token: "" })).toMatchObject(ABSENT);
  });

  it("has no security configuration to push to before 1.10", async () => {
    const { call } = await open({ release: "1.5.13" });
    expect(await call("GET /v1/system/security/config")).toMatchObject(ABSENT);
    expect(await call("GET /v1/system/health")).toMatchObject(ABSENT);
  });

  it.each(["0.13.2", "1.1.0", "1.2.0", "1.6.0"] as const)(
    "fails in %s where a path does not exist",
    async (release) => {
      const { call } = await open({ release });
      const said = "An exception with message [HTTP 404 Not Found] was thrown while processing request.";
      expect(await call("GET /v1/nope", { token: "" })).toMatchObject({ status: 500, body: { responseMessage: said } });
    },
  );

  it("does not find such a path later on", async () => {
    const { call } = await open({ release: "1.12.6" });
    const { status, body } = await call("GET /v1/nope", { token: "" });
    expect({ status, body }).toEqual({ status: 404, body: { code: 404, message: "HTTP 404 Not Found" } });
  });

  it("tells neither keys nor administrators nor what is enforced in 1.12.6, whatever is configured", async () => {
    const { call } = await open({ release: "1.12.6", enforcePrincipalDomain: true });
    expect((await call("GET /v1/system/config/auth", { token: "" })).body).toMatchObject({ publicKeyUrls: [] });
    expect((await call("GET /v1/system/config/authorizer", { token: "" })).body).toEqual({
      adminPrincipals: [],
      testPrincipals: [],
      allowedEmailRegistrationDomains: [],
      principalDomain: "example.com",
      allowedDomains: [],
      useRolesFromProvider: false,
    });
  });
});

describe("a bearer token", () => {
  it("is demanded", async () => {
    const { call } = await open();
    const { status, headers, body } = await call(ME, { token: "" });
    expect({ status, body }).toEqual({
      status: 401,
      body: { code: 401, message: "Not Authorized! Token not present" },
    });
    expect(headers.get("www-authenticate")).toBe("om-auth");
  });

  it("of Entra stands for the user named by the subject, whatever its audience and issuer", async () => {
    const { call, tenant, openMetadata } = await open();
    openMetadata.createEntraUser("0b7c2f6a-object-id");
    const token = await tenant.sign({ sub: "0b7c2f6a-object-id", aud: "anything", iss: "anyone" });
    expect((await call(ME, { token })).body).toMatchObject({
      name: "0b7c2f6a-object-id",
      email: "0b7c2f6a-object-id@example.com",
      isAdmin: false,
    });
  });

  it("stands for the first claim present in the configured order, and for its part before the @", async () => {
    const { call, tenant, openMetadata } = await open();
    for (const name of ["ann", "bob"]) openMetadata.createUser({ name });
    const token = await tenant.sign({ preferred_username: "bob@elsewhere.org", Email: "ann@elsewhere.org" });
    expect((await call(ME, { token })).body).toMatchObject({ name: "ann" });
    openMetadata.options.jwtPrincipalClaims = ["preferred_username", "email"];
    expect((await call(ME, { token })).body).toMatchObject({ name: "bob" });
  });

  it("without any of the claims is refused", async () => {
    const { call, tenant } = await open();
    const { status, body } = await call(ME, { token: await tenant.sign({ upn: "ann@example.com" }) });
    expect({ status, body }).toMatchObject({ status: 401, body: { message: /none of the following claims/ } });
  });

  it("of a user that does not exist is a 404", async () => {
    const { call, tenant } = await open();
    const answer = await call(ME, { token: await tenant.sign({ sub: "nobody" }) });
    expect(answer).toMatchObject({ status: 404, body: { message: "user instance for nobody not found" } });
  });

  it("is refused as soon as the clock has passed its end", async () => {
    const { call, tenant, clock } = await open();
    const token = await tenant.sign({ sub: "admin", exp: seconds(clock.now()) + 60 });
    await clock.advance(60_000);
    expect((await call(ME, { token })).status).toBe(200);
    await clock.advance(1);
    expect(await call(ME, { token })).toMatchObject({ status: 401, body: { message: "Expired token!" } });
  });

  it("with a changed content is refused", async () => {
    const { call, tenant } = await open();
    const [header, , signature] = (await tenant.sign({ sub: "nobody" })).split(".");
    const forged = Buffer.from(JSON.stringify({ sub: "admin" })).toString("base64url");
    expect((await call(ME, { token: `${header}.${forged}.${signature}` })).status).toBe(401);
    expect((await call(ME, { token: "nonsense" })).status).toBe(401);
  });

  it("of an unknown key makes the server look again, and then fail", async () => {
    const { call, tenant } = await open();
    await call(ME, { token: await tenant.sign({ sub: "admin" }) });
    await call(ME, { token: await tenant.sign({ sub: "admin" }) });
    expect(tenant.counts.keys).toBe(1);
    expect((await call(ME, { token: await tenant.sign({ sub: "admin" }, "another-key") })).status).toBe(500);
    expect(tenant.counts.keys).toBe(2);
  });

  it("of an app cannot pass where the principal domain is enforced, of a bot it can", async () => {
    const { call, tenant, openMetadata, admin } = await open({ enforcePrincipalDomain: true });
    const app = await tenant.sign({ sub: "admin" });
    const person = await tenant.sign({ email: "admin@example.com" });
    expect(await call(ME, { token: app })).toMatchObject({ status: 401, body: { message: /principal domain/ } });
    expect((await call(ME, { token: person })).status).toBe(200);
    openMetadata.options.principalDomain = "other.org";
    expect((await call(ME, { token: person })).status).toBe(401);
    expect((await call(ME, { token: admin })).status).toBe(200);
    openMetadata.options.enforcePrincipalDomain = false;
    expect((await call(ME, { token: app })).status).toBe(200);
  });

  it("of a bot is refused where the server's own keys are not listed", async () => {
    const { call, openMetadata, authority } = await open();
    openMetadata.options.publicKeyUrls = () => [`${authority}/keys`];
    expect((await call(ME)).status).toBe(500);
  });

  it("names its user in any case", async () => {
    const { call, tenant } = await open();
    expect((await call(ME, { token: await tenant.sign({ sub: "ADMIN" }) })).body).toMatchObject({ name: "admin" });
    expect((await call("GET /v1/users/name/ADMIN")).body).toMatchObject({ name: "admin" });
  });

  it("of somebody with another address is told so in 1.12 when it asks who it is, and by no other call", async () => {
    const { call, tenant } = await open({ release: "1.12.6" });
    const token = await tenant.sign({ email: "admin@elsewhere.org" });
    expect(await call(ME, { token })).toMatchObject({
      status: 400,
      body: { message: "Account already exists. Please contact administrator." },
    });
    expect((await call("GET /v1/users/name/admin", { token })).status).toBe(200);
    const nobody = await tenant.sign({ sub: "nobody" });
    expect(await call(ME, { token: nobody })).toMatchObject({
      status: 404,
      body: { message: "Cannot find user with provided name and email" },
    });
  });
});

describe("people", () => {
  it("are made and changed by administrators only", async () => {
    const { call, tenant, openMetadata } = await open();
    openMetadata.createUser({ name: "ann" });
    const token = await tenant.sign({ sub: "ann" });
    const body = { name: "bob", email: "bob@example.com", displayName: "Bob" };
    expect(await call("PUT /v1/users", { token, body })).toMatchObject({
      status: 403,
      body: { code: 403, message: "Principal: CatalogPrincipal{name='ann'} is not admin" },
    });
    expect(await call("PUT /v1/users", { body })).toMatchObject({ status: 201, body: { version: 0.1 } });
    expect(await call("PUT /v1/users", { body })).toMatchObject({ status: 200, body: { version: 0.1 } });
    const changed = await call("PUT /v1/users", { body: { ...body, isAdmin: true } });
    expect(changed).toMatchObject({ status: 200, body: { isAdmin: true, version: 0.2 } });
    expect(await call("PUT /v1/users", { body })).toMatchObject({ body: { isAdmin: false, version: 0.3 } });
  });

  it("cannot be put with properties that nobody knows, or without those that are needed", async () => {
    const { call } = await open();
    const put = async (body: unknown) => (await call("PUT /v1/users", { body })) as unknown;
    const ann = { name: "ann", email: "ann@example.com" };
    expect(await put({ ...ann, domains: [] })).toMatchObject({
      status: 400,
      body: { message: 'Unrecognized field "domains"' },
    });
    expect(await put({ name: "ann" })).toMatchObject({ status: 400, body: { message: "[email must not be null]" } });
    expect(await put({ ...ann, name: "ann smith" })).toMatchObject({ status: 400 });
    expect(await put("{")).toMatchObject({ status: 400 });
    expect(await put({ ...ann, description: null })).toMatchObject({ status: 201 });
    expect(await put({ ...ann, name: "other" })).toMatchObject({ status: 409 });
    world.openMetadata.options.release = "1.12.6";
    expect(await put({ name: "ann" })).toMatchObject({ body: { message: "[query param email must not be null]" } });
    world.openMetadata.options.release = "1.2.5";
    expect((await call("PUT /v1/users", { body: ann, headers: { "content-type": "text/plain" } })).status).toBe(415);
  });

  it("have the roles that the body names, and no others", async () => {
    const { call } = await open();
    const { body } = await call("GET /v1/users/name/ingestion-bot?fields=roles");
    const [role] = (body as { roles: { id: string }[] }).roles;
    const ann = { name: "ann", email: "ann@example.com" };
    const made = await call("PUT /v1/users", { body: { ...ann, roles: [role?.id] } });
    expect(made.body).toMatchObject({ roles: [{ id: role?.id, name: "IngestionBotRole" }] });
    expect(await call("PUT /v1/users", { body: ann })).toMatchObject({ body: { roles: [] } });
    const unknown = "00000000-0000-4000-8000-000000000000";
    expect((await call("PUT /v1/users", { body: { ...ann, roles: [unknown] } })).status).toBe(404);
  });

  it("who are administrators by configuration come back at a restart", async () => {
    const { call, openMetadata } = await open();
    expect((await call("DELETE /v1/users/name/admin?hardDelete=true")).status).toBe(200);
    expect(await call("GET /v1/users/name/admin")).toMatchObject({
      status: 404,
      body: { message: "user instance for admin not found" },
    });
    openMetadata.restart();
    expect((await call("GET /v1/users/name/admin")).body).toMatchObject({ isAdmin: true });
    await call("DELETE /v1/users/name/admin");
    expect(openMetadata.users().find(({ name }) => name === "admin")).toMatchObject({ deleted: true });
    expect((await call("GET /v1/users/name/admin")).status).toBe(404);
    openMetadata.restart();
    expect((await call("GET /v1/users/name/admin")).status).toBe(200);
  });

  it("may delete themselves", async () => {
    const { call, tenant, openMetadata } = await open();
    for (const name of ["ann", "bob"]) openMetadata.createUser({ name });
    const token = await tenant.sign({ sub: "ann" });
    expect((await call("DELETE /v1/users/name/bob", { token })).status).toBe(403);
    expect((await call("DELETE /v1/users/name/ann?hardDelete=true", { token })).status).toBe(200);
  });

  it("show only fields that exist, and never a mechanism", async () => {
    const { call } = await open();
    const { body } = await call("GET /v1/users/name/ingestion-bot?fields=roles,profile");
    expect(body).toMatchObject({ isBot: true, roles: [{ type: "role", name: "IngestionBotRole" }] });
    expect(body).not.toHaveProperty("authenticationMechanism");
    expect((await call("GET /v1/users/name/ingestion-bot?fields=authenticationMechanism")).status).toBe(400);
  });

  it("who become administrators wait for three minutes in 0.13", async () => {
    const { call, tenant, clock, openMetadata } = await open({ release: "0.13.3" });
    openMetadata.createUser({ name: "ann" });
    const token = await tenant.sign({ sub: "ann" });
    const id = openMetadata.users().find(({ name }) => name === "ingestion-bot")?.id;
    const asAnn = async () => (await call(`GET /v1/users/auth-mechanism/${id}`, { token })).status;
    expect(await asAnn()).toBe(403);
    await call("PUT /v1/users", { body: { name: "ann", email: "ann@example.com", isAdmin: true } });
    await clock.advance(DAY / 24 / 60);
    expect(await asAnn()).toBe(403);
    await clock.advance(DAY / 24 / 30);
    expect(await asAnn()).toBe(200);
  });
});
