import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const NAMES = [
  "AzureWebJobsStorage",
  "AzureWebJobsStorage__queueServiceUri",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__clientId",
  "AZURE_CLIENT_ID",
  "NOTIFY_URL",
  "WEBSITE_HOSTNAME",
  "WEBSITE_AUTH_ENABLED",
  "DEPLOYMENTS",
];

beforeEach(() => {
  vi.resetModules();
  for (const name of NAMES) vi.stubEnv(name, undefined);
  vi.stubEnv("TENANT_ID", "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11");
  vi.stubEnv("KEY_VAULT_URL", "https://prod-kv.vault.azure.net");
  vi.stubEnv("OPENMETADATA_URL", "https://openmetadata.example.com");
});
afterEach(() => vi.unstubAllEnvs());

/** The settings of a process that was started in this environment. */
async function started(environment: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return import("../../shared/world/settings.ts");
}
const byIdentity = (queueServiceUri: string, clientId?: string) => ({ kind: "identity", queueServiceUri, clientId });

describe("the app's own storage", () => {
  it.each<[what: string, environment: Record<string, string>, storage: object | undefined]>([
    ["is unknown where the host is told nothing", {}, undefined],
    [
      "is opened by a key",
      { AzureWebJobsStorage: "AccountName=a" },
      { kind: "connection-string", connectionString: "AccountName=a" },
    ],
    [
      "is opened by identity before any key",
      { AzureWebJobsStorage: "AccountName=a", AzureWebJobsStorage__accountName: "prodsa" },
      byIdentity("https://prodsa.queue.core.windows.net"),
    ],
    [
      "is where its address says, before its name",
      { AzureWebJobsStorage__queueServiceUri: "https://q.example", AzureWebJobsStorage__accountName: "prodsa" },
      byIdentity("https://q.example"),
    ],
    [
      "is opened by the app's identity",
      { AzureWebJobsStorage__accountName: "prodsa", AZURE_CLIENT_ID: "client" },
      byIdentity("https://prodsa.queue.core.windows.net", "client"),
    ],
    [
      "is opened by an identity of its own",
      { AzureWebJobsStorage__accountName: "prodsa", AZURE_CLIENT_ID: "client", AzureWebJobsStorage__clientId: "own" },
      byIdentity("https://prodsa.queue.core.windows.net", "own"),
    ],
  ])("%s", async (_, environment, storage) => {
    expect((await started(environment)).storageSettings()).toEqual(storage);
  });

  it.each<[environment: Record<string, string>, uri: string | undefined]>([
    [{}, undefined],
    [{ AzureWebJobsStorage__accountName: "prodsa" }, "https://prodsa.blob.core.windows.net"],
    [
      { AzureWebJobsStorage__accountName: "prodsa", AzureWebJobsStorage__blobServiceUri: "https://b.example" },
      "https://b.example",
    ],
  ])("keeps notes, with %j, at %s", async (environment, uri) => {
    expect((await started(environment)).blobServiceUri()).toBe(uri);
  });
});

describe("who is told", () => {
  it("is nobody, without a fault, where nobody is named", async () => {
    expect((await started()).receivers()).toEqual({ receivers: [], faults: [] });
  });

  it("is whom the setting names, where what was told can be noted", async () => {
    const { receivers } = await started({
      NOTIFY_URL: "https://a.example.com",
      AzureWebJobsStorage__accountName: "prodsa",
    });
    expect(receivers()).toEqual({
      receivers: [{ format: "cloudevents", url: "https://a.example.com/", place: 0 }],
      faults: [],
    });
  });

  it("is nobody where it cannot be noted, which is a fault", async () => {
    const { receivers } = await started({ NOTIFY_URL: "https://a.example.com, http://b.example.com" });
    expect(receivers()).toEqual({
      receivers: [],
      faults: [
        "NOTIFY_URL, address 2, must be an https:// URL",
        "NOTIFY_URL needs AzureWebJobsStorage__blobServiceUri: what was told is noted there",
      ],
    });
  });
});

describe("the platform", () => {
  it.each([
    [undefined, false],
    ["False", false],
    ["True", true],
  ])("that says %s of signing people in: %s", async (said, signsIn) => {
    expect((await started(said ? { WEBSITE_AUTH_ENABLED: said } : {})).signsPeopleIn).toBe(signsIn);
  });

  it("says where the page is", async () => {
    expect((await started()).pageUrl).toBeUndefined();
    vi.resetModules();
    expect((await started({ WEBSITE_HOSTNAME: "app.example" })).pageUrl).toBe("https://app.example/api/page");
  });
});

it("wrong settings are told whenever somebody asks for them, and never at the start", async () => {
  const { settings } = await started({ TENANT_ID: "no-guid" });
  for (const _ of [1, 2]) expect(() => settings()).toThrow(/TENANT_ID/);
});
