import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { startHost } from "../../local/host/host.ts";
import { closeHosts, openHost } from "./host-world.ts";

afterEach(closeHosts);

const ok = `handler: () => ({ body: "ran" })`;
const names = (world: Awaited<ReturnType<typeof openHost>>) => world.host.functions.map(({ name }) => name);

describe("a fault that stops the host", () => {
  const web = { code: `app.http("web", { ${ok} });` };

  it.each([
    ["a leading slash in a route", { code: `app.http("web", { route: "/web", ${ok} });` }, {}],
    ["an unknown constraint", { code: `app.http("web", { route: "{id:odd}", ${ok} });` }, {}],
    [
      "names that differ only in case",
      { code: `app.http("web", { ${ok} }); app.http("Web", { route: "x", ${ok} });` },
      {},
    ],
    ["HTTP streaming, which is not modelled", { code: `app.setup({ enableHttpStream: true }); ${web.code}` }, {}],
    ["an old host.json", web, { hostJson: { version: "1.0" } }],
    ["a broken host.json", web, { hostJson: "{" }],
  ])("answers 503 to everything but /admin: %s", async (_name, source, changes) => {
    const world = await openHost(source, changes);
    for (const path of ["/api/web", "/api/nowhere", "/runtime/webhooks/EventGrid"]) {
      const answer = await world.call(path);
      expect([answer.status, await answer.text()]).toEqual([503, "Function host is not running."]);
    }
    expect(await (await world.call("/admin/host/status")).json()).toMatchObject({
      state: "Error",
      errors: [expect.any(String)],
    });
    expect(world.host.functions).toEqual([]);
    expect(world.errors()).toHaveLength(1);
  });
});

describe("a fault that stops one function", () => {
  it.each([
    [
      "a binding without an extension",
      `app.storageQueue("bad", { queueName: "q", connection: "", handler: () => {} });`,
    ],
    ["an output binding", `app.http("bad", { ${ok}, extraOutputs: [{ type: "queue", name: "q" }] });`],
    ["a route among the host's own", `app.http("bad", { route: "admin/x", ${ok} });`],
    ["a bad name", `app.http("bad name!", { ${ok} });`],
    ["the route and method of an earlier one", `app.http("zz", { route: "GOOD", methods: ["GET"], ${ok} });`],
  ])("leaves the others running: %s", async (_name, code) => {
    const world = await openHost({ code: `${code} app.http("good", { ${ok} });` });
    expect(names(world)).toEqual(["good"]);
    expect((await world.call("/api/good")).status).toBe(200);
    expect(world.errors()).toEqual([expect.stringMatching(/^The '.*' function is in error: ./)]);
  });

  it("is an Event Grid trigger without an extension bundle in host.json", async () => {
    const code = `app.eventGrid("on-event", { handler: () => {} }); app.http("good", { ${ok} });`;
    const world = await openHost({ code }, { hostJson: { version: "2.0" } });
    expect(names(world)).toEqual(["good"]);
    expect(world.errors().join()).toContain("The binding type(s) 'eventGridTrigger' are not registered.");
  });
});

describe("an app that cannot start", () => {
  it.each([
    ["throws", `app.http("web", { ${ok} }); throw new Error("no such setting");`, "no such setting"],
    ["registers a name twice", `app.http("web", { ${ok} }); app.http("web", { ${ok} });`, '"web" has already been'],
  ])("has no functions and says why in one line: %s", async (_name, code, reason) => {
    const world = await openHost({ code });
    expect(world.host.functions).toEqual([]);
    expect((await world.call("/api/web")).status).toBe(404);
    expect(await (await world.call("/admin/host/status")).json()).toMatchObject({ state: "Running" });
    const [line, ...more] = world.errors();
    expect(line).toContain('Worker was unable to load entry point "main.cjs": ');
    expect(line).toContain(reason);
    expect(more).toEqual([]);
  });

  it("may have no entry at all", async () => {
    const world = await openHost({ code: "" }, { main: "/nowhere/main.cjs" });
    expect(world.errors().join()).toMatch(/Worker was unable to load entry point ".*": File does not exist/);
  });

  it("may fail in its appStart hook", async () => {
    const code = `app.hook.appStart(() => { throw new Error("no start"); }); app.http("web", { ${ok} });`;
    const world = await openHost({ code });
    expect((await world.call("/api/web")).status).toBe(404);
    expect(world.errors().join()).toContain("no start");
  });
});

describe("an app of several files", () => {
  it("is loaded anew with all of them", async () => {
    const code = `const part = "./part.cjs"; app.http("web", { handler: () => ({ body: require(part).word }) });`;
    const { place, host, clock, call } = await openHost({ code });
    const rewrite = (word: string) => writeFile(join(place.root, "part.cjs"), `exports.word = "${word}";`);
    await rewrite("old");
    expect(await (await call("/api/web")).text()).toBe("old");
    await rewrite("new");
    expect(await (await call("/api/web")).text()).toBe("old");
    await host.stop();
    const again = await startHost({ ...place, settings: {}, clock, log: () => {} });
    expect(await (await fetch(`${again.url}/api/web`)).text()).toBe("new");
    await again.stop();
  });
});

describe("what host.json and settings change", () => {
  it("is the prefix of routes", async () => {
    const world = await openHost(
      { code: `app.http("web", { ${ok} });` },
      { hostJson: { extensions: { http: { routePrefix: "v1/x" } } } },
    );
    expect((await world.call("/v1/x/web")).status).toBe(200);
    expect((await world.call("/api/web")).status).toBe(404);
    expect(world.host.functions).toEqual([
      { name: "web", trigger: "http", route: "v1/x/web", methods: ["GET", "POST"], authLevel: "anonymous" },
    ]);
  });

  it("may put functions at the root, before the host's own page", async () => {
    const world = await openHost(
      { code: `app.http("web", { route: "{*rest}", ${ok} });` },
      { hostJson: { extensions: { http: { routePrefix: "" } } } },
    );
    expect(await (await world.call("/")).text()).toBe("ran");
    expect(await (await world.call("/a/b")).text()).toBe("ran");
    expect((await world.call("/admin/host/ping")).status).toBe(200);
  });

  it("switches a function off", async () => {
    const world = await openHost(
      { code: `app.http("off", { ${ok} }); app.http("on", { ${ok} });` },
      { settings: { "AzureWebJobs.off.Disabled": "true" } },
    );
    expect(names(world)).toEqual(["on"]);
    expect((await world.call("/api/off")).status).toBe(404);
    expect(world.lines("Host.Startup")).toContain("Function 'Functions.off' is disabled");
  });
});
