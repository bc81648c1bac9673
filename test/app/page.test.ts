import { generateKeyPair, SignJWT } from "jose";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executablePath, launch, openPage } from "../page/browser.ts";
import { type App, DAY, HOUR, openApp, SECRET } from "./app.ts";
import { everything, rawCall } from "./raw-call.ts";
import { collectShown } from "./shown.ts";

const HTML = { accept: "text/html,application/xhtml+xml" };
const ID_TOKEN = "x-ms-token-aad-id-token";

/** An id token as Easy Auth passes it on: for this API's registration, with the person's app roles. */
function idToken(app: App, otherwise: Record<string, unknown> = {}): Promise<string> {
  const claims = { aud: app.cloud.app.audience, roles: ["Automation.Read"], name: "Ada", ...otherwise };
  return app.cloud.entra.issueToken(claims);
}

function open(app: App, headers: Record<string, string>, path = "page") {
  return rawCall(app, { method: "GET", path, headers: { ...HTML, ...headers } });
}

describe("GET /api/page", () => {
  /** The next one is current on the second day. */
  const rotation = {
    SECRET_LIFETIME_DAYS: "4",
    SECRET_RENEW_BEFORE_DAYS: "2",
    SECRET_OVERLAP_DAYS: "1",
    SECRET_STAGE_AHEAD_HOURS: "0",
  };
  const app = openApp({
    settings: { ...rotation, ACCEPTED_FINDINGS: '{"default-admin":"a test server, nobody else reaches it"}' },
  });
  const shown = collectShown(app);

  it("shows it to a person whom Easy Auth has signed in, and who has the role", async () => {
    await app().settle();
    const { status, headers, text } = await open(app(), { [ID_TOKEN]: await idToken(app()) });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text).toContain("<h1>openmetadata</h1>");
    expect(text).toContain("Accepted: a test server, nobody else reaches it");
  });

  it("shows it to whoever brings a bearer token, and nothing is written", async () => {
    const before = everything(app());
    app().mark();
    const { status } = await open(app(), { authorization: `Bearer ${await idToken(app())}` });
    expect(status).toBe(200);
    expect(app().exchanges.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(everything(app())).toBe(before);
  });

  it("has an answer that runs nothing but its own script, and is kept and framed by nobody", async () => {
    const { headers } = await open(app(), { [ID_TOKEN]: await idToken(app()) });
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it.each<[what: string, headers: () => Promise<Record<string, string>>, status: number]>([
    ["brings nothing", async () => ({}), 401],
    [
      "sends the plain headers of Easy Auth, which anybody can",
      async () => ({
        "x-ms-client-principal": btoa('{"claims":[{"typ":"roles","val":"Automation.Read"}]}'),
        "x-ms-client-principal-id": "ada",
        "x-ms-client-principal-name": "Ada",
      }),
      401,
    ],
    [
      "sends an id token for another application",
      async () => ({ [ID_TOKEN]: await idToken(app(), { aud: "8f3b1f5e-0000-4000-8000-000000000000" }) }),
      401,
    ],
    ["sends an id token that has expired", async () => ({ [ID_TOKEN]: await idToken(app(), { exp: 1_000 }) }), 401],
    ["sends an id token that the tenant has not signed", async () => ({ [ID_TOKEN]: await forged(app()) }), 401],
    ["sends something that is no token", async () => ({ [ID_TOKEN]: "Ada" }), 401],
    ["has no role", async () => ({ [ID_TOKEN]: await idToken(app(), { roles: undefined }) }), 403],
    ["has a role of something else", async () => ({ [ID_TOKEN]: await idToken(app(), { roles: ["Reader"] }) }), 403],
  ])("keeps it from whoever %s", async (_, headers, expected) => {
    app().mark();
    const { status, text, headers: told } = await open(app(), await headers());
    expect(status).toBe(expected);
    expect(told.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text).not.toContain(SECRET);
    if (status === 401) expect(text).toContain("Sign in to see this page");
    expect([...app().requests("graph"), ...app().requests("key-vault")]).toEqual([]);
  });

  it("answers programs that are not let in as the other calls do", async () => {
    const { status, json } = await rawCall(app(), { method: "GET", path: "page" });
    expect({ status, code: json?.code }).toEqual({ status: 401, code: "caller-unknown" });
  });

  it("lets nobody do anything by a session: calls that change something want a bearer token", async () => {
    const headers = { [ID_TOKEN]: await idToken(app(), { roles: ["Automation.Run"] }) };
    for (const path of ["provision", "rotate", "harden"]) {
      expect(await rawCall(app(), { path, headers, body: "{}" })).toMatchObject({ status: 401 });
    }
    expect(await rawCall(app(), { method: "GET", path: "status", headers })).toMatchObject({ status: 401 });
  });

  it.each([
    ["page?deployment=other", 400, "Cannot find deployment"],
    ["page?verdict=green", 400, "is no verdict"],
    ["page?page=0", 400, "is no page"],
    ["page?dryRun=true", 400, "has no query parameter"],
  ])("says what is wrong with %s", async (path, expected, said) => {
    const { status, text } = await open(app(), { [ID_TOKEN]: await idToken(app()) }, path);
    expect(status).toBe(expected);
    expect(text).toContain(said);
  });

  it("holds no secret, whatever the state of the rotation", async () => {
    await app().clock.advance(2 * DAY + 3 * HOUR);
    const { text } = await open(app(), { [ID_TOKEN]: await idToken(app()) });
    expect(text).toContain("both sign in");
    const { vault, directory } = app().cloud;
    const values = [
      ...vault.secrets().flatMap(({ versions }) => versions.map(({ value }) => value)),
      ...directory.applications().flatMap(({ secrets }) => secrets.map(({ value }) => value)),
    ].filter((value) => value !== "intent");
    expect(values.length).toBeGreaterThan(2);
    for (const value of values) for (const one of shown) expect(one.includes(value)).toBe(false);
  });

  describe.skipIf(executablePath === undefined)("in a browser", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    });
    afterAll(() => browser?.close());

    it("runs under its own policy, asks only the app, and looks again by itself", async () => {
      const page = await openPage(browser, await idToken(app()));
      await page.clock.install();
      const address = `${app().host.url}/api/page`;
      await page.goto(address);
      expect(await page.locator("h1").innerText()).toBe("openmetadata");
      app().cloud.directory.removePasswordByHand(app().inEntra().at(-1)?.keyId ?? "");
      await page.clock.runFor(31_000);
      await page.getByText("Failing.").waitFor();
      expect(new Set(page.asked)).toEqual(new Set([address]));
      expect(page.complaints).toEqual([]);
      await page.context().close();
    });
  });
});

