import { GraphError } from "@microsoft/microsoft-graph-client";
import { UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Graph, graph, odata } from "../../shared/clients/graph/graph.ts";
import { awaitsReplication, graphError, saysOneOf, shaped } from "../../shared/clients/graph/refusals.ts";
import { UpstreamError } from "../../shared/errors.ts";

interface Given {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
}
interface Asked {
  line: string;
  headers: Headers;
  body: unknown;
  redirect: string | undefined;
}
const READ = { action: "read things", path: "/things" };
const BUSY = { error: { code: "TooManyRequests", message: "slow down" } };
const busy = (status: number, after = "0"): Given => ({ status, headers: { "retry-after": after }, json: BUSY });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Graph, which gives these answers in turn and the last one for good; what it was asked. */
function answering(answers: Given[], token: (claims?: string) => Promise<string> = async () => "token") {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (input: string | Request, options: RequestInit = {}) => {
    const request = new Request(input, options);
    asked.push({
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      body: request.body && JSON.parse(await request.text()),
      redirect: options.redirect,
    });
    const { status = 200, headers, json, text } = answers[Math.min(asked.length, answers.length) - 1] ?? {};
    const empty = status === 204 ? null : (text ?? JSON.stringify(json ?? { id: 1 }));
    return new Response(empty, { status, headers: { "content-type": "application/json", ...headers } });
  });
  const clock = { now: () => new Date(), wait: async () => undefined };
  return { client: graph("https://graph.example", token, clock), asked };
}
/** What comes of a call, whose waits are skipped; with how long it waited. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  const settled = call.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return settled;
}

describe("a request to Graph", () => {
  it("goes to the version 1.0 of its address, with our token, what is asked for, and the headers", async () => {
    const { client, asked } = answering([{ json: { id: 1 } }]);
    const request = { ...READ, query: { $select: "id" }, headers: { Prefer: "x" } };
    expect(await outcome(client.get(request))).toEqual({ id: 1 });
    expect(asked[0]?.line).toBe("GET https://graph.example/v1.0/things?$select=id");
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer token");
    expect(asked[0]?.headers.get("prefer")).toBe("x");
    expect(client.url).toBe("https://graph.example");
  });

  it.each(["post", "patch"] as const)("brings its body: %s", async (verb) => {
    const { client, asked } = answering([{ status: 204 }]);
    expect(await outcome(client[verb]({ ...READ, body: { a: 1 } }))).toBeUndefined();
    expect(asked).toMatchObject([{ line: `${verb.toUpperCase()} https://graph.example/v1.0/things`, body: { a: 1 } }]);
  });

  it("has fifteen seconds", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    await outcome(answering([{}]).client.get(READ));
    expect(timeout.mock.calls).toEqual([[15_000]]);
  });

  it("for what may not be there finds nothing where Graph says 404, and fails otherwise", async () => {
    expect(await outcome(answering([{ json: { id: 2 } }]).client.find(READ))).toEqual({ id: 2 });
    const missing = { status: 404, json: { error: { code: "Request_ResourceNotFound", message: "no such thing" } } };
    expect(await outcome(answering([missing]).client.find(READ))).toBeUndefined();
    const page = { status: 404, headers: { "content-type": "text/html" }, text: "<html>" };
    expect(await outcome(answering([page]).client.find(READ))).toMatchObject({ status: 404, code: "graph-refused" });
    expect(await outcome(answering([{ status: 400, json: {} }]).client.find(READ))).toMatchObject({ status: 400 });
    expect(await outcome(answering([{ status: 404, json: {} }]).client.get(READ))).toMatchObject({ status: 404 });
    const none = () => Promise.reject(new Error("no token"));
    expect(await outcome(answering([{}], none).client.find(READ))).toMatchObject({ message: "no token" });
  });

  it("is not sent where there is no token, and that failure stays what it is", async () => {
    const failure = new UpstreamError("no token", { service: "Entra", status: 0 });
    const { client, asked } = answering([{}], () => Promise.reject(failure));
    expect(await outcome(client.get(READ))).toBe(failure);
    expect(asked).toEqual([]);
  });

  it.each<[answer: string, given: Given]>([
    ["a page of a proxy", { headers: { "content-type": "text/html" }, text: "<html>" }],
    ["text", { headers: { "content-type": "text/plain" }, text: "ok" }],
    ["something that is no JSON at all", { text: "{" }],
    ["a list", { json: [1] }],
  ])("that is answered with %s fails", async (_, given) => {
    expect(await outcome(answering([given]).client.get(READ))).toMatchObject({
      service: "Microsoft Graph",
      status: 200,
      message: "Cannot read things: the answer is not JSON (is there a proxy between the app and Microsoft Graph?)",
    });
  });

  it("is repeated with a token of the claims that a refusal names, whatever its body is", async () => {
    const challenge = 'Bearer error="insufficient_claims", claims="eyJuYmYiOjF9"';
    const asked: unknown[] = [];
    const token = async (claims?: string) => {
      if (claims !== undefined) asked.push(claims);
      return asked.length > 0 ? "new" : "old";
    };
    const refusal = { status: 401, headers: { "www-authenticate": challenge }, text: "" };
    expect(await outcome(answering([refusal, { json: { id: 4 } }], token).client.get(READ))).toEqual({ id: 4 });
    expect(asked).toEqual(['{"nbf":1}']);
  });

  it("names who asks, for commands that give a right", async () => {
    const token = new UnsecuredJWT({ oid: "own" }).encode();
    expect(await answering([{}], async () => token).client.objectId()).toBe("own");
  });
});

describe("a request that Graph is too busy for", () => {
  it.each([429, 503, 504])("is repeated twice, and the answer is Graph's own: %i", async (status) => {
    const { client, asked } = answering([busy(status)]);
    expect(await outcome(client.get(READ))).toMatchObject({ status, message: expect.stringContaining("Cannot read") });
    expect(asked).toHaveLength(3);
    const later = answering([busy(status), busy(status), { json: { id: 3 } }]);
    expect(await outcome(later.client.post({ ...READ, body: {} }))).toEqual({ id: 3 });
  });

  it.each([
    ["0", 3],
    ["5", 3],
    ["6", 1],
  ])("and that wants to be left alone for %s seconds is sent %i times", async (after, times) => {
    const { client, asked } = answering([busy(429, after)]);
    expect(await outcome(client.get(READ))).toMatchObject({ status: 429, retryAfterSeconds: Number(after) });
    expect(asked).toHaveLength(times);
  });

  it.each<[body: string, given: Given]>([
    ["none of Graph's words", { json: { message: "slow down" } }],
    ["a page of a gateway", { headers: { "content-type": "text/html" }, text: "<html>" }],
    ["broken JSON", { text: "{" }],
    ["null", { json: null }],
    ["nothing", { text: "" }],
    ["an error of another form", { json: { error: "busy" } }],
  ])("is told with the time that it wants, whatever the body is: %s", async (_, given) => {
    const headers = { ...given.headers, "retry-after": "60" };
    const { client } = answering([{ ...given, status: 429, headers }]);
    expect(await outcome(client.get(READ))).toMatchObject({
      message: "Cannot read things: Microsoft Graph answered 429",
      code: "graph-throttled",
      retryAfterSeconds: 60,
    });
  });

  it("is repeated after a second or two where Graph does not say when", async () => {
    const waits = vi.spyOn(globalThis, "setTimeout");
    const { client, asked } = answering([{ status: 503, json: {} }]);
    await outcome(client.get(READ));
    expect(asked).toHaveLength(3);
    const seconds = waits.mock.calls
      .map(([, milliseconds]) => Number(milliseconds) / 1000)
      .filter((wait) => wait > 0.5);
    expect(seconds).toHaveLength(2);
    expect(seconds[0]).toBeGreaterThanOrEqual(1);
    expect(seconds[0]).toBeLessThanOrEqual(2);
  });

  it("is not repeated where it makes something anew each time", async () => {
    const { client, asked } = answering([busy(429)]);
    expect(await outcome(client.post({ ...READ, body: {}, once: true }))).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(1);
  });
});

describe("a request whose token Graph refuses", () => {
  /** A token that is another one once it is renewed. */
  const renewable = () => {
    let current = "old";
    return async (claims?: string) => {
      if (claims !== undefined) current = "new";
      return current;
    };
  };

  it("is repeated once with another one", async () => {
    const { client, asked } = answering([{ status: 401, json: {} }, { json: { id: 4 } }], renewable());
    expect(await outcome(client.get(READ))).toEqual({ id: 4 });
    expect(asked.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer old", "Bearer new"]);
  });

  it("is told where the other one is refused too, or there is none", async () => {
    const { client, asked } = answering([{ status: 401, json: {} }], renewable());
    expect(await outcome(client.get(READ))).toMatchObject({ status: 401, code: "graph-refused" });
    expect(asked).toHaveLength(2);
    const same = answering([{ status: 401, json: {} }]);
    expect(await outcome(same.client.get(READ))).toMatchObject({ status: 401 });
    expect(same.asked).toHaveLength(1);
  });
});

