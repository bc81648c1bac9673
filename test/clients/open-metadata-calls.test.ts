import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { botTokens } from "../../shared/clients/open-metadata/bot-tokens.ts";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { pipelines } from "../../shared/clients/open-metadata/pipelines.ts";
import { securityConfiguration } from "../../shared/clients/open-metadata/security-configuration.ts";
import { DAY, MOST_PAGES } from "../../shared/limits.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

interface Given {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}
/** A server in memory, which gives these answers in turn and the last one for good; what it was asked. */
function server(answers: (Given | Error)[], token: (refused?: string) => Promise<string> = async () => "own-token") {
  const asked: { line: string; headers: Record<string, string>; body: unknown; signal: AbortSignal }[] = [];
  vi.stubGlobal("fetch", async (url: string, { method, headers, body, signal }: RequestInit) => {
    const sent = typeof body === "string" ? JSON.parse(body) : body;
    asked.push({ line: `${method} ${url}`, headers: headers as never, body: sent, signal: signal as AbortSignal });
    const given = answers[Math.min(asked.length, answers.length) - 1] ?? {};
    if (given instanceof Error) throw given;
    const { status = 200, json, text, headers: more = {} } = given;
    const none = status === 204 || status === 304;
    return new Response(none ? null : (text ?? JSON.stringify(json ?? {})), { status, headers: more });
  });
  const calls = openMetadataCalls("https://om", token);
  return { calls, asked, lines: () => asked.map(({ line }) => line) };
}
const anything = { answer: z.unknown() };
const failing = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error.message,
  );

