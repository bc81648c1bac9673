import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PATIENTLY } from "../patiently.ts";
import { closeHosts, openHost, sendRaw } from "./host-world.ts";

type World = Awaited<ReturnType<typeof openHost>>;

interface Echo {
  function: string;
  method: string;
  url: string;
  params: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
  triggerMetadata: unknown;
}

let world: World;
beforeAll(async () => {
  world = await openHost(
    { fixture: "host-http" },
    { hostJson: { version: "2.0", extensions: { http: { customHeaders: { "X-Custom": "yes" } } } } },
  );
});
afterAll(closeHosts);

const echo = async (path: string, init?: RequestInit) => (await (await world.call(path, init)).json()) as Echo;
const params = async (path: string) => (await echo(path)).params;
/** Status, body and the announced length: the whole of an answer without a body. */
const bare = async (path: string, init?: RequestInit) => {
  const answer = await world.call(path, init);
  return [answer.status, await answer.text(), answer.headers.get("content-length")];
};

describe("routes", () => {
  it("answers GET and POST under the prefix when an app asks for nothing else", async () => {
    expect(await echo("/api/by-default")).toMatchObject({ function: "by-default", method: "GET" });
    expect(await echo("/api/by-default", { method: "POST" })).toMatchObject({ method: "POST" });
  });

  it.each([
    ["an unknown route", "/api/nowhere", {}],
    ["a route without its prefix", "/by-default", {}],
    ["the prefix alone", "/api", {}],
    ["a method that was not declared", "/api/by-default", { method: "DELETE" }],
    ["OPTIONS that was not declared", "/api/by-default", { method: "OPTIONS" }],
    ["a constraint that does not fit", "/api/number/abc", {}],
    ["a parameter that is missing", "/api/number", {}],
    ["a double slash", "/api//by-default", {}],
    ["a segment too many", "/api/by-default/more", {}],
  ])("answers %s with 404 and no body", async (_name, path, init) => {
    expect(await bare(path, init)).toEqual([404, "", "0"]);
  });

  it("matches without regard to case and forgives a trailing slash", async () => {
    expect(await echo("/API/By-Default/")).toMatchObject({ function: "by-default" });
  });

  it("leaves the key of an absent optional parameter away", async () => {
    expect(await params("/api/optional")).toEqual({});
    expect(await params("/api/optional/7")).toEqual({ id: "7" });
  });

  it("gives a catch-all the whole rest", async () => {
    expect(await params("/api/files/a/b.txt")).toEqual({ rest: "a/b.txt" });
    expect(await params("/api/files")).toEqual({});
  });

  it("decodes parameters except for an escaped slash", async () => {
    expect(await params("/api/optional/H%C3%A9")).toEqual({ id: "Hé" });
    expect(await params("/api/optional/x%2Fy")).toEqual({ id: "x%2Fy" });
    expect(await params("/api/optional/100%25")).toEqual({ id: "100%" });
  });

  it("prefers the function whose name comes first, not the more specific route", async () => {
    expect(await echo("/api/contest/literal")).toMatchObject({ function: "a-parameter" });
  });

  it("lets two functions share a route by method", async () => {
    expect(await echo("/api/shared")).toMatchObject({ function: "reads" });
    expect(await echo("/api/shared", { method: "POST" })).toMatchObject({ function: "writes" });
  });

  it("shows a page at the root", async () => {
    const answer = await world.call("/");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html"]);
  });
});

