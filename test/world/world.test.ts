import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** The latest version of every secret of the vault. */
const latest = vi.hoisted(() => ({ version: undefined as object | undefined, note: (..._: unknown[]): void => {} }));
/** The connections that were made, by service. */
const made: string[] = [];
const counting =
  <How extends unknown[], Made>(service: string, make: (...how: How) => Made) =>
  (...how: How): Made => {
    made.push(service);
    return make(...how);
  };
vi.mock("../../shared/clients/graph/graph.ts", async (load) => {
  const real = await load<typeof import("../../shared/clients/graph/graph.ts")>();
  return { ...real, graph: counting("graph", real.graph) };
});
vi.mock("../../shared/clients/key-vault/key-vault.ts", async (load) => {
  const real = await load<typeof import("../../shared/clients/key-vault/key-vault.ts")>();
  const secret = (open: ReturnType<typeof real.keyVault>) => (name: string, type?: never) => ({
    ...open(name, type),
    latest: async () => latest.version as never,
    note: async (...how: unknown[]) => latest.note(...how),
  });
  return {
    ...real,
    keyVault: counting("vault", (...how: Parameters<typeof real.keyVault>) => secret(real.keyVault(...how))),
  };
});
vi.mock("../../shared/clients/open-metadata/calls.ts", async (load) => {
  const real = await load<typeof import("../../shared/clients/open-metadata/calls.ts")>();
  return { ...real, openMetadataCalls: counting("openmetadata", real.openMetadataCalls) };
});

beforeEach(() => {
  made.length = 0;
  vi.resetModules();
  vi.stubEnv("TENANT_ID", "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11");
  vi.stubEnv("KEY_VAULT_URL", "https://openmetadata-kv.vault.azure.net");
  vi.stubEnv("OPENMETADATA_URL", "https://openmetadata.example.com");
});
afterEach(() => vi.unstubAllEnvs());

async function open(write: (event: object) => void = () => undefined, how?: { onlyLooks: boolean }) {
  const { openWorld } = await import("../../shared/world/world.ts");
  const { fleet } = await import("../../shared/world/fleet.ts");
  const [deployment] = (await fleet()).deployments;
  if (!deployment) throw new Error("There is no deployment");
  return openWorld(deployment, write, how);
}

describe("openWorld()", () => {
  it("connects to nothing before it is asked for something", async () => {
    const { authority, names } = await open();
    expect(authority).toBe("https://login.microsoftonline.com/5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11");
    expect(names.server).toEqual({ uniqueName: "openmetadata-server" });
    expect(made).toEqual([]);
  });

  it("connects provisioning and consent to Graph alone", async () => {
    const { provisioning, consent } = await open();
    expect([provisioning, consent]).toHaveLength(2);
    expect(made).toEqual(["graph"]);
  });

  it("connects hygiene and delivery to OpenMetadata alone", async () => {
    const { hygiene, delivery } = await open();
    expect([hygiene, delivery]).toHaveLength(2);
    expect(made).toEqual(["openmetadata"]);
  });

  it("connects each once, whatever is asked for", async () => {
    const world = await open();
    expect(world.credentials().map(({ name }) => name)).toEqual([
      "openmetadata-ingestion-client-secret",
      "openmetadata-bot-token",
    ]);
    expect(world.delivery).toBe(world.delivery);
    expect(world.provisioning.registrations).toBeDefined();
    expect(made.toSorted()).toEqual(["graph", "openmetadata", "vault"]);
  });

  it("tells of which deployment each line is, and of which credential what taking back a delivery says", async () => {
    const lines: object[] = [];
    const { hygiene, provisioning, consent } = await open((event) => void lines.push(event));
    for (const { log } of [hygiene, provisioning, consent]) log({ event: "note", message: "m" });
    expect(lines).toEqual(Array(3).fill({ deployment: "openmetadata", event: "note", message: "m" }));
    expect(hygiene).toMatchObject({ deployment: { name: "openmetadata" }, vault: "openmetadata-kv" });
    expect(Object.keys(hygiene)).toEqual(["deployment", "server", "vault", "ownObjectId", "log"]);

    const noted: unknown[] = [];
    latest.version = { keyId: "key-1", deliveredOn: new Date(0) };
    latest.note = (...how) => void noted.push(how);
    lines.length = 0;
    await provisioning.takeBackDelivery();
    expect(noted).toHaveLength(1);
    expect(lines).toMatchObject([
      {
        deployment: "openmetadata",
        credential: "ingestion-client-secret",
        message: expect.stringContaining('"openmetadata-ingestion-client-secret"'),
      },
    ]);
  });

  it("has the credentials that its settings give it, and no other", async () => {
    const { find } = await open();
    expect(find("bot-token")?.credential).toBe("bot-token");
    expect(find("server-client-secret")).toBeUndefined();
  });

  it("tells consent what provisioning has found a moment ago, and that it was made lately", async () => {
    const { provisioning } = await open();
    expect([provisioning.told(), provisioning.madeLately()]).toEqual([undefined, false]);
    const registered = { serverAppId: "server" } as Parameters<typeof provisioning.tell>[0];
    provisioning.tell(registered);
    expect(provisioning.told()).toBe(registered);
  });

  it("uses the client id of a server registration that was made anew as soon as provisioning has made it", async () => {
    const { provisioning, names } = await open();
    const { connections } = await import("../../shared/world/connections.ts");
    for (const serverAppId of ["first", "second"]) {
      provisioning.tell({ serverAppId } as Parameters<typeof provisioning.tell>[0]);
      expect(await connections().appIds().of(names.server)).toBe(serverAppId);
    }
  });
});

describe("the server's client secret", () => {
  const site =
    "/subscriptions/5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11/resourceGroups/g/providers/Microsoft.Web/sites/site";

  it.each([
    ["answers the vault's event", {}, true],
    ["answers it where its App Service may not be restarted", { APP_SERVICE_ID: site }, true],
    ["leaves it where a push restarts the App Service", { APP_SERVICE_ID: site, APP_SERVICE_RESTART: "true" }, false],
  ])("%s", async (_, environment, answers) => {
    vi.stubEnv("SIGN_IN_FLOW", "auth-code");
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { deliver } = (await open()).credential("server-client-secret");
    expect(deliver !== undefined).toBe(answers);
  });
});