describe("a call to OpenMetadata", () => {
  it("is a GET with our token, and brings a body as JSON or as what it is", async () => {
    const { calls, asked } = server([{ json: { a: 1 } }]);
    expect(await calls.call("ask", "/v1/x", { answer: z.object({ a: z.number() }) })).toEqual({ a: 1 });
    await calls.send("ask", "/v1/x", { method: "PUT", body: { b: 2 } });
    await calls.send("ask", "/v1/x", { method: "PATCH", body: [], contentType: "application/json-patch+json" });
    expect(asked).toMatchObject([
      { line: "GET https://om/api/v1/x", headers: { authorization: "Bearer own-token" }, body: undefined },
      { line: "PUT https://om/api/v1/x", headers: { "content-type": "application/json" }, body: { b: 2 } },
      { line: "PATCH https://om/api/v1/x", headers: { "content-type": "application/json-patch+json" }, body: [] },
    ]);
    expect(asked[0]?.headers).not.toHaveProperty("content-type");
  });

  it("goes with another token where one is given, and with none where anybody is told", async () => {
    const token = vi.fn(async () => "own-token");
    const { calls, asked } = server([{ status: 401 }], token);
    expect(await calls.send("ask", "/v1/x", { token: "another" })).toMatchObject({ status: 401 });
    expect(await calls.send("ask", "/v1/x", { anonymous: true })).toMatchObject({ status: 401 });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer another", undefined]);
    expect(token).not.toHaveBeenCalled();
  });

  it("whose token is refused is repeated once, with another one", async () => {
    const token = vi.fn(async (refused?: string) => (refused === undefined ? "old" : `not-${refused}`));
    const { calls, asked } = server([{ status: 401 }], token);
    expect(await calls.send("ask", "/v1/x")).toMatchObject({ status: 401 });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer not-old"]);
    const fine = server([{ status: 403 }], token);
    await fine.calls.send("ask", "/v1/x");
    expect(fine.asked).toHaveLength(1);
  });

  it.each([
    ["it is the same", async () => "old"],
    ["none comes", async (refused?: string) => (refused ? Promise.reject(new Error("none")) : "old")],
  ])("is not repeated with another token where %s", async (_, token) => {
    const { calls, asked } = server([{ status: 401 }], token);
    expect(await calls.send("ask", "/v1/x")).toMatchObject({ status: 401 });
    expect(asked).toHaveLength(1);
  });

  it("ends after the time that it is given, ten seconds otherwise, and with what it belongs to", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const { calls, asked } = server([{}]);
    const belongs = new AbortController();
    await calls.send("ask", "/v1/x");
    await calls.send("ask", "/v1/x", { timeoutMilliseconds: 24_000, signal: belongs.signal });
    expect(timeout.mock.calls).toEqual([[10_000], [24_000]]);
    belongs.abort();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  });

  it.each<[given: Given, said: string]>([
    [{ status: 500, json: { message: "out of order" } }, 'OpenMetadata answered 500 "out of order"'],
    [{ status: 500, json: {} }, "OpenMetadata answered 500"],
    [{ status: 304 }, "OpenMetadata answered 304"],
    [{ status: 200, json: {} }, "OpenMetadata answered 200 with something unexpected"],
    [
      { status: 299, text: "<html>" },
      "OpenMetadata answered 299 with something that is not JSON (is there a proxy or a login page in between?)",
    ],
  ])("that fails is told with what is known of it: %j", async (given, said) => {
    const { calls } = server([given]);
    const asked = calls.call("ask", "/v1/x", { answer: z.object({ a: z.number() }) });
    expect(await failing(asked)).toBe(`Cannot ask: ${said}`);
  });

  it("tells how long the server wants to be left alone", async () => {
    const { calls } = server([{ status: 503, headers: { "retry-after": "7" } }]);
    await expect(calls.call("ask", "/v1/x", anything)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 7 });
  });

  it("repeats nothing of what it sent, nor of what it was told to hide", async () => {
    const said = "own-token-of-ours, hidden-value, given-token";
    const { calls } = server([{ status: 500, json: { message: said } }], async () => "own-token-of-ours");
    calls.hide("hidden-value");
    await calls.send("ask", "/v1/x", { token: "given-token" });
    const message = await failing(calls.call("ask", "/v1/x", anything));
    for (const hidden of ["own-token-of-ours", "hidden-value", "given-token"]) expect(message).not.toContain(hidden);
    expect(calls.quote("hidden-value {x} stays")).toBe("************ {…} stays");
  });

  it("for what may not be there finds nothing where the server says 404", async () => {
    expect(await server([{ status: 404 }]).calls.find("ask", "/v1/x", z.unknown())).toBeUndefined();
    expect(await server([{ json: { a: 1 } }]).calls.find("ask", "/v1/x", z.unknown())).toEqual({ a: 1 });
    await expect(server([{ status: 500 }]).calls.find("ask", "/v1/x", z.unknown())).rejects.toThrow("Cannot ask");
  });

  it("for what anybody is told goes one level higher where the release is old", async () => {
    const old = server([{ status: 404 }, { json: { a: 1 } }]);
    expect(await old.calls.system("ask", "version", z.unknown())).toEqual({ a: 1 });
    expect(old.lines()).toEqual(["GET https://om/api/v1/system/version", "GET https://om/api/v1/version"]);
    expect(old.asked.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    const recent = server([{ status: 500 }]);
    await expect(recent.calls.system("ask", "version", z.unknown())).rejects.toThrow("Cannot ask");
    expect(recent.lines()).toHaveLength(1);
  });
});

