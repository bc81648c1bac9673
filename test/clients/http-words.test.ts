import { afterEach, describe, expect, it, vi } from "vitest";
import { boundedFetch, request } from "../../shared/clients/http.ts";
import { MOST_BYTES } from "../../shared/limits.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
type Fetch = (url: string, how: RequestInit) => Promise<Response>;
const answering = (fetch: Fetch) => vi.stubGlobal("fetch", fetch);
const asking = (how = {}) =>
  request("OpenMetadata", "ask", { url: "https://om/path?secret=x", ...how }).catch((error: unknown) => error);

describe("a request", () => {
  it("is sent as told, asks for JSON, and is never led elsewhere", async () => {
    const sent: RequestInit[] = [];
    answering(async (_, how) => {
      sent.push(how);
      return Response.json({});
    });
    await asking();
    await asking({ method: "PUT", headers: { a: "b" }, body: "text" });
    expect(sent).toMatchObject([
      { method: "GET", headers: { accept: "application/json" }, redirect: "manual" },
      { method: "PUT", headers: { accept: "application/json", a: "b" }, body: "text" },
    ]);
    expect(sent[0]).not.toHaveProperty("body");
  });

  it("ends with what it belongs to", async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    answering(async (_, { signal }) => {
      signals.push(signal);
      return Response.json({});
    });
    const belongs = new AbortController();
    await asking({ signal: belongs.signal });
    belongs.abort();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
  });

  it.each<[what: string, failure: unknown, word: string]>([
    [
      "the system's word",
      Object.assign(new Error("x"), { cause: Object.assign(new Error("y"), { code: "ENOTFOUND" }) }),
      "ENOTFOUND",
    ],
    ["the cause's name", Object.assign(new Error("x"), { cause: new RangeError("y") }), "RangeError"],
    ["its name where a code is a number", new DOMException("late", "TimeoutError"), "TimeoutError"],
    ["its name", new TypeError("secret"), "TypeError"],
    ["nothing, where the cause is none", Object.assign(new Error("x"), { cause: "odd" }), "no reason given"],
    ["nothing", "odd", "no reason given"],
  ])("that nobody answers is told with %s", async (_, failure, word) => {
    answering(() => Promise.reject(failure));
    expect(await asking()).toMatchObject({
      service: "OpenMetadata",
      status: 0,
      message: `Cannot ask: OpenMetadata does not answer at https://om (${word})`,
      cause: failure,
    });
  });

  it.each([
    [299, { location: "/x" }],
    [400, { location: "/x" }],
    [399, {}],
  ])("is led nowhere by %i %j", async (status, headers) => {
    answering(async () => new Response("{}", { status, headers }));
    expect(await asking()).toMatchObject({ status });
  });
});

describe("the body of an answer", () => {
  const chunks = (...sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const size of sizes) controller.enqueue(new Uint8Array(size));
        controller.close();
      },
    });

  it("is read to its end up to a certain length, and not beyond", async () => {
    const half = MOST_BYTES / 2;
    answering(async () => new Response(chunks(half, half), { status: 201, statusText: "Made", headers: { a: "b" } }));
    const fits = await boundedFetch("https://om", undefined);
    expect([fits.status, fits.statusText, fits.headers.get("a")]).toEqual([201, "Made", "b"]);
    expect((await fits.arrayBuffer()).byteLength).toBe(MOST_BYTES);
    answering(async () => new Response(chunks(half, half, 1)));
    const tooLong = (await boundedFetch("https://om", undefined)).arrayBuffer();
    await expect(tooLong).rejects.toMatchObject({ name: "AnswerTooLarge", message: "The answer is too long" });
  });

  it("may be missing", async () => {
    const none = new Response(null, { status: 204 });
    answering(async () => none);
    expect(await boundedFetch("https://om", undefined)).toBe(none);
  });
});
