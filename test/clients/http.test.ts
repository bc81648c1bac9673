import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { signIn } from "../../shared/clients/entra/sign-in.ts";
import { graph } from "../../shared/clients/graph/graph.ts";
import { listAll } from "../../shared/clients/graph/pages.ts";
import { request } from "../../shared/clients/http.ts";
import { bots } from "../../shared/clients/open-metadata/bots.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { securityConfiguration } from "../../shared/clients/open-metadata/security-configuration.ts";
import { answering, type GivenAnswer } from "./answering.ts";

afterEach(() => vi.restoreAllMocks());
const failure = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    (answer) => Promise.reject(new Error(`answered ${JSON.stringify(answer)}`)),
    (error: Error) => error,
  );
const clock = { now: () => new Date(), wait: async () => undefined };

describe("a redirect to another host", () => {
  it.each([301, 302, 303, 307, 308])("is never followed, and nothing goes there: %i", async (status) => {
    const elsewhere = await answering(() => ({ json: { access_token: "x.y.z", value: [] } }));
    const { url } = await answering(() => ({ status, headers: { location: `${elsewhere.url}/log-in?for=me` } }));
    const calls = [
      signIn(url)({ clientId: "id", clientSecret: "the-secret", scope: "s" }),
      openMetadataCalls(url, async () => "token").call("ask", "/v1/x", { answer: z.unknown() }),
    ];
    for (const call of calls) {
      const error = await failure(call);
      expect(error).toMatchObject({ name: "StalledError", code: "address-redirects" });
      expect(error.message).toMatch(new RegExp(`redirects to ${elsewhere.url}$`));
    }
    await failure(graph(url, async () => "token", clock).get({ action: "read", path: "/applications" }));
    await failure(graph(url, async () => "token", clock).post({ action: "make", path: "/applications", body: {} }));
    expect(elsewhere.asked).toEqual([]);
  });

  it("to the same host is told without its address, which may hold what was asked for", async () => {
    const { url } = await answering(() => ({ status: 302, headers: { location: "/log-in?for=secret" } }));
    expect((await failure(request("OpenMetadata", "ask", { url: `${url}/here` }))).message).toBe(
      `Cannot ask: OpenMetadata at ${url} redirects to another page there`,
    );
  });

  it("that leads nowhere is told so", async () => {
    const { url } = await answering(() => ({ status: 302, headers: { location: "https://" } }));
    expect((await failure(request("OpenMetadata", "ask", { url }))).message).toMatch(
      /redirects to an invalid address$/,
    );
  });

  it("without an address is an answer like any other", async () => {
    const { url } = await answering(() => ({ status: 304, headers: {} }));
    expect(await request("OpenMetadata", "ask", { url })).toMatchObject({ status: 304, json: undefined });
  });
});

describe("an answer", () => {
  const answered = async (given: GivenAnswer) => request("OpenMetadata", "ask", await answering(() => given));

  it("is told with its status, its body and the name of its state", async () => {
    expect(await answered({ status: 201, headers: { etag: '"one"' }, json: { a: 1 } })).toEqual({
      status: 201,
      json: { a: 1 },
      retryAfterSeconds: 0,
      etag: '"one"',
    });
    expect(await answered({ json: {} })).not.toHaveProperty("etag");
  });

  it.each([
    ["7", "", 7],
    ["0", "", 0],
    ["-5", "", 0],
    ["soon", "", 0],
    ["86400", "", 3600],
    ["Tue, 03 Mar 2026 12:00:30 GMT", "Tue, 03 Mar 2026 12:00:00 GMT", 30],
    ["Tue, 03 Mar 2026 12:00:00 GMT", "Tue, 03 Mar 2026 12:00:30 GMT", 0],
    ["Tue, 03 Mar 2026 18:00:00 GMT", "Tue, 03 Mar 2026 12:00:00 GMT", 3600],
  ])("that asks to be left alone until %j, at %j, is for %i seconds", async (after, date, seconds) => {
    const headers = { "retry-after": after, ...(date ? { date } : {}) };
    expect((await answered({ status: 503, headers })).retryAfterSeconds).toBe(seconds);
  });

  it("that does not come is told by the system's word, at the origin alone", async () => {
    const error = await failure(request("Entra", "sign in", { url: "http://127.0.0.1:1/token?secret=x" }));
    expect(error).toMatchObject({ status: 0, transient: true });
    expect(error.message).toMatch(/^Cannot sign in: Entra does not answer at http:\/\/127\.0\.0\.1:1 \([A-Za-z_]+\)$/);
  });
});

