import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { externalSecrets } from "../../shared/configuration/external-secret.ts";
import { type Change, comments, described, SERVER, TENANT, VAULT } from "./described.ts";

const rendered = (version: string, flow: "implicit" | "auth-code", change: Change = {}) =>
  parseAllDocuments(externalSecrets(described(version, flow, change))).map((document) => document.toJS());

const told = (version: string, flow: "implicit" | "auth-code", change: Change = {}) =>
  comments(externalSecrets(described(version, flow, change)));

const store = {
  apiVersion: "external-secrets.io/v1",
  kind: "SecretStore",
  metadata: { name: "openmetadata-vault" },
  spec: {
    provider: {
      azurekv: {
        authType: "WorkloadIdentity",
        vaultUrl: VAULT,
        tenantId: TENANT,
        serviceAccountRef: { name: "openmetadata-vault-reader" },
      },
    },
  },
};
const secretStoreRef = { kind: "SecretStore", name: "openmetadata-vault" };

describe("externalSecrets()", () => {
  it("fills the secret that the chart looks for, client id included, and the one that ingestion reads", () => {
    expect(rendered("1.12.3", "auth-code")).toEqual([
      store,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name: "openmetadata-server" },
        spec: {
          refreshInterval: "1h",
          secretStoreRef,
          target: {
            name: "oidc-secrets",
            creationPolicy: "Owner",
            template: { engineVersion: "v2", mergePolicy: "Merge", data: { "openmetadata-oidc-client-id": SERVER } },
          },
          data: [
            {
              secretKey: "openmetadata-oidc-client-secret",
              remoteRef: { key: "openmetadata-server-client-secret" },
            },
          ],
        },
      },
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name: "openmetadata-ingestion" },
        spec: {
          refreshInterval: "1h",
          secretStoreRef,
          target: { name: "openmetadata-ingestion", creationPolicy: "Owner" },
          data: [{ secretKey: "BOT_TOKEN", remoteRef: { key: "openmetadata-bot-token" } }],
        },
      },
    ]);
  });

  it("asks for no secret that nobody of this deployment reads", () => {
    const keys = (version: string, flow: "implicit" | "auth-code") =>
      rendered(version, flow).flatMap(({ spec }) =>
        (spec.data ?? []).map(({ remoteRef }: { remoteRef: { key: string } }) => remoteRef.key),
      );
    expect(keys("1.2.5", "implicit")).toEqual(["openmetadata-ingestion-client-secret"]);
    expect(keys("1.12.3", "implicit")).toEqual(["openmetadata-bot-token"]);
  });

  it.each([
    [0, "5m"],
    [1, "15m"],
    [3, "45m"],
    [4, "1h"],
    [24, "1h"],
    [720, "1h"],
  ])("where readers have %i hours, it looks every %s", (readWithinHours, refreshInterval) => {
    const intervals = rendered("1.12.3", "auth-code", { readWithinHours })
      .slice(1)
      .map(({ spec }) => spec.refreshInterval);
    expect(intervals).toEqual([refreshInterval, refreshInterval]);
  });

  it("warns where the app does not wait for readers at all", () => {
    expect(told("1.12.3", "auth-code", { readWithinHours: 0 })).toContain("raise it to 1 or more");
    expect(told("1.12.3", "auth-code")).toContain("SECRET_READ_WITHIN_HOURS (24): a look every 1h");
  });

  it("gives the annotation by which a reloader restarts the server, where the server has a secret", () => {
    const annotate = "kubectl annotate deployment openmetadata secret.reloader.stakater.com/reload=oidc-secrets";
    expect(told("1.5.13", "auth-code")).toContain(annotate);
    expect(told("1.5.13", "implicit")).not.toContain("reloader");
    expect(told("1.5.13", "auth-code")).not.toContain("also hands the running server");
    expect(told("1.10.14", "auth-code")).toContain("also hands the running server each new secret");
  });

  it("gives the right to read these secrets and no other", () => {
    const scopes = [...told("1.2.5", "implicit").matchAll(/--scope "\$\(.*?\)\/(\S+)"/g)].map(([, scope]) => scope);
    expect(scopes).toEqual(["secrets/openmetadata-ingestion-client-secret"]);
  });

  it.each([
    ["https://example.vault.azure.net", undefined],
    ["https://example.vault.azure.cn", "ChinaCloud"],
    ["https://example.vault.usgovcloudapi.net", "USGovernmentCloud"],
  ])("names the cloud of %s: %s", (keyVaultUrl, environmentType) => {
    const [{ spec }] = rendered("1.12.3", "implicit", { keyVaultUrl });
    expect(spec.provider.azurekv.environmentType).toBe(environmentType);
    expect(spec.provider.azurekv.vaultUrl).toBe(keyVaultUrl);
  });
});
