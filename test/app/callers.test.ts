import { createPublicKey, type JsonWebKey } from "node:crypto";
import { generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { amid, answers, refuses } from "../../proof/strikes/strike.ts";
import { type App, openApp, TENANT } from "./app.ts";
import { callEndpoint, endpoints, everything, type RawAnswer, rawCall } from "./raw-call.ts";

const app = openApp();
const OTHER_TENANT = "9d1f5a0e-0b1e-4d0c-8a51-7d4f0f2f9c33";

function seconds(fromNow: number): number {
  return Math.floor(app().clock.now().getTime() / 1000) + fromNow;
}

/** The claims of a pipeline that may do everything, with some of them otherwise; undefined leaves one out. */
function token(otherwise: Record<string, unknown> = {}): Promise<string> {
  const { entra, app: identity } = app().cloud;
  return entra.issueToken({ aud: identity.audience, roles: ["Automation.Run"], ...otherwise });
}

const v1Issuer = (): string => `https://sts.windows.net/${TENANT}/`;

/** The claims that a good token has, for tokens that Entra did not sign. */
function claims(): Record<string, unknown> {
  const issuer = `${app().cloud.urls.entra}/${TENANT}/v2.0`;
  return { aud: app().cloud.app.audience, iss: issuer, exp: seconds(600), roles: ["Automation.Run"] };
}

/** What was taken for a secret key is public: whoever has it could sign. */
async function signedWithPublicKey(): Promise<string> {
  const [jwk] = await app().cloud.directory.keys.published();
  if (!jwk) throw new Error("Entra publishes no key");
  const pem = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" }).export({ type: "spki", format: "pem" });
  const header = { alg: "HS256", typ: "JWT", kid: jwk.kid ?? "" };
  return new SignJWT(claims()).setProtectedHeader(header).sign(Buffer.from(pem));
}

async function signedWithUnknownKey(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(claims()).setProtectedHeader({ alg: "RS256", kid: "a key of nobody" }).sign(privateKey);
}

async function withOneCharacterChanged(): Promise<string> {
  const good = await token();
  const middle = good.length - 20;
  return good.slice(0, middle) + (good[middle] === "A" ? "B" : "A") + good.slice(middle + 1);
}

function callWith(app: App, endpoint: string, authorization: string | undefined): Promise<RawAnswer> {
  return callEndpoint(app, endpoint, authorization === undefined ? {} : { authorization });
}

/** Refused everywhere, before anything is asked of any service, and without a trace. */
async function expectRefusal(authorization: string | undefined, status: number, where = endpoints(app())) {
  const before = everything(app());
  for (const endpoint of where) {
    app().mark();
    const answer = await callWith(app(), endpoint, authorization);
    expect({ endpoint, status: answer.status }).toEqual({ endpoint, status });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.json).toMatchObject({ status, detail: expect.any(String), hint: expect.any(String) });
    expect(app().exchanges).toEqual([]);
  }
  expect(everything(app())).toBe(before);
}