describe("requests", () => {
  it("shows the handler what the client wrote", async () => {
    const seen = await echo("/api/by-default?q=a+b&q=c&code=x", { headers: { "X-Forwarded-Host": "elsewhere" } });
    expect(seen.url).toBe(`${world.host.url}/api/by-default?q=a+b&q=c&code=x`);
    expect(seen.query).toEqual({ q: "a b,c", code: "x" });
    expect(seen.headers["x-forwarded-host"]).toBe("elsewhere");
    expect(seen.triggerMetadata).toBeNull();
  });

  it("passes a body whose length is announced", async () => {
    expect(await echo("/api/by-default", { method: "POST", body: "hello" })).toMatchObject({ body: "hello" });
  });

  it("passes a chunked body as an empty one", async () => {
    const body = new Blob(["hello"]).stream();
    expect(await echo("/api/by-default", { method: "POST", body, duplex: "half" } as RequestInit)).toMatchObject({
      body: "",
    });
  });

  it("drops the body of a GET", async () => {
    const raw = { headers: { "content-length": "5" }, body: "hello" };
    const answer = await sendRaw(world.host, "/api/by-default", raw);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { body: "" }]);
  });

  it.each(["user@app", "a/b", "a b", "a%20b", ":80", "app:x", "[::1", "ä"])(
    "refuses the Host header %j",
    async (host) => {
      const answer = await sendRaw(world.host, "/api/by-default", {
        headers: { host: Buffer.from(host).toString("latin1") },
      });
      expect(answer).toMatchObject({ status: 400, body: "", headers: { connection: "close" } });
    },
  );

  it.each(["app.azurewebsites.net", "localhost:7071", "[::1]:7071", "a_b"])(
    "takes the Host header %j",
    async (host) => {
      expect(await sendRaw(world.host, "/api/by-default", { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  it("refuses an address that is too long", async () => {
    expect((await world.call(`/api/by-default?q=${"x".repeat(8192)}`)).status).toBe(414);
    expect((await world.call(`/api/by-default?q=${"x".repeat(8100)}`)).status).toBe(200);
  });

  it("answers a body over 100 MB with 500, unread", async () => {
    const raw = { method: "POST", headers: { "content-length": "104857601" } };
    const answer = await sendRaw(world.host, "/api/by-default", raw);
    expect(answer).toMatchObject({ status: 500, body: "", headers: { connection: "close", "content-length": "0" } });
    expect(world.errors().join()).toContain("Request body too large");
  });
});

describe("answers", () => {
  it.each(["throws", "throws-text", "number-returned", "strange-status", "wrong-length"])(
    "makes a 500 without a body of a handler that fails: %s",
    async (name) => {
      expect(await bare(`/api/${name}`)).toEqual([500, "", "0"]);
    },
  );

  it("makes a 500 of a body that is not JSON, and logs why", async () => {
    expect(await bare("/api/json", { method: "POST", body: "{" })).toEqual([500, "", "0"]);
    expect(world.errors().join()).toContain("SyntaxError");
  });

  it("makes a 204 of nothing and a 200 without a body of an empty object", async () => {
    expect(await bare("/api/nothing")).toEqual([204, "", null]);
    expect(await bare("/api/empty")).toEqual([200, "", "0"]);
    expect(await bare("/api/no-content")).toEqual([204, "", null]);
  });

  it("passes status, headers and body on", async () => {
    const answer = await sendRaw(world.host, "/api/text", {});
    expect(answer).toMatchObject({
      status: 202,
      body: "said",
      headers: {
        "x-mine": "1",
        "retry-after": "5",
        "content-type": "text/plain;charset=UTF-8",
        "transfer-encoding": "chunked",
      },
    });
  });

  it("answers HEAD without a body", async () => {
    const answer = await world.call("/api/with-head", { method: "HEAD" });
    expect([answer.status, answer.headers.get("x-seen"), await answer.text()]).toEqual([200, "yes", ""]);
  });

  it("sets cookies as ASP.NET Core does", async () => {
    const answer = await world.call("/api/cookie");
    const cookies = ["raw=1", "c1=v%201; max-age=60; path=/; samesite=lax; httponly"];
    expect(answer.headers.getSetCookie()).toEqual(cookies);
  });

  it("carries the custom headers of host.json and the time of the clock everywhere", async () => {
    for (const path of ["/api/text", "/api/nowhere", "/api/throws"]) {
      const { headers } = await world.call(path);
      expect([headers.get("x-custom"), headers.get("server")]).toEqual(["yes", "Kestrel"]);
      expect(headers.get("date")).toBe("Sun, 22 Nov 2026 03:38:30 GMT");
    }
  });
});

describe("the limits of host.json", () => {
  it("let so many requests run, so many wait, and refuse the rest at once", async () => {
    const held: (() => void)[] = [];
    Object.assign(globalThis, { held });
    const code = `app.http("slow", { handler: () => new Promise((resolve) => globalThis.held.push(() => resolve({}))) });`;
    const http = { maxConcurrentRequests: 2, maxOutstandingRequests: 4 };
    const { call } = await openHost({ code }, { hostJson: { version: "2.0", extensions: { http } } });
    const statuses: number[] = [];
    for (let request = 0; request < 8; request += 1) {
      void call("/api/slow").then(({ status }) => statuses.push(status));
    }
    await expect.poll(() => [held.length, ...statuses], PATIENTLY).toEqual([2, 429, 429, 429, 429]);
    for (const release of held.splice(0)) release();
    await expect.poll(() => held.length, PATIENTLY).toBe(2);
    // Those that waited have taken the places of those that ended: two more may wait, and one is too many.
    for (let request = 0; request < 3; request += 1) {
      void call("/api/slow").then(({ status }) => statuses.push(status));
    }
    await expect
      .poll(() => [held.length, statuses.filter((status) => status === 429).length], PATIENTLY)
      .toEqual([2, 5]);
    for (const release of held.splice(0)) release();
    await expect.poll(() => held.length, PATIENTLY).toBe(2);
    for (const release of held.splice(0)) release();
    await expect.poll(() => statuses.filter((status) => status === 200).length, PATIENTLY).toBe(6);
  });
});
