import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Settings } from "../../shared/deployment/settings.ts";

/** With what each service is opened. */
const scene = vi.hoisted(() => ({ opened: [] as unknown[][] }));
const opens = vi.hoisted(() => (service: string, made: (...how: unknown[]) => unknown) => (...how: unknown[]) => {
  scene.opened.push([service, ...how]);
  return made(...how);
});
vi.mock("../../shared/clients/azure-bounds.ts", () => ({
  withinTime: (credential: object) => ({ bounded: credential }),
}));
vi.mock("../../shared/clients/entra/managed-identity.ts", () => ({
  managedIdentity: opens("managed identity", (clientId) => `identity ${clientId}`),
}));
vi.mock("../../shared/clients/entra/own-tokens.ts", () => ({
  ownTokens: opens("own tokens", (credential) => ({
    credential,
    tokenFor: async (scope: string) => `token for ${scope}`,
    renewed: async (scope: string, claims: string) => `renewed for ${scope} by ${claims}`,
    identity: async () => ({ appId: "own-app" }),
  })),
}));
vi.mock("../../shared/clients/graph/graph.ts", () => ({
  graph: opens("graph", (_url, token) => ({ token })),
}));
vi.mock("../../shared/clients/key-vault/key-vault.ts", () => ({ keyVault: opens("vault", () => "vault") }));
vi.mock("../../shared/clients/storage-queue/storage-queue.ts", () => ({ storageQueue: opens("queue", () => "queue") }));
vi.mock("../../shared/clients/blob/memory.ts", () => ({ blobMemory: opens("memory", () => "memory") }));
vi.mock("@azure/identity", () => ({
  DefaultAzureCredential: class {
    constructor() {
      scene.opened.push(["developer"]);
    }
    getToken = async (...wanted: unknown[]) => ({ token: wanted.join() });
  },
}));

const settings = {
  keyVaultUrl: "https://prod-kv.vault.azure.net",
  graphUrl: "https://graph",
  tenantId: "tenant",
  managedIdentityClientId: "client-1",
} as Settings;
const ofClient = (clientId: string) => ({
  bounded: `identity ${clientId}`,
  lookUp: `$(az ad sp show --id ${clientId} --query id --output tsv)`,
});
const load = () => import("../../shared/world/connections.ts");
const opened = (service: string) => scene.opened.filter(([one]) => one === service);

beforeEach(() => {
  scene.opened = [];
  vi.resetModules();
  vi.stubEnv("IDENTITY_ENDPOINT", "http://identity");
  vi.stubEnv("IDENTITY_HEADER", "header");
});
afterEach(() => vi.unstubAllEnvs());

describe("the connections of the app", () => {
  it("are none before one is asked for, and each is opened once", async () => {
    const connections = (await load()).connect(settings);
    expect(scene.opened).toEqual([]);
    for (const _ of [1, 2]) {
      connections.own();
      connections.vault();
      connections.graph();
    }
    const credential = ofClient("client-1");
    expect(scene.opened).toEqual([
      ["managed identity", "client-1", { url: "http://identity", header: "header" }, expect.anything()],
      ["own tokens", credential, { graphUrl: "https://graph", tenantId: "tenant" }],
      ["vault", { url: "https://prod-kv.vault.azure.net", name: "prod-kv" }, credential],
      ["graph", "https://graph", expect.any(Function), expect.anything()],
    ]);
    expect(connections.credential()).toEqual(credential);
  });

  it("to Graph use the app's own token for it, and a new one by the claims of a refusal", async () => {
    const { token } = (await load()).connect(settings).graph() as unknown as { token(claims?: string): unknown };
    expect(await token()).toBe("token for https://graph/.default");
    expect(await token("{}")).toBe("renewed for https://graph/.default by {}");
  });

  it("say by what command the identity is found where no token tells it: by client id, or by the app's name", async () => {
    const { connect } = await load();
    const found = connect(settings).graph().objectId();
    expect(await found).toBe(ofClient("client-1").lookUp);
    vi.stubEnv("WEBSITE_SITE_NAME", "func-prod");
    const ofApp = connect({ ...settings, managedIdentityClientId: undefined })
      .graph()
      .objectId();
    expect(await ofApp).toBe(
      "$(az resource list --name func-prod --resource-type Microsoft.Web/sites --query '[0].identity.principalId' --output tsv)",
    );
  });

  it("are those of another identity where a deployment names one, which is opened once too", async () => {
    const connections = (await load()).connect(settings);
    expect(connections.ownAs(undefined)).toBe(connections.own());
    expect(connections.ownAs("client-2")).toBe(connections.ownAs("client-2"));
    expect(connections.ownAs("client-2")).toMatchObject({ credential: ofClient("client-2") });
    const home = { graphUrl: "https://graph", tenantId: "tenant" };
    expect(opened("own tokens").map(([, , where]) => where)).toEqual([home, home]);
  });

  it("are whoever the developer is signed in as where the platform offers no identity, asked for when needed", async () => {
    vi.stubEnv("IDENTITY_ENDPOINT", "");
    const { bounded } = (await load()).connect(settings).credential() as unknown as {
      bounded: { getToken(...wanted: string[]): Promise<{ token: string }> };
    };
    expect(opened("developer")).toEqual([]);
    for (const _ of [1, 2]) expect((await bounded.getToken("scope")).token).toBe("scope");
    expect([opened("developer").length, opened("managed identity").length]).toEqual([1, 0]);
  });
});

describe("a queue", () => {
  it.each([
    ["nothing", undefined, { kind: "connection-string", connectionString: "" }],
    [
      "a key",
      { kind: "connection-string", connectionString: "a" },
      { kind: "connection-string", connectionString: "a" },
    ],
    [
      "an identity",
      { kind: "identity", queueServiceUri: "https://q", clientId: "client-3" },
      {
        kind: "identity",
        queueServiceUri: "https://q",
        clientId: "client-3",
        credential: ofClient("client-3"),
      },
    ],
  ] as const)("is opened by %s", async (_, storage, access) => {
    (await load()).openQueue(storage as never, "work");
    expect(opened("queue")).toEqual([["queue", access, "work"]]);
  });
});

describe("notifications", () => {
  it("go into a queue of their own, and what was told is noted in the app's storage", async () => {
    vi.stubEnv("AzureWebJobsStorage__accountName", "prodsa");
    for (const [name, value] of Object.entries({
      TENANT_ID: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      KEY_VAULT_URL: settings.keyVaultUrl,
      OPENMETADATA_URL: "https://m.example.com",
    }))
      vi.stubEnv(name, value);
    const { memory, notices } = await import("../../shared/world/notify.ts");
    expect([notices(), notices(), memory(), memory()]).toEqual(["queue", "queue", "memory", "memory"]);
    expect(opened("queue").map(([, , name]) => name)).toEqual(["send-notification"]);
    const [, how] = opened("memory")[0] as [string, { blobServiceUri: string; token(): Promise<string> }];
    expect(how.blobServiceUri).toBe("https://prodsa.blob.core.windows.net");
    expect(await how.token()).toBe("token for https://storage.azure.com/.default");
  });
});