describe("callers with bearer tokens", () => {
  it("are refused with an id token, which says who somebody is and was issued for no call", async () => {
    const idToken = await token({ azp: undefined, nonce: "n", name: "Ada", preferred_username: "ada@example.com" });
    const ofApi = endpoints(app()).filter((endpoint) => !endpoint.endsWith("page"));
    await expectRefusal(`Bearer ${idToken}`, 401, ofApi);
  });

  it.each<[who: string, authorization: () => Promise<string | undefined>]>([
    ["nobody", async () => undefined],
    ["an empty token", async () => "Bearer "],
    ["something that is no token", async () => "Bearer not-a-token"],
    ["three parts that are no token", async () => "Bearer e30.e30.e30"],
    ["another scheme", async () => `Basic ${await token()}`],
    ["two tokens", async () => `Bearer ${await token()} ${await token()}`],
    ["a token that was changed", async () => `Bearer ${await withOneCharacterChanged()}`],
    ["a key of somebody else", async () => `Bearer ${await app().cloud.entra.forgeToken(claims())}`],
    ["a key that nobody knows", async () => `Bearer ${await signedWithUnknownKey()}`],
    ["no signature", async () => `Bearer ${new UnsecuredJWT(claims()).encode()}`],
    ["HS256 with the public key", async () => `Bearer ${await signedWithPublicKey()}`],
    ["a token that ran out", async () => `Bearer ${await token({ exp: seconds(-61) })}`],
    ["a token without an end", async () => `Bearer ${await token({ exp: undefined })}`],
    ["a token that is not valid yet", async () => `Bearer ${await token({ nbf: seconds(61) })}`],
    ["a token for Microsoft Graph", async () => `Bearer ${await token({ aud: "https://graph.microsoft.com" })}`],
    [
      "a token for another API",
      async () => `Bearer ${await token({ aud: "api://6a1e4c7e-0000-4000-8000-000000000000" })}`,
    ],
    [
      "another tenant's token",
      async () => `Bearer ${await token({ iss: `${app().cloud.urls.entra}/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT })}`,
    ],
    [
      "another authority's token",
      async () => `Bearer ${await token({ iss: `https://login.example.com/${TENANT}/v2.0` })}`,
    ],
    ["roles that are no list", async () => `Bearer ${await token({ roles: "Automation.Run" })}`],
  ])("refuses %s with 401 everywhere", async (_, authorization) => {
    await expectRefusal(await authorization(), 401);
  });

  it("says to the unknown how to get a token", async () => {
    const { headers, json } = await callWith(app(), "GET status", undefined);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(json?.hint).toMatch(/\naz account get-access-token --scope 'api:\/\/[0-9a-f-]{36}\/\.default'$/);
  });

  it.each<[who: string, roles: string[] | undefined]>([
    ["without roles", undefined],
    ["with none", []],
    ["with another one", ["Automation.Write"]],
    ["with one in another case", ["automation.run"]],
  ])("refuses a caller %s with 403 everywhere", async (_, roles) => {
    await expectRefusal(`Bearer ${await token({ roles })}`, 403);
  });

  it("lets Automation.Read look and nothing else, and says which role it takes", async () => {
    const reader = `Bearer ${await token({ roles: ["Automation.Read"] })}`;
    const [gets, others] = [true, false].map((get) => endpoints(app()).filter((one) => one.startsWith("GET") === get));
    for (const endpoint of gets ?? []) {
      expect([401, 403]).not.toContain((await callWith(app(), endpoint, reader)).status);
    }
    await expectRefusal(reader, 403, others);
    const { json } = await callWith(app(), "POST rotate", reader);
    expect(json).toMatchObject({ code: "caller-role-missing", detail: expect.stringContaining('"Automation.Run"') });
  });

  it("gives the command by which whoever lacks a role gets it", async () => {
    const caller = `Bearer ${await token({ roles: [], oid: "9f1c6a60-5a51-4bb0-8a4e-3f6f0f7a2b11" })}`;
    const hint = async (endpoint: string) => (await callWith(app(), endpoint, caller)).json?.hint;
    const command = `\nnpm run permit -- --api ${app().cloud.app.audience}`;
    expect(await hint("POST rotate")).toContain(`${command} --runner 9f1c6a60-5a51-4bb0-8a4e-3f6f0f7a2b11`);
    expect(await hint("GET status")).toContain(`${command} --reader 9f1c6a60-5a51-4bb0-8a4e-3f6f0f7a2b11`);
  });

  it.each<[which: string, otherwise: () => Record<string, unknown>]>([
    ["Automation.Run", () => ({})],
    ["both roles", () => ({ roles: ["Automation.Read", "Automation.Run"] })],
    ["the audience in the form of a URI", () => ({ aud: `api://${app().cloud.app.audience}` })],
    ["a token of version 1", () => ({ iss: v1Issuer(), ver: "1.0", aud: `api://${app().cloud.app.audience}` })],
    ["a clock that is behind by less than a minute", () => ({ nbf: seconds(59) })],
    ["a clock that is ahead by less than a minute", () => ({ exp: seconds(-59) })],
  ])("lets in a caller with %s", async (_, otherwise) => {
    const bearer = `Bearer ${await token(otherwise())}`;
    for (const endpoint of ["GET status", "POST provision"]) {
      expect(await callWith(app(), endpoint, bearer)).toMatchObject({ status: 200 });
    }
  });

  it("lets in a caller where Entra calls itself by a sister host, as in China", async () => {
    const { rules } = app().cloud.directory;
    rules.sisterHost = "login.partner.localhost";
    await app().restart();
    const bearer = `Bearer ${await token()}`;
    expect(await callWith(app(), "GET status", bearer)).toMatchObject({ status: 200 });
    rules.sisterHost = undefined;
    await app().restart();
  });

  it("takes API_AUDIENCE in the form of a URI too", async () => {
    await app().restart({ API_AUDIENCE: `api://${app().cloud.app.audience}` });
    expect(await callWith(app(), "GET status", `Bearer ${await token()}`)).toMatchObject({ status: 200 });
    await expectRefusal(`Bearer ${await token({ aud: "api://something-else" })}`, 401);
  });

  it("wants a token even from whoever has the function key", async () => {
    const { status } = await rawCall(app(), { path: "rotate", headers: { "x-functions-key": app().keys.function } });
    expect(status).toBe(401);
  });
});

describe("callers while Entra's keys cannot be read", () => {
  it.each([
    ["the keys are unreachable", () => refuses({ service: "entra", path: /\/keys$/ })],
    ["the keys are an error page", () => answers({ service: "entra", path: /\/keys$/ }, { status: 500, body: "<p>" })],
    ["the keys are a log-in page", () => answers({ service: "entra", path: /\/keys$/ }, { status: 200, body: "<p>" })],
    ["the keys are something else", () => answers({ service: "entra", path: /\/keys$/ }, { status: 200, body: {} })],
    ["the configuration is unreachable", () => refuses({ service: "entra", path: /openid-configuration$/ })],
    ["the configuration is an error", () => answers({ service: "entra", path: /openid-conf/ }, { status: 500 })],
  ])("answers 503 when %s, since nobody can tell, and lets in whoever it is afterwards", async (_, fault) => {
    await app().restart();
    const bearer = `Bearer ${await token()}`;
    await amid(app(), fault(), () => expectRefusal(bearer, 503));
    const { headers } = await amid(app(), fault(), () => callWith(app(), "GET status", bearer));
    expect(headers.get("retry-after")).toBe("10");
    expect(await callWith(app(), "GET status", bearer)).toMatchObject({ status: 200 });
  });

  it("goes on with the keys that it has read", async () => {
    const bearer = `Bearer ${await token()}`;
    await amid(app(), refuses({ service: "entra", path: /\/keys$|openid-configuration$/ }), async () => {
      expect(await callWith(app(), "GET status", bearer)).toMatchObject({ status: 200 });
    });
  });
});