describe("GET /api/page of several deployments", () => {
  const deployments = Array.from({ length: 45 }, (_, place) => ({
    name: `server-${place}`,
    openMetadataUrl: `https://server-${place}.localhost:9`,
  }));
  const app = openApp({
    settings: { OPENMETADATA_URL: "", PRINCIPAL_DOMAIN: "", DEPLOYMENTS: JSON.stringify(deployments) },
  });

  it("looks at twenty for each request, and says how far it has come", async () => {
    const headers = { [ID_TOKEN]: await idToken(app()) };
    const looked: string[] = [];
    for (let opened = 0; opened < 4; opened += 1) {
      const { text } = await open(app(), headers);
      looked.push(/(\d+) looked at so far/.exec(text)?.[1] ?? "all");
    }
    expect(looked).toEqual(["20", "40", "all", "all"]);
  });
});

describe("GET /api/page where the platform signs people in", () => {
  const app = openApp({ settings: { WEBSITE_AUTH_ENABLED: "True" } });

  it("leads whoever is not signed in there, and back to where they wanted", async () => {
    const { status, text } = await open(app(), {}, "page?deployment=sales&code=some-key");
    expect(status).toBe(401);
    expect(text).toContain('href="/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fpage%3Fdeployment%3Dsales"');
    expect(text).not.toContain("some-key");
  });
});

describe("GET /api/page where function keys guard", () => {
  const app = openApp({ settings: { API_AUDIENCE: "" } });

  it("is shown to whoever has the key, and holds no part of it", async () => {
    const { status, text } = await open(app(), {}, `page?code=${app().keys.function}`);
    expect(status).toBe(200);
    expect(text).not.toContain(app().keys.function);
    expect(await open(app(), { [ID_TOKEN]: await idToken(app()) })).toMatchObject({ status: 401 });
  });
});

async function forged(app: App): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  const iss = `${app.cloud.urls.entra}/${app.cloud.directory.tenantId}/v2.0`;
  const exp = Math.floor(app.clock.now().getTime() / 1000) + 600;
  const claims = { aud: app.cloud.app.audience, iss, exp, roles: ["Automation.Read"] };
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "a key of nobody" }).sign(privateKey);
}
