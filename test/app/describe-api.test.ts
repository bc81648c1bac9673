import { describe, expect, it } from "vitest";
import { apiDocument } from "../../shared/api/document.ts";
import { openApp } from "./app.ts";
import { holdAnswer } from "./described.ts";
import { endpoints, rawCall } from "./raw-call.ts";

const app = openApp();

describe("GET /api/openapi.json", () => {
  it("describes the API as docs/openapi.json does, and asks nobody", async () => {
    app().mark();
    const headers = { authorization: `Bearer ${await app().cloud.callerToken(["Automation.Read"])}` };
    const { status, json, headers: answered } = await rawCall(app(), { method: "GET", path: "openapi.json", headers });
    expect(status).toBe(200);
    expect(answered.get("content-type")).toMatch(/^application\/json/);
    expect(json).toEqual(JSON.parse(JSON.stringify(apiDocument())));
    expect(app().exchanges).toEqual([]);
  });

  it("is for those who may read", async () => {
    expect((await rawCall(app(), { method: "GET", path: "openapi.json" })).status).toBe(401);
    const headers = { authorization: `Bearer ${await app().cloud.callerToken(["Other.Role"])}` };
    expect((await rawCall(app(), { method: "GET", path: "openapi.json", headers })).status).toBe(403);
  });

  it("has every HTTP function of the app, under its name, and no other", () => {
    const { paths } = apiDocument();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(1)}`),
    );
    expect(described.toSorted()).toEqual(endpoints(app()).toSorted());
    const names = app().host.functions.flatMap(({ name, route }) => (route === undefined ? [] : [name]));
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((one) => one.operationId));
    expect(ids.toSorted()).toEqual(
      names.map((name) => name.replace(/-(.)/g, (_, x: string) => x.toUpperCase())).toSorted(),
    );
  });
});

describe("every answer in these tests is held to it", () => {
  const waits = { converged: false, waitingFor: "x", code: "replication-pending" };

  it("one that is as described passes", () => {
    expect(() => holdAnswer("provision", 202, waits)).not.toThrow();
    expect(() => holdAnswer("no-such-call", 200, { any: 1 })).not.toThrow();
  });

  it.each([
    ["a field that is not described", "provision", 202, { ...waits, more: 1 }],
    ["a field that is missing", "rotate", 200, { deployment: "openmetadata", converged: true }],
    ["a code of another status", "status", 409, { ...waits, status: 409 }],
    ["what only waits as done", "consent", 200, waits],
  ])("%s fails the test", (_what, path, status, json) => {
    expect(() => holdAnswer(path, status, json)).toThrow("not as described");
  });
});
