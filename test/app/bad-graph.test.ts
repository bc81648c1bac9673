import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Fault } from "../../local/cloud/exchange.ts";
import { amid, answers, loses, refuses } from "../../proof/strikes/strike.ts";
import { SECOND } from "../../shared/limits.ts";
import type { ProblemCode } from "../../shared/problems/problems.ts";
import { DAY, openApp } from "./app.ts";
import { endsWell } from "./trouble.ts";

const app = openApp();

const GRAPH = { service: "graph" } as const;
const ADD = { ...GRAPH, path: /\/addPassword$/ };
const page = (status: number) => ({ status, body: "<html><title>Sign in</title></html>" });
const JSON_TYPE = { "content-type": "application/json" };
const graphSays = (status: number, code: string, headers = {}) => ({
  status,
  body: { error: { code, message: "Not now." } },
  headers,
});
const issues = () =>
  app()
    .requests("graph")
    .filter((line) => line.endsWith("/addPassword")).length;
const rotate = () => app().call("POST", "rotate", { because: "leaver" });
/** Timers of so many milliseconds were set from now on; Graph's client pauses by one before it asks again. */
function watchPauses(): () => unknown[] {
  const timers = vi.spyOn(globalThis, "setTimeout");
  return () => timers.mock.calls.map(([, milliseconds]) => milliseconds);
}

beforeAll(async () => {
  app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
  await app().settle();
  app().cloud.ingestion.start();
});
endsWell(app);
afterEach(() => vi.restoreAllMocks());

describe("Microsoft Graph", () => {
  it("throttles for a second: it is asked again after that", async () => {
    const pauses = watchPauses();
    const busy = answers({ ...GRAPH, times: 1 }, graphSays(429, "TooManyRequests", { "retry-after": "1" }));
    expect(await amid(app(), busy, () => rotate())).toMatchObject({ status: 200 });
    expect(pauses()).toContain(SECOND);
  });

  it.each<[what: string, Fault, retryAfter: number, code: ProblemCode]>([
    ["throttles for long", answers(GRAPH, graphSays(429, "Busy", { "retry-after": "300" })), 300, "graph-throttled"],
    ["is unavailable", answers(GRAPH, graphSays(503, "Down", { "retry-after": "0" })), 10, "graph-unavailable"],
    ["is a page of a proxy", answers(GRAPH, page(200)), 10, "graph-unreadable"],
    ["answers broken JSON", answers(GRAPH, { ...page(200), headers: JSON_TYPE }), 10, "graph-unreadable"],
    ["answers something else", answers(GRAPH, { status: 200, body: { value: [] } }), 10, "graph-unreadable"],
    ["is down", refuses(GRAPH), 10, "graph-unreachable"],
  ])("%s: said at once, and nothing is begun", async (_, fault, retryAfter, code) => {
    const pauses = watchPauses();
    const answer = await amid(app(), fault, () => rotate());
    expect(answer).toMatchObject({
      status: 503,
      retryAfter,
      body: { code, detail: expect.stringContaining("Cannot list client secrets"), hint: expect.any(String) },
    });
    expect(pauses()).not.toContain(retryAfter * SECOND);
    expect(app().inEntra()).toHaveLength(1);
  });

  it.each<[what: string, Fault, code: ProblemCode, orphans: number]>([
    ["429", answers(ADD, graphSays(429, "TooManyRequests", { "retry-after": "0" })), "graph-throttled", 0],
    ["503", answers(ADD, graphSays(503, "ServiceUnavailable", { "retry-after": "0" })), "graph-unavailable", 0],
    [
      "504 after it has issued",
      answers(ADD, { ...graphSays(504, "UnknownError"), after: true }),
      "graph-unavailable",
      1,
    ],
    ["nothing after it has issued", loses(ADD), "graph-unreachable", 1],
  ])("answers %s to addPassword: asked once, never blindly again", async (_, fault, code, orphans) => {
    app().mark();
    const answer = await amid(app(), fault, () => rotate());
    expect(answer).toMatchObject({
      status: 503,
      body: { code, detail: expect.stringContaining("Cannot issue a client secret") },
    });
    expect(issues()).toBe(1);
    expect(app().inEntra()).toHaveLength(1 + orphans);
    await app().post("rotate", { because: "leaver", issuedBefore: answer.body.issuedBefore });
    expect(issues()).toBe(2);
    expect(app().inEntra()).toHaveLength(2 + orphans);
  });

  it("leaves behind an orphan at most until the overlap has passed", async () => {
    await amid(app(), loses(ADD), () => rotate());
    await app().post("rotate");
    app().cloud.ingestion.stop();
    await app().clock.advance(8 * DAY);
    app().cloud.ingestion.start();
    expect(
      app()
        .inEntra()
        .map(({ keyId }) => keyId),
    ).toEqual([app().latest()?.tags.keyId]);
  });
});
