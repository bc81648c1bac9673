import { mkdtemp, rm, writeFile } from "node:fs/promises";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startHost } from "../../local/host/host.ts";
import { readLocalSettings } from "../../local/host/local-settings.ts";
import { PATIENTLY } from "../patiently.ts";
import { closeHosts, openHost } from "./host-world.ts";

afterEach(closeHosts);

const counting = {
  code: `
    let count = 0;
    const atLoad = process.env.PLACE;
    app.http("count", { handler: () => ({ jsonBody: { count: ++count, atLoad, now: process.env.PLACE ?? null } }) });
  `,
};

describe("the log", () => {
  const code = `
    app.http("says", {
      handler(request, context) {
        context.log("plain", { a: 1 });
        context.warn("careful");
        context.error("wrong");
        context.debug("detail");
        setTimeout(() => { context.log("too late"); globalThis.late(); }, 0);
        return {};
      },
    });
    app.http("throws", { handler() { throw new Error("handler boom"); } });
  `;

  it("frames a run with its id, and keeps what the handler says apart", async () => {
    const world = await openHost({ code });
    const late = new Promise((resolve) => Object.assign(globalThis, { late: resolve }));
    await world.call("/api/says");
    await late;
    const entries = world.log.filter(({ functionName }) => functionName === "says");
    const id = entries[0]?.invocationId ?? "";
    expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(entries.map(({ level, category, message }) => [level, category, message]).slice(0, 6)).toEqual([
      [
        "information",
        "Function.says",
        `Executing 'Functions.says' (Reason='This function was programmatically called via the host APIs.', Id=${id})`,
      ],
      ["information", "Function.says.User", "plain { a: 1 }"],
      ["warning", "Function.says.User", "careful"],
      ["error", "Function.says.User", "wrong"],
      ["debug", "Function.says.User", "detail"],
      ["information", "Function.says", `Executed 'Functions.says' (Succeeded, Id=${id}, Duration=0ms)`],
    ]);
    expect(world.lines("Function.says.User")).not.toContain("too late");
    expect(entries.at(-1)).toMatchObject({
      level: "warning",
      message: expect.stringContaining("Unexpected call to 'log'"),
    });
  });

  it("tells at error level why a run failed", async () => {
    const world = await openHost({ code });
    await world.call("/api/throws");
    expect(world.errors()).toEqual([
      expect.stringMatching(/^Executed 'Functions.throws' \(Failed, Id=.{36}, Duration=0ms\)\n.*handler boom/s),
    ]);
  });

  it("names the routes at the start", async () => {
    const world = await openHost({ code: `app.get("one", { route: "one/{id?}", handler: () => ({}) });` });
    expect(world.lines("Host.Startup")).toContain("Mapped function route 'api/one/{id?}' [GET] to 'one'");
  });
});

describe("hooks", () => {
  it("run around each invocation and may change it", async () => {
    const code = `
      app.hook.appStart((context) => { context.hookData; globalThis.hookCalls = ["start"]; });
      app.hook.appTerminate(() => { globalThis.hookCalls.push("end"); });
      app.hook.preInvocation((context) => { context.hookData.seen = "before"; context.inputs = ["replaced"]; });
      app.hook.postInvocation((context) => {
        context.result = { body: [context.hookData.seen, context.result.body, context.error].join() };
      });
      app.hook.log((context) => { context.message = context.message.toUpperCase(); });
      app.http("web", { handler(request, context) { context.log("quiet"); return { body: request }; } });
    `;
    const world = await openHost({ code });
    expect(await (await world.call("/api/web")).text()).toBe("before,replaced,");
    expect(world.lines("Function.web.User")).toEqual(["QUIET"]);
    await world.host.stop();
    expect(Reflect.get(globalThis, "hookCalls")).toEqual(["start", "end"]);
  });

  it("must have a known name", async () => {
    const code = `
      const core = require("@azure/functions-core");
      try { core.registerHook("onFullMoon", () => {}); } catch (error) { globalThis.refused = error; }
    `;
    await openHost({ code });
    expect(Reflect.get(globalThis, "refused")).toMatchObject({ name: "RangeError", isAzureFunctionsSystemError: true });
  });
});

describe("settings", () => {
  it("are there when the app loads, cover the environment, and are gone when the host stops", async () => {
    process.env.PLACE = "shell";
    const world = await openHost(counting, { settings: { PLACE: "settings" } });
    const seen = await (await world.call("/api/count")).json();
    expect(seen).toMatchObject({ atLoad: "settings", now: "settings" });
    expect(process.env.AzureWebJobsScriptRoot).toBe(world.place.root);
    await world.host.stop();
    expect(process.env.PLACE).toBe("shell");
    expect(process.env.AzureWebJobsScriptRoot).toBeUndefined();
    delete process.env.PLACE;
  });

  it("of two hosts do not outlive either, in whatever order they stop", async () => {
    const first = await openHost(counting, { settings: { PLACE: "first" } });
    const second = await openHost(counting, { settings: { PLACE: "second" } });
    await first.host.stop();
    expect(process.env.PLACE).toBe("second");
    await second.host.stop();
    expect(process.env.PLACE).toBeUndefined();
  });

  it("are taken back when the host cannot start", async () => {
    const world = await openHost(counting);
    const port = Number(new URL(world.host.url).port);
    const options = { ...world.place, settings: { PLACE: "x" }, clock: world.clock, log: () => {}, port };
    await expect(startHost(options)).rejects.toThrow("EADDRINUSE");
    expect(process.env.PLACE).toBeUndefined();
  });
});

