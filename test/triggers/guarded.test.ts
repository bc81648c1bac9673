import functions, { type InvocationContext as Context } from "@azure/functions";
import { describe, expect, it } from "vitest";
import { NotYetError, StalledError, UpstreamError } from "../../shared/errors.ts";
import type { Permission, VerifyToken } from "../../shared/triggers/caller.ts";
import { type Call, type Door, guarded } from "../../shared/triggers/guarded.ts";

const { HttpRequest, InvocationContext } = functions;
const CALLER = { oid: "object-1", appId: "app-1" };

/** Lets in whoever brings one of these words for a token. */
const verify: VerifyToken = async (token) => {
  const roles: Record<string, string[]> = { runner: ["Automation.Run"], nobody: [] };
  return roles[token] && { roles: roles[token], audience: "api-1", ...CALLER };
};

/** One call, and the lines that it leaves in the log, with their level. */
async function call(
  handle: (call: Call<object, object>) => Promise<object>,
  {
    token = "runner",
    keys = false,
    told = () => {},
    door = "Automation.Run" as Permission | Door,
    headers = {} as Record<string, string>,
  } = {},
) {
  const lines: { level: string; line: Record<string, unknown>; text: string }[] = [];
  const context: Context = new InvocationContext({
    functionName: "rotate-client-secret",
    logHandler: (level, text) => void lines.push({ level, text: String(text), line: JSON.parse(String(text)) }),
  });
  const guard = {
    settings: () => {
      told();
      return {};
    },
    fleet: async () => {
      told();
      return { deployments: [], faults: [] };
    },
    callers: () => (keys ? undefined : { verify, audience: "api-1" }),
    now: () => new Date("2026-01-01T00:00:00Z"),
  };
  const request = new HttpRequest({
    method: "POST",
    url: "https://app/api/rotate?code=key",
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const answer = await guarded(guard, door, handle)(request, context);
  return { answer, lines };
}
const fails = (error: unknown) => () => Promise.reject(error);

describe("a refused call", () => {
  it.each<[what: string, status: number, level: string, code: string, error: unknown]>([
    ["4xx", 409, "warning", "bot-missing", new StalledError("bot-missing", "Cannot push", {})],
    ["503", 503, "error", "entra-unreachable", new UpstreamError("Cannot push", { service: "Entra", status: 0 })],
    ["500", 500, "error", "internal-error", new TypeError("Cannot push")],
  ])("of %s leaves one line with its code, its function and its caller", async (_, status, level, code, error) => {
    const { answer, lines } = await call(fails(error));
    expect(answer).toMatchObject({ status, jsonBody: { code } });
    expect(lines).toMatchObject([
      {
        level,
        line: {
          event: "refused",
          functionName: "rotate-client-secret",
          message: "Cannot push",
          status,
          code,
          caller: CALLER,
        },
      },
    ]);
  });

  it("says where our own code failed, and of no other failure", async () => {
    const { lines } = await call(fails(new TypeError("x")));
    expect(lines[0]?.line.stack).toContain("TypeError: x");
    expect((await call(fails(new StalledError("bot-missing", "x", {})))).lines[0]?.line).not.toHaveProperty("stack");
  });

  it.each([
    ["stranger", 401, "caller-unknown", undefined],
    ["nobody", 403, "caller-role-missing", CALLER],
  ])("of %s names the caller where it is known", async (token, status, code, caller) => {
    const { answer, lines } = await call(async () => ({}), { token });
    expect(answer.status).toBe(status);
    expect(lines.map(({ line }) => line)).toMatchObject([{ event: "refused", status, code }]);
    expect(lines[0]?.line.caller).toEqual(caller);
    expect(lines[0]?.text).not.toContain(token);
  });

  it.each(["stranger", "nobody"])("of a %s has read neither the settings nor the deployments", async (token) => {
    let times = 0;
    await call(async () => ({}), {
      token,
      told: () => {
        times += 1;
      },
    });
    expect(times).toBe(0);
  });

  it("through a door of its own is answered as the door says, and let in by the token that it looks for", async () => {
    const door: Door = {
      needs: "Automation.Run",
      authorizationOf: ({ headers }) => headers.get("x-token"),
      refuse: async (error) => ({ status: 403, body: (error as { code: string }).code }),
    };
    expect((await call(async () => ({}), { door })).answer).toEqual({ status: 403, body: "caller-unknown" });
    const headers = { "x-token": "Bearer runner" };
    expect((await call(async () => ({ status: 200 }), { door, headers })).answer).toEqual({ status: 200 });
  });

  it("with something else than an error leaves a line all the same", async () => {
    const { answer, lines } = await call(() => Promise.reject("s3cret"));
    expect([answer.status, lines.map(({ line }) => line.message)]).toEqual([500, ["not an Error"]]);
  });

  it("says to the unknown how to get a token for this API", async () => {
    const { answer } = await call(async () => ({}), { token: "stranger" });
    expect(answer).toMatchObject({
      headers: { "www-authenticate": "Bearer" },
      jsonBody: { hint: "Get a token with:\naz account get-access-token --scope 'api://api-1/.default'" },
    });
  });

  it("cannot forge a line, nor repeat a token or endless text", async () => {
    const sent = `x\r\n{"event":"asked"}\u2028\u0085 eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln ${"y".repeat(5000)}`;
    const { lines } = await call(fails(new StalledError("bot-missing", sent, {})));
    const [{ text = "" } = {}] = lines;
    expect(lines).toHaveLength(1);
    expect(text).not.toMatch(/[\r\n\u2028\u0085]/);
    expect(text).not.toContain("eyJ");
    expect(text.length).toBeLessThan(1_500);
    expect(lines[0]?.line.event).toBe("refused");
  });
});

describe("a call that is let in", () => {
  it("writes who asks for what before it is done", async () => {
    const { lines } = await call(async ({ asked }) => {
      asked({ deployment: "blue", credential: "bot-token", because: 'a leak"\n', dryRun: false });
      return { status: 200 };
    });
    expect(lines).toMatchObject([
      {
        level: "information",
        line: {
          event: "asked",
          functionName: "rotate-client-secret",
          message: "POST /api/rotate",
          deployment: "blue",
          credential: "bot-token",
          because: 'a leak"\n',
          dryRun: false,
          caller: CALLER,
        },
      },
    ]);
    expect(lines[0]?.text).not.toContain("\n");
  });

  it("names nobody where function keys guard, and never the key", async () => {
    const { answer, lines } = await call(
      async ({ asked }) => {
        asked({ deployment: "blue" });
        return { status: 200 };
      },
      { keys: true },
    );
    expect(answer).toEqual({ status: 200 });
    expect(lines[0]?.line).not.toHaveProperty("caller");
    expect(lines[0]?.text).not.toContain("key");
  });

  it("leaves no line of its own where it only looks, or must wait", async () => {
    expect((await call(async () => ({ status: 200 }))).lines).toEqual([]);
    const { answer, lines } = await call(
      fails(new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 5 })),
    );
    expect([answer.status, lines]).toEqual([202, []]);
  });
});
