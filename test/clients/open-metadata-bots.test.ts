import { describe, expect, it } from "vitest";
import { administrators } from "../../shared/clients/open-metadata/administrators.ts";
import { bots } from "../../shared/clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { fullSettings } from "../../shared/clients/open-metadata/full-settings.ts";
import { system } from "../../shared/clients/open-metadata/system.ts";
import type { BotUser } from "../../shared/delivery/ports.ts";
import { StalledError, UpstreamError } from "../../shared/errors.ts";
import { answeringBodies } from "./answering-bodies.ts";

/** A server that gives these answers, by method and path; what it was asked, with the bodies. */
async function server(answers: Record<string, { status?: number; json?: unknown }>) {
  const { url, asked } = await answeringBodies((line) => answers[line] ?? { status: 404, json: NOT_THERE });
  const calls = openMetadataCalls(url, async () => "token");
  return { asked, ...bots(calls), ...administrators(calls), ...system(calls) };
}
const NOT_THERE = { code: 404, message: "Entity not found" };
const user = { id: "1", name: "object-1" };

describe("a bot", () => {
  it("is read with its user, whose name may be missing, and may not be there", async () => {
    const { bot } = await server({
      "GET /api/v1/bots/name/a%20b": { json: { name: "a b", displayName: "A", botUser: { id: "7", name: "u" } } },
      "GET /api/v1/bots/name/bare": { json: { name: "bare", description: null, botUser: { id: "7" } } },
    });
    expect(await bot("a b")).toEqual({ name: "a b", displayName: "A", userId: "7", userName: "u" });
    expect(await bot("bare")).toEqual({ name: "bare", userId: "7", userName: "" });
    expect(await bot("none")).toBeUndefined();
  });

  it("has a user, of whom what is not told is empty", async () => {
    const whole = { ...user, email: "a@b", version: 0.2, updatedBy: "admin", isBot: true, roles: [{ id: "r" }] };
    const { user: read, whoAmI } = await server({
      "GET /api/v1/users/name/a%40b?fields=roles": { json: whole },
      "GET /api/v1/users/loggedInUser": { json: user },
    });
    expect(await read("a@b")).toMatchObject({ ...whole, roles: ["r"], isAdmin: false });
    expect(await whoAmI()).toMatchObject({ email: "", isAdmin: false, isBot: false, roles: [] });
    expect(await read("none")).toBeUndefined();
  });

  it.each([
    [
      "a client secret",
      {
        authType: "SSO",
        config: {
          ssoServiceType: "azure",
          authConfig: { clientId: "a", clientSecret: "s", authority: "x", scopes: [] },
        },
      },
      {
        authType: "SSO",
        ssoServiceType: "azure",
        azure: { clientId: "a", clientSecret: "s", authority: "x", scopes: [] },
      },
    ],
    [
      "something of another kind",
      { authType: "SSO", config: { ssoServiceType: "google", authConfig: { secretKey: "s" } } },
      { authType: "SSO", ssoServiceType: "google", azure: undefined },
    ],
    ["a token", { authType: "JWT", config: null }, { authType: "JWT", ssoServiceType: undefined, azure: undefined }],
  ])("signs in with %s", async (_, json, mechanism) => {
    const { mechanism: read } = await server({ "GET /api/v1/users/auth-mechanism/7": { json } });
    expect(await read("7")).toEqual(mechanism);
  });

  it("gets a user that signs in with the secret, and is pointed at it by name or by reference", async () => {
    const { putBotUser, pointBot, asked } = await server({
      "PUT /api/v1/users": { json: user },
      "PUT /api/v1/bots": { json: { name: "bot", botUser: { id: "1" } } },
    });
    const sso = { clientId: "a", clientSecret: "a-long-client-secret", authority: "x", scopes: ["scope"] };
    const wanted = {
      name: "object-1",
      email: "a@b",
      botName: "bot",
      displayName: "bot",
      description: "d",
      roles: ["r"],
    };
    const put = await putBotUser({ ...wanted, sso } satisfies BotUser);
    const bot = { name: "bot", displayName: "B", description: "D", userId: "0", userName: "" };
    await pointBot(bot, put, "name");
    await pointBot(bot, put, "reference");
    const mechanism = { authType: "SSO", config: { ssoServiceType: "azure", authConfig: sso } };
    const about = { name: "bot", displayName: "B", description: "D" };
    expect(asked.map(({ body }) => body)).toEqual([
      { ...wanted, isAdmin: false, isBot: true, authenticationMechanism: mechanism },
      { ...about, botUser: "object-1" },
      { ...about, botUser: { id: "1", type: "user" } },
    ]);
  });

  it.each([
    ['change the user of bot "bot"', "putBotUser"],
    ['point bot "bot" at user "object-1"', "pointBot"],
    ["read the user of the token", "whoAmI"],
    ["read the bot's authentication mechanism", "mechanism"],
  ] as const)("that cannot be asked is told by the action: %s", async (action, call) => {
    const { url } = await answeringBodies(() => ({
      status: 403,
      json: { code: 403, message: "no a-long-client-secret" },
    }));
    const asked = bots(openMetadataCalls(url, async () => "token"));
    const sso = { clientId: "a", clientSecret: "a-long-client-secret", authority: "x", scopes: [] };
    const given = {
      putBotUser: () => asked.putBotUser({ name: "n", botName: "bot", roles: [], sso } as unknown as BotUser),
      pointBot: () => asked.pointBot({ name: "bot" } as never, user as never, "name"),
      whoAmI: () => asked.whoAmI("another token"),
      mechanism: () => asked.mechanism("7"),
    };
    const failure = await given[call]().catch((error: Error) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining(`Cannot ${action}`) });
    if (call === "putBotUser") expect(String(failure)).not.toContain("a-long-client-secret");
  });
});