describe("several hosts", () => {
  const count = async (url: string) => (await (await fetch(`${url}/api/count`)).json()) as { count: number };

  it("live side by side on one bundle, each with its own state and log", async () => {
    const first = await openHost(counting);
    const second = await startHost({ ...first.place, settings: {}, clock: first.clock, log: () => {} });
    expect(await count(first.host.url)).toMatchObject({ count: 1 });
    expect(await count(first.host.url)).toMatchObject({ count: 2 });
    expect(await count(second.url)).toMatchObject({ count: 1 });
    expect(first.log.filter(({ message }) => message.startsWith("Executing"))).toHaveLength(2);
    await second.stop();
    expect(await count(first.host.url)).toMatchObject({ count: 3 });
  });

  it("leave the require of the process as it was", async () => {
    const before = Module.prototype.require;
    const world = await openHost(counting);
    expect(Module.prototype.require).toBe(before);
    expect(() => createRequire(world.place.main)("@azure/functions-core")).toThrow("Cannot find module");
  });

  it("live one after another, each afresh", async () => {
    const first = await openHost(counting);
    await count(first.host.url);
    await first.host.stop();
    const second = await startHost({ ...first.place, settings: {}, clock: first.clock, log: () => {} });
    expect(await count(second.url)).toMatchObject({ count: 1 });
    await second.stop();
  });
});

describe("stop()", () => {
  const code = `
    app.hook.appTerminate(() => { globalThis.ends.push("terminated"); });
    app.http("slow", {
      async handler() {
        await new Promise((resolve) => Object.assign(globalThis, { release: resolve }));
        globalThis.ends.push("handler");
        return { body: "done" };
      },
    });
  `;
  const openSlow = async () => {
    const ends: string[] = [];
    Object.assign(globalThis, { ends, release: undefined });
    const world = await openHost({ code });
    const answer = world.call("/api/slow");
    answer.catch(() => {});
    await expect.poll(() => Reflect.get(globalThis, "release"), PATIENTLY).toBeDefined();
    return { ...world, answer, ends, release: () => Reflect.get(globalThis, "release")() };
  };

  it("lets a running request end, closes the port and then calls the hooks", async () => {
    const { host, answer, ends, release, call } = await openSlow();
    const stopped = host.stop();
    await expect(call("/api/slow")).rejects.toThrow("fetch failed");
    release();
    expect(await (await answer).text()).toBe("done");
    expect((await answer).headers.get("connection")).toBe("close");
    await stopped;
    expect(ends).toEqual(["handler", "terminated"]);
    await host.stop();
    expect(ends).toHaveLength(2);
  });

  it("cuts a request off that has not ended after half a minute by the clock", async () => {
    const { host, answer, clock, ends } = await openSlow();
    const stopped = host.stop();
    await clock.advance(29_000);
    expect(ends).toEqual([]);
    await clock.advance(1_000);
    await expect(answer).rejects.toThrow("fetch failed");
    await clock.advance(10_000);
    await stopped;
    expect(ends).toEqual(["terminated"]);
  });
});

describe("readLocalSettings()", () => {
  const read = async (content: string) => {
    const folder = await mkdtemp(join(tmpdir(), "host-"));
    await writeFile(join(folder, "local.settings.json"), content);
    try {
      return readLocalSettings(join(folder, "local.settings.json"));
    } finally {
      await rm(folder, { recursive: true });
    }
  };

  it("reads the values, behind a byte order mark too, as text", async () => {
    const content = '\uFEFF{"IsEncrypted":false,"Values":{"A":"1","B":2,"C":true},"Host":{"CORS":"*"}}';
    expect(await read(content)).toEqual({ A: "1", B: "2", C: "true" });
  });

  it("leaves out what the environment already sets, be it empty", async () => {
    process.env.ALREADY_SET = "";
    expect(await read('{"Values":{"ALREADY_SET":"file","OTHER":"file"}}')).toEqual({ OTHER: "file" });
    delete process.env.ALREADY_SET;
  });

  it("has nothing without a file or values", async () => {
    expect(readLocalSettings("/nowhere/local.settings.json")).toEqual({});
    expect(await read("{}")).toEqual({});
  });

  it.each(["{", '{"IsEncrypted":true}', '{"Values":{"A":{}}}'])("refuses %s and names the file", async (content) => {
    await expect(read(content)).rejects.toThrow(/Cannot read ".*local\.settings\.json": ./);
  });
});
