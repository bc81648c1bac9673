import { describe, expect, it } from "vitest";
import { readVaultEvent } from "../../shared/triggers/vault-event.ts";

const vault = "https://prod-kv.vault.azure.net";
const data = {
  Id: "https://prod-kv.vault.azure.net/secrets/openmetadata-ingestion-client-secret/ee059b2bb5bc48398a53b168c6cdcb10",
  VaultName: "prod-kv",
  ObjectType: "Secret",
  ObjectName: "openmetadata-ingestion-client-secret",
  Version: "ee059b2bb5bc48398a53b168c6cdcb10",
  NBF: null,
  EXP: 1559082102,
};
const event = {
  id: "1",
  topic: "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/prod-kv",
  subject: "openmetadata-ingestion-client-secret",
  eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
  eventTime: "2026-07-25T01:08:33.1036736Z",
  dataVersion: "1",
  metadataVersion: "1",
  data,
};
const secret = { kind: "secret", name: "openmetadata-ingestion-client-secret", type: "SecretNewVersionCreated" };

describe("readVaultEvent()", () => {
  it("reads Event Grid's schema and CloudEvents", () => {
    const { eventType, eventTime, topic, dataVersion: _d, metadataVersion: _m, ...shared } = event;
    const cloudEvent = { ...shared, specversion: "1.0", type: eventType, source: topic, time: eventTime };
    expect(readVaultEvent(event, vault)).toEqual(secret);
    expect(readVaultEvent(cloudEvent, vault)).toEqual(secret);
  });

  it("reads the near-expiry events", () => {
    const of = (type: string) => readVaultEvent({ ...event, eventType: `Microsoft.KeyVault.${type}` }, vault);
    expect(of("SecretNearExpiry")).toEqual({ ...secret, type: "SecretNearExpiry" });
    expect(of("SecretExpired")).toEqual({ ...secret, type: "SecretExpired" });
  });

  it("reads a type of any case as the one that it is", () => {
    const odd = { ...event, eventType: "microsoft.keyvault.secretnearexpiry" };
    expect(readVaultEvent(odd, vault)).toEqual({ ...secret, type: "SecretNearExpiry" });
  });

  it("reads the vault's name in any case, and folds no key deeper than those of the data", () => {
    const deep = {
      ...event,
      data: { ...data, VaultName: "PROD-KV", objectName: undefined, More: { ObjectName: "x" } },
    };
    expect(readVaultEvent(deep, vault)).toMatchObject({ kind: "ignored" });
    expect(readVaultEvent({ ...event, data: { ...data, VaultName: "PROD-KV" } }, vault)).toEqual(secret);
  });

  it.each([
    ["numbers", { NBF: 1559081980, EXP: 1559082102 }],
    ["strings", { NBF: "1559081980", EXP: "1559082102" }],
    ["null", { NBF: null, EXP: null }],
    ["missing", { NBF: undefined, EXP: undefined }],
    ["something unknown", { Colour: { deep: [] } }],
  ])("does not mind dates that are %s", (_, change) => {
    expect(readVaultEvent({ ...event, data: { ...data, ...change }, more: 1 }, vault)).toEqual(secret);
  });

  it("reads keys of any case, and the stray blanks of the published sample", () => {
    const odd = {
      ...event,
      data: { vaultName: "prod-kv", "ObjectName ": " openmetadata-ingestion-client-secret", objectType: "secret" },
    };
    expect(readVaultEvent(odd, vault)).toEqual(secret);
  });

  it.each([
    ["of another vault", { ...event, data: { ...data, VaultName: "other-kv" } }, "it is from another vault"],
    ["about a key", { ...event, data: { ...data, ObjectType: "Key" } }, "it is not about a secret"],
    ["of another type", { ...event, eventType: "Microsoft.KeyVault.KeyNearExpiry" }, "it is not about a secret"],
    [
      "of a type that only begins so",
      { ...event, eventType: "Microsoft.KeyVault.SecretExpiredLongAgo" },
      "it is not about a secret",
    ],
    [
      "of a type that only ends so",
      { ...event, eventType: "My.Microsoft.KeyVault.SecretExpired" },
      "it is not about a secret",
    ],
    ["of another source", { ...event, eventType: "Contoso.SecretNewVersionCreated" }, "it is not about a secret"],
    ["without a type", { ...event, eventType: undefined }, "it is not about a secret"],
    ["without data", { ...event, data: undefined }, "missing or unexpected value in data"],
    [
      "without a name",
      { ...event, data: { ...data, ObjectName: "" } },
      "missing or unexpected value in data.objectname",
    ],
    [
      "with a name that ends a line",
      { ...event, data: { ...data, ObjectName: "a\nrotation of b" } },
      "missing or unexpected value in data.objectname",
    ],
    [
      "with a name that no secret has",
      { ...event, data: { ...data, ObjectName: "a/b" } },
      "missing or unexpected value in data.objectname",
    ],
    [
      "with a name without end",
      { ...event, data: { ...data, ObjectName: "a".repeat(128) } },
      "missing or unexpected value in data.objectname",
    ],
    ["that is text", "SecretNewVersionCreated", "missing or unexpected value in the body"],
    ["that is nothing", null, "missing or unexpected value in the body"],
    ["that is a list", [event], "missing or unexpected value in the body"],
  ])("ignores an event %s", (_, bad, because) => {
    expect(readVaultEvent(bad, vault)).toEqual({ kind: "ignored", because: expect.stringContaining(because) });
  });
});