describe("a list of OpenMetadata", () => {
  const page = (data: number[], after?: string | null) => ({ json: { data, paging: { after } } });

  it("is read to its end, from cursor to cursor", async () => {
    const { calls, lines } = server([page([1], "a&b"), page([2], "c"), page([3], null)]);
    expect(await calls.list("list", "/v1/x?limit=1", z.number())).toEqual([1, 2, 3]);
    expect(lines()).toEqual([
      "GET https://om/api/v1/x?limit=1",
      "GET https://om/api/v1/x?limit=1&after=a%26b",
      "GET https://om/api/v1/x?limit=1&after=c",
    ]);
    expect(await server([{ json: { data: [1] } }]).calls.list("list", "/v1/x?", z.number())).toEqual([1]);
  });

  it("that comes back to a cursor is given up", async () => {
    const { calls, asked } = server([page([1], "a"), page([2], "b"), page([3], "a")]);
    await expect(calls.list("list things", "/v1/x?", z.number())).rejects.toMatchObject({
      service: "OpenMetadata",
      status: 200,
      message: "Cannot list things: OpenMetadata keeps returning more pages",
    });
    expect(asked).toHaveLength(3);
  });

  it("that does not end is given up after so many pages", async () => {
    const { calls, asked } = server(Array.from({ length: MOST_PAGES + 5 }, (_, place) => page([1], `c${place}`)));
    await expect(calls.list("list", "/v1/x?", z.number())).rejects.toThrow("keeps returning more pages");
    expect(asked).toHaveLength(MOST_PAGES + 1);
  });
});

