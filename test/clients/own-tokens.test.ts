import { createHash } from "node:crypto";
import type { GetTokenOptions } from "@azure/identity";
import { UnsecuredJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { managedIdentity } from "../../shared/clients/entra/managed-identity.ts";
import { ownTokens } from "../../shared/clients/entra/own-tokens.ts";
import { answeringBodies } from "./answering-bodies.ts";

/** Microsoft's credential, which keeps a token for hours; with what it was made. */
const usual = vi.hoisted(() => ({ made: [] as object[] }));
vi.mock("@azure/identity", () => ({
  ManagedIdentityCredential: class {
    constructor(options: object) {
      usual.made.push(options);
    }
    getToken = async () => ({ token: "first", expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
  },
}));

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const token = (claims: object) => new UnsecuredJWT({ ...claims }).encode();

/** The app's own tokens, where the platform gives this. */
function own(give: (scope: string, options: GetTokenOptions) => Promise<{ token: string } | null>) {
  const getToken = async (scope: string, options: GetTokenOptions) => give(scope, options) as never;
  return ownTokens({ getToken } as never, { graphUrl: "https://graph", tenantId: TENANT });
}

describe("the app's own token", () => {
  it("is that of the platform, and a new one where it is refused, by the claims of the refusal or none", async () => {
    const asked: unknown[] = [];
    const tokens = own(async (...how) => {
      asked.push(how);
      return { token: token({ tid: TENANT.toUpperCase() }) };
    });
    await tokens.tokenFor("scope");
    await tokens.renewed("scope", '{"nbf":1}');
    await tokens.renewed("scope");
    expect(asked).toEqual([
      ["scope", {}],
      ["scope", { claims: '{"nbf":1}' }],
      ["scope", { claims: "{}" }],
    ]);
  });

  it("of another tenant is not used, and it is said whose it is; one that tells none is", async () => {
    await expect(own(async () => ({ token: token({ tid: "other" }) })).tokenFor("s")).rejects.toMatchObject({
      code: "tenant-mismatch",
      message: `Cannot work in tenant ${TENANT}: the app's identity belongs to tenant other`,
      hint: expect.stringContaining("Set TENANT_ID to other"),
    });
    expect(await own(async () => ({ token: "opaque" })).tokenFor("s")).toBe("opaque");
  });

  it.each<[what: string, claims: object, identity: object]>([
    [
      "an application, by a token of version 1",
      { oid: "o", appid: "a", roles: ["b", "a"] },
      { objectId: "o", appId: "a", graphPermissions: ["a", "b"] },
    ],
    [
      "an application, by one of version 2",
      { oid: "o", azp: "z" },
      { objectId: "o", appId: "z", graphPermissions: [] },
    ],
    ["a person, who is no application", { oid: "o", appid: "a", scp: "x" }, { objectId: "o", appId: undefined }],
    ["nobody who is named", {}, { objectId: "", appId: undefined }],
  ])("says that we are %s", async (_, claims, identity) => {
    const asked: string[] = [];
    const tokens = own(async (scope) => {
      asked.push(scope);
      return { token: token(claims) };
    });
    expect(await tokens.identity()).toMatchObject(identity);
    expect(asked).toEqual(["https://graph/.default"]);
  });

  it.each([
    ["nothing", async () => null, 'Cannot get a token for "s" as the app\'s identity', "identity-without-token"],
    [
      "a failure",
      () => Promise.reject(Object.assign(new Error("busy\nstack"), { name: "AuthenticationError", status: 503 })),
      'Cannot get a token for "s" as the app\'s identity: busy',
      "identity-unavailable",
    ],
    [
      "something that is no error",
      () => Promise.reject("odd"),
      'Cannot get a token for "s" as the app\'s identity: odd',
      "identity-without-token",
    ],
  ])("that the platform does not give, but %s, is told so, in one line", async (_, give, message, code) => {
    await expect(own(give).tokenFor("s")).rejects.toMatchObject({ service: "Entra", message, code });
  });

  const refused = (scope: string, message: string) =>
    own(() => Promise.reject(Object.assign(new Error(message), { name: "AuthenticationError" })))
      .tokenFor(scope)
      .catch((error: unknown) => error);

  it("that Entra refuses for a known reason is told with what to do", async () => {
    expect(await refused("api://server/.default", "AADSTS500011: resource principal not found")).toMatchObject({
      code: "registration-missing",
      hint: expect.stringContaining("POST /api/provision"),
    });
    expect(await refused("api://server/.default", "AADSTS501051: not assigned")).toMatchObject({
      code: "sign-in-blocked",
    });
  });

  it("that Entra refuses because a service of Azure is elsewhere in this cloud is no matter of the registrations", async () => {
    expect(await refused("https://graph.elsewhere/.default", "AADSTS500011: not found")).toMatchObject({
      code: "tenant-mismatch",
      message: expect.stringContaining('"https://graph.elsewhere/.default"'),
      hint: expect.stringMatching(/^Correct GRAPH_URL, ARM_URL and KEY_VAULT_URL/),
    });
  });

  it.each([700016, 7000229])("that the identity itself is unknown for is no matter of them: AADSTS%i", async (code) => {
    expect(await refused("https://graph/.default", `AADSTS${code}: unknown`)).toMatchObject({
      code: "identity-without-token",
      serviceCode: `AADSTS${code}`,
    });
  });
});

describe("the platform's managed identity", () => {
  const NOW = Date.parse("2031-03-03T12:00:00Z");

  /** An endpoint whose tokens Microsoft's credential keeps, and that exchanges one for what is given; what it was asked. */
  async function platform(answer: { status?: number; json: object }, clientId?: string) {
    const { url, asked } = await answeringBodies(() => answer);
    const time = { now: NOW };
    usual.made.length = 0;
    const identity = managedIdentity(clientId, { url, header: "secret-header" }, { now: () => new Date(time.now) });
    const get = async (claims?: string) =>
      (await identity.getToken("https://graph/.default", claims === undefined ? undefined : { claims }))?.token;
    return { get, time, asked, identity };
  }
  const hour = { access_token: "second", expires_on: String(NOW / 1000 + 3600) };

  it("exchanges a token that was refused for a new one, which counts from then on, until shortly before its end", async () => {
    const { get, time, asked } = await platform({ json: hour }, "client-7");
    expect([await get(), await get("{}"), await get()]).toEqual(["first", "second", "second"]);
    expect(asked).toHaveLength(1);
    const query = new URL(`http://x${asked[0]?.line.split(" ")[1]}`).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      "api-version": "2019-08-01",
      resource: "https://graph",
      client_id: "client-7",
      token_sha256_to_refresh: createHash("sha256").update("first").digest("hex"),
    });
    expect(asked[0]?.headers).toMatchObject({ "x-identity-header": "secret-header" });
    time.now = NOW + 55 * 60_000 - 1;
    expect(await get()).toBe("second");
    time.now += 1;
    expect(await get()).toBe("first");
    expect(usual.made).toEqual([{ clientId: "client-7" }]);
  });

  it("is asked for no client id where the settings name none, and for the first of several scopes", async () => {
    const { get, asked, identity } = await platform({ json: hour });
    await get("{}");
    expect(asked[0]?.line).not.toContain("client_id");
    expect(usual.made).toEqual([{}]);
    expect(await identity.getToken(["https://graph/.default", "other"])).toMatchObject({ token: "second" });
  });

  it.each([
    ["a status", { status: 500, json: hour }, 500],
    ["something without a token", { json: { expires_on: 5 } }, 200],
  ])("that answers with %s gives none", async (_, answer, status) => {
    const { get } = await platform(answer);
    await expect(get("{}")).rejects.toMatchObject({
      service: "Entra",
      status,
      message: `Cannot renew the app's own token for "https://graph/.default": the managed identity endpoint answered ${status}`,
    });
  });
});