describe("the administrators of a server", () => {
  const list = "GET /api/v1/users?isAdmin=true&limit=100";

  it("are those whom it calls so, whatever it was asked for", async () => {
    const data = [
      { name: "admin", email: null, isAdmin: true },
      { name: "reader", email: "r@b", isAdmin: false },
      { name: "app", email: "a@b", isAdmin: true, isBot: true },
    ];
    const { administrators: read } = await server({ [list]: { json: { data } } });
    expect(await read()).toEqual([
      { name: "admin", email: "", isBot: false },
      { name: "app", email: "a@b", isBot: true },
    ]);
  });

  it("exist, or not, by the server's own word, and not by that of a proxy", async () => {
    const { userExists } = await server({
      "GET /api/v1/users/name/a%2Fb": { json: { name: "a/b" } },
      "GET /api/v1/users/name/proxy": { status: 404, json: "not found" },
    });
    expect([await userExists("a/b"), await userExists("none")]).toEqual([true, false]);
    await expect(userExists("proxy")).rejects.toThrow('Cannot read user "proxy"');
  });

  it("are deleted for good, also where somebody was faster", async () => {
    const path = "DELETE /api/v1/users/name";
    const { deleteUser, asked } = await server({
      [`${path}/a%2Fb?hardDelete=true`]: { json: { name: "a/b" } },
      [`${path}/proxy?hardDelete=true`]: { status: 404, json: "not found" },
    });
    await deleteUser("a/b");
    await deleteUser("gone");
    await expect(deleteUser("proxy")).rejects.toThrow('Cannot delete user "proxy"');
    expect(asked.map(({ line }) => line)[0]).toBe(`${path}/a%2Fb?hardDelete=true`);
  });
});

