import { expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";

vi.hoisted(() => {
  Object.assign(process.env, {
    TENANT_ID: "11111111-1111-4111-8111-111111111111",
    KEY_VAULT_URL: "https://prod-kv.vault.azure.net",
    OPENMETADATA_URL: "https://metadata.example.com",
  });
});
const opened = vi.hoisted(() => [] as [string, object | undefined][]);
vi.mock("../../shared/world/world.ts", () => ({
  openWorld: ({ name }: Deployment, _: unknown, how?: object) => {
    opened.push([name, how]);
    return {};
  },
}));
vi.mock("../../shared/status/deployment-status.ts", () => ({
  statusOf: async (_: object, { deployment }: { deployment: Deployment }) => {
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