describe("an answer that never comes", () => {
  /** A server that never answers; the time limits of its caller, of which all, or those of so long, run out once it is asked. */
  async function silent(of?: number) {
    const limits: { milliseconds: number; runOut: AbortController }[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
      const runOut = new AbortController();
      limits.push({ milliseconds, runOut });
      return runOut.signal;
    });
    const { url } = await answering(() => {
      for (const { milliseconds, runOut } of limits) {
        if (milliseconds === (of ?? milliseconds)) runOut.abort(new DOMException("too late", "TimeoutError"));
      }
      return { silent: true };
    });
    return { url, limits: () => limits.map(({ milliseconds }) => milliseconds) };
  }

  it.each([
    [undefined, 10_000],
    [15_000, 15_000],
  ])("is waited for as long as the caller says, ten seconds otherwise: %s", async (given, limit) => {
    const { url, limits } = await silent();
    const timeoutMilliseconds = given === undefined ? {} : { timeoutMilliseconds: given };
    const error = await failure(request("Entra", "sign in", { url, ...timeoutMilliseconds }));
    expect(error).toMatchObject({ status: 0, transient: true, message: expect.stringContaining("(TimeoutError)") });
    expect(limits()).toEqual([limit]);
  });

  it("of Graph is waited for fifteen seconds, all repetitions included", async () => {
    const { url, limits } = await silent();
    const error = await failure(graph(url, async () => "token", clock).get({ action: "read", path: "/applications" }));
    expect(error).toMatchObject({ status: 0, transient: true });
    expect(limits()).toEqual([15_000]);
  });

  it("ends a list of Graph's, however many pages have come: it has a minute", async () => {
    const { url, limits } = await silent(60_000);
    const own = graph(url, async () => "token", clock);
    const list = listAll(own, { action: "list", path: "/applications" }, z.unknown());
    expect(await failure(list)).toMatchObject({ service: "Microsoft Graph", status: 0, transient: true });
    expect(limits()).toEqual([60_000, 15_000]);
  });

  it("ends a list, however many pages have come: it has a minute", async () => {
    const { url, limits } = await silent(60_000);
    const list = openMetadataCalls(url, async () => "token").list("list", "/v1/x?limit=1", z.unknown());
    expect(await failure(list)).toMatchObject({ status: 0 });
    expect(limits()).toEqual([60_000, 10_000]);
  });
});

describe("what a service says", () => {
  /** Has no form by which anybody could tell. */
  const SECRET = "an-ordinary-value-that-nobody-may-see";
  const saying = async (text: string, status = 500) =>
    (await answering(() => ({ status, json: { code: status, message: text } }))).url;

  it("is told without the token that it was sent", async () => {
    const token = "opaque-token-that-looks-like-nothing";
    const calls = openMetadataCalls(await saying(`no good: ${token}`), async () => token);
    const { message } = await failure(calls.call("ask", "/v1/x", { answer: z.unknown() }));
    expect(message).toContain("no good");
    expect(message).not.toContain(token);
  });

  it("is told without the client secret that a bot was given", async () => {
    const calls = openMetadataCalls(await saying(`no good: ${SECRET}`), async () => "token");
    const sso = { clientId: "id", clientSecret: SECRET, authority: "https://login", scopes: [] };
    const user = { name: "n", email: "e", botName: "b", displayName: "d", roles: [], sso };
    const { message } = await failure(bots(calls).putBotUser(user));
    expect(message).toContain("no good");
    expect(message).not.toContain(SECRET);
  });

  it.each([
    [409, undefined],
    [500, undefined],
    [400, [{ field: SECRET, error: `no good: ${SECRET}` }]],
  ])("is told without the client secret that the server was given: %i", async (status, errors) => {
    const json = errors ? { errors } : { code: status, message: `no good: ${SECRET}` };
    const { url } = await answering(() => ({ status, json }));
    const told = await securityConfiguration(openMetadataCalls(url, async () => "token"))
      .replaceSecret(SECRET, { namesProvider: false })
      .then(JSON.stringify, String);
    expect(told).toContain("no good");
    expect(told).not.toContain(SECRET);
  });
});
