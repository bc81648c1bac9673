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
    /** What the work behind an entry was given, and by what it was done. */
    given: [] as unknown[],
    looked: [] as unknown[],
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
const noting = async (...given: unknown[]) => {
  scene.given = given;
  return outcome();
};
vi.mock("../../shared/world/world.ts", () => ({
  openWorld: ({ name }: { name: string }) => ({
    credentials: () => [],
    names: { server: `server of ${name}` },
    authority: "the authority",
    provisioning: `provisioning of ${name}`,
    hygiene: `hygiene of ${name}`,
    of: name,
  }),
}));
vi.mock("../../shared/registration/provision.ts", () => ({ provision: noting }));
vi.mock("../../shared/registration/grant.ts", () => ({ grant: noting }));
vi.mock("../../shared/configuration/observe.ts", () => ({
  observe: async (...given: unknown[]) => void scene.looked.push(given),
}));
vi.mock("../../shared/configuration/desired.ts", () => ({ desiredConfiguration: () => "desired" }));
vi.mock("../../shared/configuration/render.ts", async (load) => ({
  ...(await load<object>()),
  render: (...given: unknown[]) => {
    scene.given = given;
    return { text: "the text", contentType: "text/yaml" };
  },
}));
vi.mock("../../shared/hygiene/harden.ts", async (load) => ({
  ...(await load<object>()),
  harden: noting,
}));
vi.mock("../../shared/handlers/look.ts", () => ({
  look: async ({ name }: { name: string }, { history }: { history: boolean }) => {
    scene.looked.push([name, history]);
    return { deployment: name, verdict: "healthy" };
  },
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
  // Otherwise the first call would load what is behind it, and only the first test would seem to concern that.
  for (const name of ENTRIES) await import(`../../shared/handlers/${name}.ts`);
  await import("../../shared/handlers/guarded-page.ts");
});
beforeEach(() => {
  Object.assign(scene, { steps: [], waitingFor: undefined, faults: [], given: [], looked: [] });
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
  const lines: Record<string, unknown>[] = [];
  const logHandler = (_: string, text: unknown) => void lines.push(JSON.parse(String(text)));
  const context: Context = new functions.InvocationContext({ functionName: name, logHandler });
  const answer = await (handler as Handler)(request, context);
  const headers = answer.headers as Record<string, string> | undefined;
  const json = answer.jsonBody as Record<string, unknown> | undefined;
  return { status: answer.status, headers, body: answer.body, json, lines };
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

describe("what is asked for", () => {
  it.each([
    ["delete-default-admin", ["hygiene of blue", { dryRun: true }]],
    [
      "grant-admin-consent",
      [
        { of: "blue" },
        {
          deployment: "blue",
          names: { server: "server of blue" },
          authority: "the authority",
          graphUrl: "https://graph.microsoft.com",
          dryRun: true,
        },
      ],
    ],
    [
      "provision-registrations",
      [
        "provisioning of blue",
        {
          intent: { name: "blue", tenantId: "11111111-1111-4111-8111-111111111111" },
          server: "server of blue",
          authority: "the authority",
          dryRun: true,
        },
      ],
    ],
  ])("of %s is done to the deployment that is meant, and written down first", async (name, given) => {
    const { lines } = await call(name, { body: { dryRun: true } });
    expect(scene.given).toMatchObject(given);
    expect(lines).toMatchObject([{ event: "asked", deployment: "blue", dryRun: true }]);
  });
});

describe("the configuration", () => {
  it("is that of all deployments, by the release that each runs, unless one is named or a release", async () => {
    const asked = async (query: string) => {
      scene.looked = [];
      const { status, headers, body } = await call("show-configuration", { query: `?format=docker${query}` });
      const seen = scene.looked as [{ of: string }, { version?: string }][];
      return {
        status,
        type: headers?.["content-type"],
        body,
        seen: seen.map(([{ of }, { version }]) => [of, version]),
      };
    };
    const all = ["blue", "green", "red"].map((name) => [name, undefined]);
    expect(await asked("")).toEqual({ status: 200, type: "text/yaml", body: "the text", seen: all });
    expect((await asked("&deployment=green")).seen).toEqual([["green", undefined]]);
    expect((await asked("&deployment=green&version=1.5.0")).seen).toEqual([["green", "1.5.0"]]);
    expect(await asked("&version=1.5.0")).toMatchObject({ status: 400, seen: [] });
    expect(scene.given).toEqual(["docker", ["desired"], []]);
  });

  it("is observed with where the secrets are, and how long their readers have", async () => {
    await call("show-configuration", { query: "?format=docker&deployment=blue" });
    const about = { deployment: { name: "blue" }, keyVaultUrl: "https://prod-kv.vault.azure.net" };
    expect(scene.looked).toMatchObject([[{ of: "blue" }, { ...about, tenantId: expect.any(String) }]]);
    expect(scene.looked).toHaveProperty("0.1.readWithinHours", expect.any(Number));
  });
});

it("the description of the API is OpenAPI", async () => {
  expect(await call("describe-api")).toMatchObject({ status: 200, json: { openapi: expect.stringMatching(/^3\.1/) } });
});

describe("status", () => {
  it("of one deployment is a look at that one, with its history where that is wished for", async () => {
    expect((await call("show-status", { query: "?deployment=green" })).json).toMatchObject({
      deployments: [{ deployment: "green" }],
      engine: { queue: { messages: 0 } },
      on: expect.any(Date),
    });
    await call("show-status", { query: "?deployment=green&history=true" });
    expect(scene.looked).toEqual([
      ["green", false],
      ["green", true],
    ]);
    expect(await call("show-status", { query: "?deployment=none" })).toMatchObject({ status: 400 });
  });

  it("goes on where a page ends, until the last", async () => {
    const names = ({ json }: Awaited<ReturnType<typeof call>>) =>
      ((json?.deployments ?? []) as { deployment: string }[]).map(({ deployment }) => deployment);
    const first = await call("show-status", { query: "?limit=2" });
    expect([names(first), first.json?.next]).toEqual([["blue", "green"], "green"]);
    const last = await call("show-status", { query: "?limit=2&after=green" });
    expect([names(last), last.json?.next]).toEqual([["red"], undefined]);
  });

  it("is as bad as the app itself, though all deployments are well", async () => {
    const well = (await call("show-status")).json;
    expect(well).toMatchObject({ verdict: "healthy" });
    expect(well).not.toHaveProperty("faults");
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
    expect(String(page.body)).toContain("caller-role-missing");
  });
});
