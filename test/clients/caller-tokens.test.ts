import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { callerTokens } from "../../shared/clients/entra/caller-tokens.ts";
import { answeringBodies } from "./answering-bodies.ts";

const API = "22222222-2222-4222-8222-222222222222";
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let strange: typeof keys;
beforeAll(async () => {
  [keys, strange] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
});
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

/** A tenant that is asked for its configuration and its keys; `broken` paths are answered with 500. */
async function tenant(broken: string[] = [], odd: Record<string, unknown> = {}) {
  const down = new Set(broken);
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const { url, asked } = await answeringBodies((line) => {
    const path = line.replace("GET /", "");
    if (down.has(path)) return { status: 500, json: {} };
    if (path in odd) return { json: odd[path] };
    if (path === "keys") return { json: { keys: [jwk] } };
    const version = path.startsWith("v2.0/") ? "v2" : "v1";
    return { json: { issuer: `https://${version}`, jwks_uri: `${url}/keys` } };
  });
  return { verify: callerTokens(url, API), asked, down };
}

/** A token of this tenant for the API, but for the changes. */
function token(claims: object = {}, { by = keys.privateKey, expires = seconds(600) as number | null } = {}) {
  const jwt = new SignJWT({ iss: "https://v2", aud: API, ...claims }).setProtectedHeader({ alg: "RS256", kid: "k1" });
  return (expires === null ? jwt : jwt.setExpirationTime(expires)).sign(by);
}

describe("a caller's token", () => {
  it("is good where the tenant has signed it for this API, in either version", async () => {
    const { verify } = await tenant();
    const v2 = { oid: "o", azp: "app", roles: ["Automation.Run"] };
    expect(await verify(await token(v2))).toEqual({ roles: ["Automation.Run"], oid: "o", appId: "app", audience: API });
    const v1 = { iss: "https://v1", aud: `api://${API}`, appid: "app" };
    expect(await verify(await token(v1))).toEqual({ roles: [], oid: undefined, appId: "app", audience: API });
  });

  it.each<[what: string, make: () => Promise<string>]>([
    ["of another issuer", () => token({ iss: "https://other" })],
    ["for another API", () => token({ aud: "other" })],
    ["that has expired", () => token({}, { expires: seconds(-90) })],
    ["that never expires", () => token({}, { expires: null })],
    ["that somebody else has signed", () => token({}, { by: strange.privateKey })],
    ["whose roles are none", () => token({ roles: "Automation.Run" })],
    ["that is none", async () => "a.b.c"],
  ])("%s is not good", async (_, make) => {
    const { verify } = await tenant();
    expect(await verify(await make())).toBeUndefined();
  });

  it("is not verified by keys that come in an endlessly long answer", async () => {
    const { verify } = await tenant([], { keys: { keys: [], padding: "x".repeat(17 * 1024 * 1024) } });
    await expect(verify(await token())).rejects.toMatchObject({ name: "UpstreamError", transient: true });
  });

  it("may be a minute past its end: clocks differ", async () => {
    const { verify } = await tenant();
    expect(await verify(await token({}, { expires: seconds(-50) }))).toBeDefined();
  });

  it("asks the tenant for its configuration once, and again after a failure", async () => {
    const path = "v2.0/.well-known/openid-configuration";
    const { verify, asked, down } = await tenant([path]);
    await expect(verify(await token())).rejects.toMatchObject({ service: "Entra", status: 500 });
    down.clear();
    for (const _ of [1, 2]) expect(await verify(await token())).toBeDefined();
    const configurations = asked.filter(({ line }) => line.endsWith("openid-configuration"));
    expect(configurations.map(({ line }) => line).toSorted()).toEqual([
      "GET /.well-known/openid-configuration",
      "GET /.well-known/openid-configuration",
      `GET /${path}`,
      `GET /${path}`,
    ]);
  });

  it("cannot be verified where the configuration is none", async () => {
    const { verify } = await tenant([], { "v2.0/.well-known/openid-configuration": { issuer: "x" } });
    await expect(verify(await token())).rejects.toMatchObject({
      status: 200,
      message:
        "Cannot read the tenant's OpenID configuration: Entra answered 200, but not with an OpenID configuration",
    });
  });

  it.each([
    ["do not come", ["keys"], {}],
    ["are none", [], { keys: { keys: "none" } }],
  ])("cannot be verified where the keys %s: that is no bad token", async (_, broken, odd) => {
    const { verify } = await tenant(broken, odd);
    await expect(verify(await token())).rejects.toMatchObject({
      service: "Entra",
      status: 0,
      message: "Cannot verify the caller's token: Entra does not return the tenant's signing keys",
    });
  });
});