describe("ingestion pipelines", () => {
  const PATH = "https://om/api/v1/services/ingestionPipelines";
  const NOW = new Date("2031-03-03T12:00:00Z");
  const ago = (milliseconds: number) => NOW.getTime() - milliseconds;
  const wanted = [
    { id: "1", name: "one", deployed: true },
    { id: "2", name: "two", deployed: true },
  ];

  it.each<[what: string, statuses: unknown, running: boolean]>([
    ["runs", { pipelineState: "running", startDate: ago(1) }, true],
    ["is queued", { pipelineState: "queued", timestamp: ago(1) }, true],
    ["runs, since nobody knows when", { pipelineState: "running" }, true],
    ["runs beside one that has ended", [{ pipelineState: "success" }, { pipelineState: "running" }], true],
    ["has run for a day, and is lost", { pipelineState: "running", startDate: ago(DAY) }, false],
    ["has run for almost a day", { pipelineState: "running", startDate: ago(DAY - 1), timestamp: ago(DAY) }, true],
    ["has ended", { pipelineState: "success", startDate: ago(1) }, false],
    ["tells no state", { startDate: ago(1) }, false],
    ["has never run", [], false],
    ["tells of no execution", null, false],
  ])("are told as running where one %s", async (_, pipelineStatuses, runs) => {
    const { calls, lines } = server([
      {
        json: {
          data: [
            { name: "one", deployed: true, pipelineStatuses },
            { name: "never", deployed: false, pipelineStatuses: { pipelineState: "running" } },
          ],
        },
      },
    ]);
    expect(await pipelines(calls).running(NOW)).toEqual({ running: runs ? ["one"] : [], deployed: 1 });
    expect(lines()).toEqual([`GET ${PATH}?fields=pipelineStatuses&limit=100`]);
  });

  it("are listed a hundred at a time", async () => {
    const { calls, lines } = server([{ json: { data: [{ id: "1", name: "one" }] } }]);
    expect(await pipelines(calls).pipelines()).toEqual([{ id: "1", name: "one", deployed: false }]);
    expect(lines()).toEqual([`GET ${PATH}?limit=100`]);
    const broken = pipelines(server([{ status: 500 }]).calls);
    expect(await failing(broken.pipelines())).toContain("Cannot list the ingestion pipelines");
    expect(await failing(broken.running(NOW))).toContain("Cannot list the running pipelines");
  });

  it("that are none are not deployed", async () => {
    const { calls, asked } = server([{}]);
    expect(await pipelines(calls).deploy([], 1_000)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("are deployed together, and each is told for itself", async () => {
    const { calls, asked } = server([{ json: [{ code: 200, reason: "done" }] }]);
    expect(await pipelines(calls).deploy(wanted, 1_000)).toEqual([
      { pipeline: "one", ok: true, reason: "done" },
      { pipeline: "two", ok: false, reason: "OpenMetadata returned no result for it" },
    ]);
    expect(asked).toMatchObject([{ line: `POST ${PATH}/bulk/deploy`, body: ["1", "2"] }]);
  });

  it.each([
    [{ code: 200 }, true, ""],
    [{ code: 201 }, false, ""],
    [{ code: 200, reason: "Pipeline Client Disabled" }, false, "Pipeline Client Disabled"],
  ])("are deployed together or not, as the server says: %j", async (answer, ok, reason) => {
    const { calls } = server([{ json: [answer] }]);
    expect(await pipelines(calls).deploy(wanted.slice(0, 1), 1_000)).toEqual([{ pipeline: "one", ok, reason }]);
  });

  it.each([404, 405])("are deployed one by one where the release knows no other way: %i", async (status) => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const { calls, asked } = server([{ status }, { json: { code: 200, reason: "fine" } }, { json: { id: "2" } }]);
    expect(await pipelines(calls).deploy(wanted, 1_234)).toEqual([
      { pipeline: "one", ok: true, reason: "fine" },
      { pipeline: "two", ok: true, reason: "" },
    ]);
    expect(asked.map(({ line }) => line).slice(1)).toEqual([`POST ${PATH}/deploy/1`, `POST ${PATH}/deploy/2`]);
    expect(timeout.mock.calls.map(([limit]) => limit)).toEqual([1_234, 1_234, 1_234, 1_234]);
  });

  it.each<[given: Given, ok: boolean, reason: string]>([
    [{ status: 500, json: { message: "busy" } }, false, "busy"],
    [{ status: 500, json: { code: 200 } }, false, ""],
    [{ json: { code: 500, reason: "no" } }, false, "no"],
    [{ json: { code: 200, reason: "Pipeline Client Disabled" } }, false, "Pipeline Client Disabled"],
    [{ json: { deployed: false } }, false, ""],
    [{ json: { deployed: true } }, true, ""],
    [{ text: "ok" }, true, ""],
  ])("are deployed one by one or not, as the server says: %j", async (given, ok, reason) => {
    const { calls } = server([{ status: 404 }, given]);
    expect(await pipelines(calls).deploy(wanted.slice(0, 1), 1_000)).toEqual([{ pipeline: "one", ok, reason }]);
  });

  it("of which one cannot be deployed are left to the next call, or fail where it is the first", async () => {
    const gone = new TypeError("gone");
    const later = server([{ status: 404 }, { json: {} }, gone]);
    expect(await pipelines(later.calls).deploy(wanted, 1_000)).toMatchObject([{ pipeline: "one" }]);
    const first = server([{ status: 404 }, gone]);
    expect(await failing(pipelines(first.calls).deploy(wanted, 1_000))).toContain(
      "Cannot deploy the ingestion pipelines",
    );
  });
});

it.each<[given: Given, said: string]>([
  [{ status: 500 }, "OpenMetadata answered 500"],
  [{ json: { authType: "JWT" } }, "OpenMetadata hides the token from the app"],
])("a bot's token that cannot be read is told so: %j", async (given, said) => {
  const message = `Cannot read the bot's authentication mechanism: ${said}`;
  expect(await failing(botTokens(server([given]).calls).held("7"))).toBe(message);
});

describe("the security configuration", () => {
  const PATH = "https://om/api/v1/system/security/config";
  const replace = (given: Given, namesProvider = false) => {
    const { calls, asked } = server([given]);
    return { outcome: securityConfiguration(calls).replaceSecret("new-secret-value", { namesProvider }), asked };
  };

  it("gets its secret by a patch, with the name of the provider where that is missing", async () => {
    const secret = {
      op: "replace",
      path: "/authenticationConfiguration/oidcConfiguration/secret",
      value: "new-secret-value",
    };
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const { outcome, asked } = replace({ json: {} });
    expect(await outcome).toEqual({ kind: "accepted" });
    const name = { op: "add", path: "/authenticationConfiguration/providerName", value: "azure" };
    const named = replace({ status: 204 }, true);
    expect(await named.outcome).toEqual({ kind: "accepted" });
    expect([...asked, ...named.asked]).toMatchObject([
      { line: `PATCH ${PATH}`, headers: { "content-type": "application/json-patch+json" }, body: [secret] },
      { body: [name, secret] },
    ]);
    expect(timeout.mock.calls).toEqual([[15_000], [15_000]]);
  });

  it.each<[given: Given, said: string]>([
    [{ status: 200, text: "<html>" }, "OpenMetadata answered 200 with something that is not JSON (is there a proxy"],
    [{ status: 201, json: {} }, "OpenMetadata answered 201"],
    [{ status: 500, json: { message: "no new-secret-value" } }, 'OpenMetadata answered 500 "no ****************"'],
    [{ status: 400, json: { errors: [] } }, "OpenMetadata answered 400"],
    [{ status: 500, json: { errors: [{ field: "f", error: "e" }] } }, "OpenMetadata answered 500"],
    [
      { status: 400, json: { errors: Array.from({ length: 21 }, () => ({ field: "f", error: "e" })) } },
      "OpenMetadata answered 400",
    ],
  ])("that does not take it is told so: %j", async (given, said) => {
    expect(await failing(replace(given).outcome)).toContain(`Cannot give the server its new client secret: ${said}`);
  });

  it("tells why it does not take it, without the secret", async () => {
    const errors = [{ field: "f", error: "no new-secret-value" }];
    expect(await replace({ status: 400, json: { errors } }).outcome).toEqual({
      kind: "refused",
      errors: [{ field: "f", error: "no ****************" }],
    });
    const twenty = Array.from({ length: 20 }, () => ({ field: "f", error: "e" }));
    expect(await replace({ status: 400, json: { errors: twenty } }).outcome).toMatchObject({ kind: "refused" });
    expect(await replace({ status: 409, json: { message: "by the environment" } }).outcome).toEqual({
      kind: "owned-by-environment",
      message: "by the environment",
    });
    expect(await replace({ status: 409, json: {} }).outcome).toMatchObject({ message: "" });
  });

  it("holds a secret, or another one, or none", async () => {
    const holds = (oidcConfiguration: unknown) =>
      securityConfiguration(server([{ json: { authenticationConfiguration: { oidcConfiguration } } }]).calls).holds(
        "s",
      );
    expect([await holds({ secret: "s" }), await holds({ secret: "t" }), await holds({}), await holds(null)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    const broken = securityConfiguration(server([{ status: 500 }]).calls);
    expect(await failing(broken.holds("s"))).toContain("Cannot read the client secret back");
    expect(await failing(broken.read())).toContain("Cannot read the security configuration");
  });

  it.each([
    ["***", false],
    ["fernet:x", false],
    ["secret:/x", false],
    ["", false],
    [undefined, false],
    ["shown", true],
    ["***x", true],
    ["x***", true],
    ["x fernet:", true],
    ["x secret:", true],
  ])("shows a secret or hides it: %j", async (secret, showsSecret) => {
    const configuration = { authenticationConfiguration: { oidcConfiguration: { secret } } };
    const read = await securityConfiguration(server([{ json: configuration }]).calls).read();
    expect(read.oidc).toEqual({ showsSecret });
  });

  it("tells all that it is asked for, the administrators of both lists", async () => {
    const people = { provider: "azure", providerName: "n", clientType: "public", authority: "a", clientId: "c" };
    const oidc = { id: "i", tenant: "t", discoveryUri: "d", scope: "s" };
    const json = {
      authenticationConfiguration: { ...people, publicKeyUrls: ["k"], oidcConfiguration: oidc },
      authorizerConfiguration: { adminPrincipals: ["p"], adminEmails: ["e"], enforcePrincipalDomain: false },
    };
    const { id: clientId, ...rest } = oidc;
    expect(await securityConfiguration(server([{ json }]).calls).read()).toEqual({
      ...people,
      publicKeyUrls: ["k"],
      adminPrincipals: ["p", "e"],
      enforcePrincipalDomain: false,
      oidc: { clientId, ...rest, showsSecret: false },
    });
  });
});