describe("what waits for Graph's replicas", () => {
  it("fails at once for another reason", async () => {
    const failure = new TypeError("broken");
    const { client } = answering([{}]);
    await expect(client.onceReplicated(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(await client.onceReplicated(async () => undefined)).toBeUndefined();
  });

  it("is told so after a minute", async () => {
    const pauses: number[] = [];
    const clock = { now: () => new Date(), wait: async (pause: number) => void pauses.push(pause) };
    const client: Graph = graph("https://graph.example", async () => "t", clock);
    const missing = new UpstreamError("x", { service: "Microsoft Graph", status: 404 });
    await expect(client.onceReplicated(() => Promise.reject(missing))).rejects.toMatchObject({
      code: "replication-pending",
      message: "Cannot continue yet: Microsoft Graph is still replicating a new object",
      retryAfterSeconds: 30,
    });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    pauses.length = 0;
    const spread: Graph = graph("https://graph.example", async () => "t", { ...clock, random: () => 1 });
    await expect(spread.onceReplicated(() => Promise.reject(missing))).rejects.toThrow("replicating");
    expect(pauses.slice(0, 2)).toEqual([800, 1_600]);
  });
});

describe("what Graph says of a failure", () => {
  const of = (status: number, message: string, code: string | null = null, headers?: Record<string, string>) =>
    Object.assign(new GraphError(status, message), { code, ...(headers && { headers: new Headers(headers) }) });

  it.each<[error: unknown, said: string, facts: object]>([
    [of(400, "no", "Bad"), 'answered 400 Bad "no"', { status: 400, serviceCode: "Bad", retryAfterSeconds: 0 }],
    [of(400, "", "Bad"), "answered 400 Bad", {}],
    [of(400, "no"), 'answered 400 "no"', { serviceCode: undefined }],
    [of(-1, "down", "TypeError"), "does not answer (down)", { status: 0, code: "graph-unreachable" }],
    [of(-1, "", "TypeError"), "does not answer (TypeError)", { status: 0 }],
    [of(429, "", null, { "retry-after": "7" }), "answered 429", { retryAfterSeconds: 7 }],
    [
      of(429, "", null, { "retry-after": "Mon, 03 Mar 2031 12:00:30 GMT", date: "Mon, 03 Mar 2031 12:00:00 GMT" }),
      "answered 429",
      { retryAfterSeconds: 30 },
    ],
    [of(429, "", null, {}), "answered 429", { retryAfterSeconds: 0 }],
    [
      of(400, "no", "Directory_ConcurrencyViolation"),
      'answered 400 Directory_ConcurrencyViolation "no"',
      { code: "graph-unavailable", transient: true },
    ],
    [new DOMException("late", "TimeoutError"), "does not answer (TimeoutError)", { status: 0, transient: true }],
    ["odd", "does not answer (no reason given)", { status: 0 }],
  ])("is told in its words: %#", (error, said, facts) => {
    expect(graphError("read things", error)).toMatchObject({
      service: "Microsoft Graph",
      message: `Cannot read things: Microsoft Graph ${said}`,
      cause: error,
      ...facts,
    });
  });

  it("shows no piece of an answer that cannot be read", () => {
    expect(graphError("read things", of(-1, "Unexpected token: secret", "SyntaxError")).message).not.toContain(
      "secret",
    );
  });

  it("is looked for whatever its case, in errors of a service alone", () => {
    const error = new UpstreamError("Something Already Exists", { service: "Microsoft Graph", status: 400 });
    expect(saysOneOf(error, ["other", "ALREADY exists"])).toBe(true);
    expect(saysOneOf(error, ["other"])).toBe(false);
    expect(saysOneOf(new Error("already exists"), ["already exists"])).toBe(false);
    expect(saysOneOf("x", ["stryker"])).toBe(false);
  });

  it("is the lag of its replicas where it says so", () => {
    const said = (status: number, message: string, serviceCode?: string) =>
      awaitsReplication(new UpstreamError(message, { service: "Microsoft Graph", status, serviceCode }));
    expect(said(404, "")).toBe(true);
    expect(said(409, "", "Directory_ConcurrencyViolation")).toBe(true);
    for (const words of [
      "Resource 'x' does not exist or one of its queried reference-property objects are not present.",
      "The permissions requested by the application are invalid or out of date",
      "Not a valid reference update",
    ])
      expect(said(400, words)).toBe(true);
    expect(said(400, "Invalid value")).toBe(false);
    expect(awaitsReplication(Object.assign(new Error("Not a valid reference update"), { status: 404 }))).toBe(false);
  });

  it("has the shape that we need, or is told by the action", () => {
    expect(shaped(z.object({ id: z.number() }), { id: 1, more: 2 }, "read things")).toEqual({ id: 1 });
    expect(() => shaped(z.object({ id: z.number() }), {}, "read things")).toThrow(
      expect.objectContaining({
        service: "Microsoft Graph",
        status: 200,
        message: "Cannot read things: Microsoft Graph answered something unexpected",
        cause: expect.any(z.ZodError),
      }),
    );
  });
});

it("odata() quotes a value", () => {
  expect(odata("a'b'c d/é")).toBe("'a''b''c%20d%2F%C3%A9'");
});
