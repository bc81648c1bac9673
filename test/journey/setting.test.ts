import { afterEach, expect, inject, it, vi } from "vitest";
import { openSetting } from "../../journey/setting.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";

const certificate = await createCertificate();
trustCertificate(certificate);
const given = () => ({ start: new Date("2031-03-03T12:00:00Z"), main: inject("main"), certificate });
afterEach(() => vi.unstubAllEnvs());

it("what an operator's shell has set does not lead the app out of the local cloud", async () => {
  vi.stubEnv("NOTIFY_URL", "https://hooks.example.com/s3cret");
  vi.stubEnv("DEPLOYMENTS_BLOB", "https://prodsa.blob.core.windows.net/settings/deployments.json");
  vi.stubEnv("SECRET_LIFETIME_DAYS", "none");
  const setting = await openSetting(given());
  try {
    expect(process.env.NOTIFY_URL).toBe("");
    const { body } = await setting.call("GET", "status");
    expect(body).toMatchObject({ deployments: [{ deployment: "openmetadata" }] });
  } finally {
    await setting.close();
  }
  expect(process.env.NOTIFY_URL).toBe("https://hooks.example.com/s3cret");
});

it("the app is who the local cloud says, though the machine has a workload identity", async () => {
  vi.stubEnv("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token");
  vi.stubEnv("AZURE_TENANT_ID", "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11");
  const setting = await openSetting(given());
  try {
    expect(await setting.call("POST", "provision")).toMatchObject({ status: 200 });
  } finally {
    await setting.close();
  }
});

it("an app that is started anew has the connections of none before it", async () => {
  const connections = () => process.getActiveResourcesInfo().filter((one) => one === "TCPSocketWrap").length;
  const setting = await openSetting(given());
  try {
    await setting.restart();
    const few = connections();
    expect(await setting.call("POST", "provision")).toMatchObject({ status: 200 });
    expect(connections()).toBeGreaterThan(few);
    await setting.restart();
    expect(connections()).toBe(few);
  } finally {
    await setting.close();
  }
});
