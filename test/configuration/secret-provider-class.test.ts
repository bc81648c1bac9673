import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { secretProviderClasses } from "../../shared/configuration/secret-provider-class.ts";
import { type Change, comments, described, SERVER, TENANT } from "./described.ts";

type Flow = "implicit" | "auth-code";

const rendered = (version: string, flow: Flow, change: Change = {}) =>
  parseAllDocuments(secretProviderClasses(described(version, flow, change))).map((document) => document.toJS());

const told = (version: string, flow: Flow, change: Change = {}) =>
  comments(secretProviderClasses(described(version, flow, change)));

const mounted = (one: { spec: { parameters: { objects: string } } }) =>
  parse(one.spec.parameters.objects).array.map((text: string) => parse(text));

describe("secretProviderClasses()", () => {
  it("has a class for each reader, so that no pod mounts what is another's", () => {
    const [server, clientId, ingestion] = rendered("1.12.3", "auth-code");
    expect(server).toEqual({
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name: "openmetadata-server" },
      spec: {
        provider: "azure",
        parameters: {
          clientID: "<client id>",
          keyvaultName: "example",
          tenantId: TENANT,
          objects: expect.any(String),
        },
        secretObjects: [
          {
            secretName: "oidc-secrets",
            type: "Opaque",
            data: [{ key: "openmetadata-oidc-client-secret", objectName: "openmetadata-server-client-secret" }],
          },
        ],
      },
    });
    expect(mounted(server)).toEqual([{ objectName: "openmetadata-server-client-secret", objectType: "secret" }]);
    expect(clientId).toMatchObject({ kind: "Secret", stringData: { "openmetadata-oidc-client-id": SERVER } });
    expect(mounted(ingestion)).toEqual([{ objectName: "openmetadata-bot-token", objectType: "secret" }]);
    expect(ingestion.spec.secretObjects[0].data).toEqual([{ key: "BOT_TOKEN", objectName: "openmetadata-bot-token" }]);
  });

  it("has nothing of the server's where the server has no secret", () => {
    const all = rendered("1.2.5", "implicit");
    expect(all.map(({ metadata }) => metadata.name)).toEqual(["openmetadata-ingestion"]);
    expect(mounted(all[0])).toEqual([{ objectName: "openmetadata-ingestion-client-secret", objectType: "secret" }]);
    expect(told("1.2.5", "implicit")).not.toMatch(/helm upgrade|reloader/);
  });

  it("gives values with which the chart mounts the class and finds the client id", () => {
    const text = told("1.12.3", "auth-code");
    const sets = new Map(
      [...text.matchAll(/--set-json '(\w+)=(.*?)'/g)].map(([, key, json = ""]) => [key, JSON.parse(json)]),
    );
    const [volume] = sets.get("extraVolumes");
    expect(volume.csi.volumeAttributes.secretProviderClass).toBe("openmetadata-server");
    expect(sets.get("extraVolumeMounts")).toEqual([{ name: volume.name, mountPath: "/mnt/vault", readOnly: true }]);
    const [, , , beside] = [...(/--set (openmetadata\.config\.(\S+)\.secretRef)=(\S+)/.exec(text) ?? [])];
    expect(beside).toBe(rendered("1.12.3", "auth-code")[1].metadata.name);
  });

  it("tells how often the driver has to look to keep within the setting, and the annotation for a reloader", () => {
    expect(told("1.12.3", "auth-code", { readWithinHours: 2 })).toContain("--rotation-poll-interval 30m");
    expect(told("1.12.3", "auth-code")).toContain("--rotation-poll-interval 1h");
    expect(told("1.12.3", "auth-code")).toContain("secret.reloader.stakater.com/reload=oidc-secrets");
  });

  it.each([
    ["https://example.vault.azure.cn", "AzureChinaCloud"],
    ["https://example.vault.usgovcloudapi.net", "AzureUSGovernmentCloud"],
  ])("names the cloud of %s: %s", (keyVaultUrl, cloudName) => {
    expect(rendered("1.12.3", "implicit", { keyVaultUrl })[0].spec.parameters.cloudName).toBe(cloudName);
  });
});