describe("what a server tells anybody", () => {
  const people = { provider: "azure", publicKeyUrls: [], jwtPrincipalClaims: ["sub"] };
  const told = (auth: object, authorizer: object) =>
    server({
      "GET /api/v1/system/config/auth": { json: { ...people, ...auth } },
      "GET /api/v1/system/config/authorizer": { json: authorizer },
      "GET /api/v1/system/version": { json: { version: "1.12.6" } },
      "GET /api/v1/system/config/jwks": { json: { keys: [{ kid: "k1" }, {}] } },
    });

  it("is its release, its keys and how people sign in; an empty list tells nothing", async () => {
    const { version, ownKeyIds, signInConfiguration } = await told({}, {});
    expect([await version(), await ownKeyIds()]).toEqual(["1.12.6", ["k1", ""]]);
    expect(await signInConfiguration()).toEqual({
      ...people,
      publicKeyUrls: undefined,
      authority: "",
      clientId: "",
      callbackUrl: "",
      principalDomain: "",
      enforcePrincipalDomain: undefined,
      adminPrincipals: undefined,
    });
  });

  it("is who administers it, by principals and by addresses", async () => {
    const auth = { publicKeyUrls: ["https://keys"], clientType: "public" };
    const authorizer = { enforcePrincipalDomain: false, adminPrincipals: ["a"], adminEmails: ["b@c"] };
    const { signInConfiguration } = await told(auth, authorizer);
    expect(await signInConfiguration()).toMatchObject({
      ...auth,
      enforcePrincipalDomain: false,
      adminPrincipals: ["a", "b@c"],
    });
  });

  it("stands one level higher in old releases", async () => {
    const { version, asked } = await server({ "GET /api/v1/version": { json: { version: "0.13.2" } } });
    expect(await version()).toBe("0.13.2");
    expect(asked.map(({ line }) => line)).toEqual(["GET /api/v1/system/version", "GET /api/v1/version"]);
  });

  it.each([
    ["ask for the version", "version"],
    ["read the server's own keys", "ownKeyIds"],
    ["read the sign-in configuration", "signInConfiguration"],
  ] as const)("that it does not tell is an error by the action: %s", async (action, call) => {
    const { [call]: ask } = await server({ "GET /api/v1/system/config/authorizer": { json: {} } });
    await expect(ask()).rejects.toThrow(`Cannot ${action}`);
  });
});

describe("the settings of sign-in", () => {
  const anybody = { provider: "azure", publicKeyUrls: ["a"], enforcePrincipalDomain: false } as never;
  const stored = { publicKeyUrls: ["s"], enforcePrincipalDomain: true, adminPrincipals: ["admin"] };
  const full = (told: object, read: () => Promise<unknown>) =>
    fullSettings(async () => ({ ...(anybody as object), ...told }) as never, { read: read as never })();

  it("are what is told to anybody where that is all, and no administrator is asked", async () => {
    const read = () => Promise.reject(new Error("nobody asks"));
    expect(await full({}, read)).toMatchObject({ publicKeyUrls: ["a"], storedAdmins: undefined });
  });

  it("are completed by what an administrator is told", async () => {
    const read = async () => stored;
    expect(await full({ publicKeyUrls: undefined }, read)).toMatchObject({
      publicKeyUrls: ["s"],
      enforcePrincipalDomain: false,
      storedAdmins: ["admin"],
    });
    expect(await full({ enforcePrincipalDomain: undefined }, read)).toMatchObject({
      publicKeyUrls: ["a"],
      enforcePrincipalDomain: true,
    });
  });

  it("stay untold where the server refuses us, or has no such call; our own fault is none of that", async () => {
    const untold = { publicKeyUrls: undefined, enforcePrincipalDomain: undefined };
    for (const failure of [
      new UpstreamError("no", { service: "OpenMetadata", status: 403 }),
      new StalledError("address-redirects", "no", {}),
    ]) {
      expect(await full(untold, () => Promise.reject(failure))).toMatchObject({ ...untold, storedAdmins: undefined });
    }
    await expect(full(untold, () => Promise.reject(new TypeError("broken")))).rejects.toThrow("broken");
  });
});
