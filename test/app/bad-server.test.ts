import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { HOUR, openApp, SECRET } from "./app.ts";
import { amid, answers, loses, refuses, removeReplaced, runTimer, said } from "./trouble.ts";

const app = openApp();
const seen: unknown[] = [];

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});
afterEach(async () => {
  await app().clock.advance(3 * HOUR);
  expect(app().held()).toBe(app().latest()?.value);
  expect(app().latest()?.tags.confirmedOn).toBeDefined();
  expect(app().cloud.ingestion.refusals()).toEqual([]);
  removeReplaced(app());
});

const OM = { service: "openmetadata" } as const;
const G = { service: "graph" } as const;
const V = { service: "key-vault" } as const;
const err = (code: string, message: string, inner?: string) => ({
  error: { code, message, ...(inner ? { innererror: { code: inner } } : {}) },
});
describe("x", () => {
  it.each<[string, any]>([
    ["down", refuses(OM)],
    ["html 200", answers(OM, { status: 200, body: "<html>" })],
    ["html 502", answers(OM, { status: 502, body: "<html>" })],
    ["401", answers(OM, { status: 401, body: { code: 401, message: "Not Authorized! Token not present" } })],
    [
      "401 but version",
      answers(
        { ...OM, path: /users|bots/ },
        { status: 401, body: { code: 401, message: "Not Authorized! Token not present" } },
      ),
    ],
    ["403", answers({ ...OM, path: /users|bots/ }, { status: 403, body: { code: 403, message: "no" } })],
    ["403 PUT", answers({ ...OM, method: "PUT" }, { status: 403, body: { code: 403, message: "no" } })],
    ["500", answers({ ...OM, method: "PUT" }, { status: 500, body: { code: 500, message: "no" } })],
    ["404 bot", answers({ ...OM, path: /bots\/name/ }, { status: 404, body: { code: 404, message: "no" } })],
    ["lost PUT", loses({ ...OM, method: "PUT", times: 1 })],
    ["lost deploy", loses({ ...OM, method: "POST", times: 1 })],
    ["vault 429", answers(V, { status: 429, headers: { "retry-after": "0" }, body: err("Throttled", "slow") })],
    ["vault 503", answers(V, { status: 503, headers: { "retry-after": "0" }, body: err("x", "slow") })],
    ["vault down", refuses(V)],
    ["vault empty 403", answers(V, { status: 403, body: "" })],
    ["graph 429", answers(G, { status: 429, headers: { "retry-after": "0" }, body: err("TooManyRequests", "slow") })],
    ["graph 503 html", answers(G, { status: 503, headers: { "retry-after": "0" }, body: "<html>" })],
    ["graph 200 html", answers(G, { status: 200, body: "<html>" })],
    ["graph down", refuses(G)],
    [
      "graph add 503",
      answers(
        { ...G, path: /addPassword/ },
        { status: 503, headers: { "retry-after": "0" }, body: err("ServiceUnavailable", "slow") },
      ),
    ],
    [
      "graph add 504",
      answers(
        { ...G, path: /addPassword/ },
        { status: 504, after: true, headers: { "retry-after": "0" }, body: err("GatewayTimeout", "slow") },
      ),
    ],
    ["graph add lost", loses({ ...G, path: /addPassword/ })],
    [
      "graph add 403",
      answers(
        { ...G, path: /addPassword/ },
        { status: 403, body: err("Authorization_RequestDenied", "Insufficient privileges to complete the operation.") },
      ),
    ],
    [
      "graph add 409",
      answers(
        { ...G, path: /addPassword/ },
        { status: 409, body: err("Directory_ConcurrencyViolation", "concurrent requests") },
      ),
    ],
    ["graph add odd", answers({ ...G, path: /addPassword/ }, { status: 200, body: {} })],
    ["token 500", answers({ service: "entra", path: /v2.0\/token/ }, { status: 500, body: "<html>" })],
    ["token 429", answers({ service: "entra", path: /v2.0\/token/ }, { status: 429, body: {} })],
    [
      "token 400",
      answers(
        { service: "entra", path: /v2.0\/token/ },
        { status: 400, body: { error: "unauthorized_client", error_codes: [53003] } },
      ),
    ],
    ["token odd", answers({ service: "entra", path: /v2.0\/token/ }, { status: 200, body: { access_token: "abc" } })],
  ])("%s", async (_, fault) => {
    app().mark();
    const t0 = performance.now(),
      v0 = app().clock.now().getTime();
    const since = app().log.length;
    const answer = await amid(app(), fault, async () => {
      const a = await app().call("POST", "rotate", { because: "leaver" });
      console.log(_, "timer", await runTimer(app()));
      return a;
    });
    console.log(
      _,
      JSON.stringify(answer),
      Math.round(performance.now() - t0),
      "ms;",
      app().clock.now().getTime() - v0,
      "virtual",
      app()
        .requests("graph")
        .filter((l) => /addPassword/.test(l)).length,
      app().inEntra().length,
    );
    console.log(
      said(app(), since)
        .split("\n")
        .filter((l) => /failed:|waits|TypeError/.test(l))
        .join("\n"),
    );
  });
});
