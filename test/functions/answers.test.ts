import functions, { type InvocationContext as Context, type HttpResponseInit } from "@azure/functions";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { NotYetError } from "../../shared/errors.ts";

type Handler = (request: InstanceType<typeof functions.HttpRequest>, context: Context) => Promise<HttpResponseInit>;

/** What the entries registered, and what those behind them answer. */
const scene = vi.hoisted(() => {
  Object.assign(process.env, {
    TENANT_ID: "11111111-1111-4111-8111-111111111111",
    KEY_VAULT_URL: "https://prod-kv.vault.azure.net",
    API_AUDIENCE: "22222222-2222-4222-8222-222222222222",
    DEPLOYMENTS: JSON.stringify(
      ["blue", "green", "red"].map((name) => ({ name, openMetadataUrl: `https://${name}.example.com` })),
    ),
  });
  return {
    handlers: new Map<string, { methods: string[]; handler: unknown }>(),
    steps: [] as { state: string }[],
    waitingFor: undefined as unknown,
    faults: [] as string[],
  };
});
const outcome = () => ({ steps: scene.steps, waitingFor: scene.waitingFor, summary: {}, result: undefined });

vi.mock("@azure/functions", async (load) => {
  const http = (name: string, how: { methods: string[]; handler: unknown }) => void scene.handlers.set(name, how);
  const { HttpRequest, InvocationContext } = await load<typeof functions>();
  return { default: { HttpRequest, InvocationContext }, app: { http } };
});
vi.mock("../../shared/world/guard.ts", async (load) => {
  const { guard } = await load<typeof import("../../shared/world/guard.ts")>();
  const verify = async (role: string) => ({ roles: [role], audience: "api", oid: "oid", appId: "app" });
  return {
    guard: {
      ...guard,
      callers: () => ({ verify, audience: "api" }),
      fleet: async () => ({ ...(await guard.fleet()), faults: scene.faults }),
    },
  };
});
vi.mock("../../shared/world/world.ts", () => ({ openWorld: () => ({ credentials: () => [], names: {} }) }));
vi.mock("../../shared/registration/provision.ts", () => ({ provision: async () => outcome() }));
vi.mock("../../shared/registration/grant.ts", () => ({ grant: async () => outcome() }));
vi.mock("../../shared/hygiene/harden.ts", async (load) => ({
  ...(await load<object>()),
  harden: async () => outcome(),
}));
vi.mock("../../shared/handlers/look.ts", () => ({
  look: async ({ name }: { name: string }) => ({ deployment: name, verdict: "healthy" }),
  lookAtEngine: async () => ({ timer: { silent: false }, queue: { messages: 0, poisoned: 0 } }),
}));

const ENTRIES = [
  "delete-default-admin",
  "describe-api",
  "grant-admin-consent",
  "provision-registrations",
  "rotate-client-secret",
  "show-configuration",
  "show-page",
  "show-status",
];

beforeAll(async () => {
  for (const name of ENTRIES) await import(`../../functions/${name}.ts`);
});
beforeEach(() => {
  Object.assign(scene, { steps: [], waitingFor: undefined, faults: [] });
});

/** Calls an entry in a role, which stands for its token. */
async function call(name: string, { role = "Automation.Run", body = {}, query = "", accept = "*/*" } = {}) {
  const { methods: [method = ""] = [], handler } = scene.handlers.get(name) ?? {};
  const request = new functions.HttpRequest({
    method,
    url: `https://app/api/x${query}`,
    headers: { authorization: `Bearer ${role}`, "content-length": "2", accept },
    ...(method === "POST" ? { body: { string: JSON.stringify({ deployment: "blue", ...body }) } } : {}),
  });
  const context: Context = new functions.InvocationContext({ functionName: name, logHandler: () => undefined });
  const answer = await (handler as Handler)(request, context);
  const headers = answer.headers as Record<string, string> | undefined;
  return { status: answer.status, headers, json: answer.jsonBody as Record<string, unknown> | undefined };
}

describe.each(ENTRIES)("%s", (name) => {
  const isRead = ["describe-api", "show-configuration", "show-page", "show-status"].includes(name);

  it(`is ${isRead ? "open" : "closed"} to whoever may only read`, async () => {
    expect((await call(name, { role: "Automation.Read" })).status === 403).toBe(!isRead);
  });

  it("is closed to whoever has no role of this API, and open to a runner", async () => {
    expect(await call(name, { role: "User.Read" })).toMatchObject({ status: 403 });
    expect((await call(name)).status).not.toBe(403);
  });

  it("refuses what has no effect", async () => {
    expect(await call(name, { query: "?dryrun=1" })).toMatchObject({ status: 400 });
  });
});

describe.each(["delete-default-admin", "grant-admin-consent", "provision-registrations"])("%s", (name) => {
  it("is 200 once every step is done, and 202 before", async () => {
    scene.steps = [{ state: "done" }, { state: "done" }];
    expect(await call(name)).toMatchObject({ status: 200, json: { converged: true, deployment: "blue" } });
    scene.steps = [{ state: "done" }, { state: "waiting" }];
    expect(await call(name)).toMatchObject({ status: 202, json: { converged: false } });
  });

  it("is 200 for a dry run, which has changed nothing", async () => {
    scene.steps = [{ state: "planned" }];
    expect(await call(name, { body: { dryRun: true } })).toMatchObject({ status: 200, json: { converged: false } });
  });
});

describe.each(["grant-admin-consent", "provision-registrations"])("%s that must wait", (name) => {
  it("says what for, and when to call again", async () => {
    scene.steps = name === "grant-admin-consent" ? [] : [{ state: "waiting" }];
    scene.waitingFor = new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 15 });
    expect(await call(name)).toMatchObject({
      status: 202,
      headers: { "retry-after": "15" },
      json: { converged: false, waitingFor: "not yet", code: "replication-pending" },
    });
  });
});

describe("status", () => {
  it("goes on where a page ends, until the last", async () => {
    const names = ({ json }: Awaited<ReturnType<typeof call>>) =>
      ((json?.deployments ?? []) as { deployment: string }[]).map(({ deployment }) => deployment);
    const first = await call("show-status", { query: "?limit=2" });
    expect([names(first), first.json?.next]).toEqual([["blue", "green"], "green"]);
    const last = await call("show-status", { query: "?limit=2&after=green" });
    expect([names(last), last.json?.next]).toEqual([["red"], undefined]);
  });

  it("is as bad as the app itself, though all deployments are well", async () => {
    expect((await call("show-status")).json).toMatchObject({ verdict: "healthy" });
    scene.faults = ["DEPLOYMENTS[3] must be an object"];
    expect((await call("show-status")).json).toMatchObject({ verdict: "failing", faults: scene.faults });
  });
});

describe("the page", () => {
  it("is refused in the words of the API to whoever asks for no page", async () => {
    const plain = await call("show-page", { role: "User.Read" });
    expect(plain.headers?.["content-type"]).toBe("application/problem+json");
    const page = await call("show-page", { role: "User.Read", accept: "text/html" });
    expect(page.headers?.["content-type"]).toBe("text/html; charset=utf-8");
  });
});
