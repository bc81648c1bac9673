import { expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";

vi.hoisted(() => {
  Object.assign(process.env, {
    TENANT_ID: "11111111-1111-4111-8111-111111111111",
    KEY_VAULT_URL: "https://prod-kv.vault.azure.net",
    OPENMETADATA_URL: "https://metadata.example.com",
  });
});
const told = vi.hoisted(() => [] as object[]);
const scene = vi.hoisted(() => ({ poisoned: async (): Promise<number> => 2 }));
vi.mock("../../shared/world/connections.ts", () => ({
  openQueue: () => ({ state: async () => ({ notes: {}, messages: 7 }), poisoned: () => scene.poisoned() }),
}));
const opened = vi.hoisted(() => [] as [string, object | undefined][]);
vi.mock("../../shared/world/world.ts", () => ({
  openWorld: ({ name }: Deployment, _: unknown, how?: object) => {
    opened.push([name, how]);
    return {};
  },
}));
vi.mock("../../shared/status/deployment-status.ts", () => ({
  statusOf: async (_: object, how: { deployment: Deployment }) => {
    const { deployment } = how;
    told.push(how);
    // Others ask meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    return { deployment: deployment.name };
  },
}));

it("whoever asks at once shares a look at a deployment, and gets no other's", async () => {
  const { look } = await import("../../shared/handlers/look.ts");
  const [blue, green] = ["blue", "green"].map((name) => ({ name }) as Deployment);
  if (!blue || !green) throw new Error("There are two");
  const how = { among: [blue, green], log: () => undefined };
  const seen = await Promise.all([look(blue, how), look(green, how), look(blue, how)]);
  expect(seen.map(({ deployment }) => deployment)).toEqual(["blue", "green", "blue"]);
  expect(opened).toEqual([
    ["blue", { onlyLooks: true }],
    ["green", { onlyLooks: true }],
  ]);
});

it("a look knows the settings, and who shares the app's identity; with its history it is another look", async () => {
  const { look } = await import("../../shared/handlers/look.ts");
  const all = ["one", "two"].map((name) => ({ name, identityClientId: "client" })) as Deployment[];
  const [one] = all as [Deployment];
  const how = { among: all, log: () => undefined };
  told.length = 0;
  await Promise.all([look(one, how), look(one, { ...how, history: true })]);
  const about = {
    tenantId: "11111111-1111-4111-8111-111111111111",
    deployment: one,
    sharesIdentityWith: ["two"],
    policy: { lifetimeDays: expect.any(Number) },
    lateAfter: 2 * 3_600_000,
    now: expect.any(Date),
  };
  expect(told).toMatchObject([
    { ...about, history: false },
    { ...about, history: true },
  ]);
});

it("a look at timer and queues tells how much waits, or why nobody knows", async () => {
  const { lookAtEngine } = await import("../../shared/handlers/look.ts");
  expect(await lookAtEngine()).toMatchObject({ timer: { silent: false }, queue: { messages: 7, poisoned: 2 * 4 } });
  scene.poisoned = () => Promise.reject(new Error("storage is down"));
  expect(await lookAtEngine()).toMatchObject({ error: "storage is down", code: "internal-error" });
});
