import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PATIENTLY } from "../patiently.ts";
import { closeHosts, KEYS, openHost } from "./host-world.ts";

type World = Awaited<ReturnType<typeof openHost>>;

let guarded: World;
let open: World;
beforeAll(async () => {
  guarded = await openHost({ fixture: "host-keys" }, { keys: KEYS });
  open = await openHost({ fixture: "host-keys" });
});
afterAll(closeHosts);

const withKey = (key: string) => ({ headers: { "x-functions-key": key } });
const status = async (path: string, key?: string) => (await guarded.call(path, key ? withKey(key) : {})).status;

describe("a function route", () => {
  it("refuses a request without the right key, with nothing but 401", async () => {
    for (const path of ["/api/guarded", "/api/guarded?code=wrong"]) {
      const answer = await guarded.call(path);
      expect([answer.status, await answer.text(), answer.headers.get("content-length")]).toEqual([401, "", "0"]);
      expect(answer.headers.has("www-authenticate")).toBe(false);
    }
    expect(await status("/api/guarded", "wrong")).toBe(401);
  });

  it("opens to the host key and the master key, in the header or the query", async () => {
    for (const key of [KEYS.function, KEYS.master]) {
      expect(await status("/api/guarded", key)).toBe(200);
      expect(await status(`/api/guarded?code=${key}`)).toBe(200);
      expect(await status(`/api/guarded?CODE=${key}`)).toBe(200);
    }
  });

  it("does not open to a system key or a bearer token", async () => {
    expect(await status("/api/guarded", KEYS.eventGrid)).toBe(401);
    const answer = await guarded.call("/api/guarded", { headers: { authorization: `Bearer ${KEYS.function}` } });
    expect(answer.status).toBe(401);
  });

  it("lets the header alone count when both are given", async () => {
    expect(await status(`/api/guarded?code=${KEYS.function}`, "wrong")).toBe(401);
    expect(await status("/api/guarded?code=wrong", KEYS.function)).toBe(200);
  });

  it("asks the master key of the admin level", async () => {
    expect(await status("/api/owner")).toBe(401);
    expect(await status("/api/owner", KEYS.function)).toBe(401);
    expect(await status("/api/owner", KEYS.master)).toBe(200);
  });

  it("asks nothing when anonymous, which is what a function without a level is", async () => {
    expect(await status("/api/anyone")).toBe(200);
    expect(await status("/api/anyone", "wrong")).toBe(200);
    expect(await status("/api/unsaid")).toBe(200);
  });

  it("tells an unknown route or method before a missing key", async () => {
    expect(await status("/api/nowhere")).toBe(404);
    expect((await guarded.call("/api/guarded", { method: "DELETE" })).status).toBe(404);
  });

  it("leaves the key visible to the handler", async () => {
    const answer = await guarded.call(`/api/shows-key?code=${KEYS.master}`, withKey(KEYS.function));
    expect(await answer.json()).toEqual([KEYS.master, KEYS.function]);
  });

  it("opens to everybody where no keys are enforced", async () => {
    expect((await open.call("/api/guarded")).status).toBe(200);
    expect((await open.call("/api/owner")).status).toBe(200);
  });
});

describe("the host's own endpoints", () => {
  it("answer a ping without a key", async () => {
    const answer = await guarded.call("/admin/host/ping", { method: "POST" });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store, no-cache"]);
  });

  it.each(["/admin/host/status", "/admin/functions"])("guard %s with the master key", async (path) => {
    const answer = await guarded.call(path);
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await status(path, KEYS.function)).toBe(403);
    expect(await status(path, KEYS.eventGrid)).toBe(403);
    expect(await status(path, KEYS.master)).toBe(200);
  });

  it("tell that the host is running", async () => {
    expect(await (await open.call("/admin/host/status")).json()).toMatchObject({
      state: "Running",
      version: expect.stringMatching(/^4\./),
    });
  });

  it("list the functions", async () => {
    const listed = (await (await open.call("/admin/functions")).json()) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual([
      "anyone",
      "fails",
      "guarded",
      "on-event",
      "owner",
      "shows-key",
      "ticks",
      "unsaid",
    ]);
    expect(await (await open.call("/admin/functions/GUARDED")).json()).toMatchObject({
      name: "guarded",
      invoke_url_template: `${open.host.url}/api/guarded`,
      config: { bindings: [{ type: "httpTrigger", authLevel: "function" }, { type: "http" }] },
    });
    expect((await open.call("/admin/functions/nobody")).status).toBe(404);
  });
});

describe("a run by the admin API", () => {
  const start = (name: string, body: string, headers: Record<string, string> = {}) =>
    open.call(`/admin/functions/${name}`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });

  it("needs the master key", async () => {
    const init = { method: "POST", body: "{}" };
    const json = { "content-type": "application/json" };
    const ask = async (headers: Record<string, string>) =>
      (await guarded.call("/admin/functions/ticks", { ...init, headers: { ...json, ...headers } })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ "x-functions-key": KEYS.function })).toBe(403);
    expect(await ask({ "x-functions-key": KEYS.master })).toBe(202);
  });

  it("answers 202 at once and runs a timer with its stored status", async () => {
    const answer = await start("TICKS", "{}");
    expect([answer.status, await answer.text()]).toEqual([202, ""]);
    await expect
      .poll(() => open.said("ticks"), PATIENTLY)
      .toEqual([
        {
          schedule: { adjustForDST: true },
          scheduleStatus: {
            last: "0001-01-01T00:00:00+00:00",
            next: "2026-11-22T04:00:00+00:00",
            lastUpdated: "0001-01-01T00:00:00+00:00",
          },
          isPastDue: false,
        },
      ]);
  });

  it("answers 202 also for a run that fails", async () => {
    expect((await start("fails", "{}")).status).toBe(202);
    await expect.poll(() => open.errors().join(), PATIENTLY).toContain("tick boom");
    expect((await start("guarded", "{}")).status).toBe(202);
    await expect.poll(() => open.errors().join(), PATIENTLY).toContain("An HttpRequest is required");
    expect((await start("on-event", "{}")).status).toBe(202);
    await expect.poll(() => open.errors().join(), PATIENTLY).toContain("Exception binding parameter");
  });

  it("gives an Event Grid function the event of its input", async () => {
    const event = { id: "1", data: { Id: "x" } };
    expect((await start("on-event", JSON.stringify({ input: JSON.stringify(event) }))).status).toBe(202);
    await expect
      .poll(() => open.said("on-event"), PATIENTLY)
      .toMatchObject([{ event, metadata: { data: { id: "x" } } }]);
  });

  it.each(["", "{", '{"input":5}', "[]", "null"])("refuses the body %j", async (body) => {
    expect((await start("ticks", body)).status).toBe(400);
  });

  it("refuses another content type and an unknown function", async () => {
    expect((await start("ticks", "{}", { "content-type": "text/plain" })).status).toBe(415);
    expect((await start("nobody", "{}")).status).toBe(404);
  });
});
