import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { holdAgainstTypes } from "../../scripts/infra/types.ts";

/** A resource type in the published form, with one property of each kind. */
const TYPES = [
  { $type: "StringType" },
  { $type: "BooleanType" },
  { $type: "IntegerType", minValue: 1, maxValue: 365 },
  { $type: "StringLiteralType", value: "None" },
  { $type: "UnionType", elements: [{ $ref: "#/3" }] },
  { $type: "ArrayType", itemType: { $ref: "#/4" } },
  {
    $type: "ObjectType",
    properties: {
      endpointType: { type: { $ref: "#/0" }, flags: 1 },
      queueName: { type: { $ref: "#/0" }, flags: 1 },
    },
  },
  { $type: "DiscriminatedObjectType", discriminator: "endpointType", elements: { StorageQueue: { $ref: "#/6" } } },
  {
    $type: "ObjectType",
    properties: {
      name: { type: { $ref: "#/0" }, flags: 9 },
      type: { type: { $ref: "#/0" }, flags: 10 },
      apiVersion: { type: { $ref: "#/0" }, flags: 10 },
      id: { type: { $ref: "#/0" }, flags: 10 },
      location: { type: { $ref: "#/0" }, flags: 1 },
      state: { type: { $ref: "#/0" }, flags: 2 },
      enabled: { type: { $ref: "#/1" }, flags: 0 },
      days: { type: { $ref: "#/2" }, flags: 0 },
      access: { type: { $ref: "#/5" }, flags: 0 },
      destination: { type: { $ref: "#/7" }, flags: 0 },
    },
  },
  { $type: "ResourceType", name: "Sample.Kind/things@2026-01-01", body: { $ref: "#/8" } },
];

const folder = mkdtempSync(join(tmpdir(), "types-"));
writeFileSync(join(folder, "sample.json"), JSON.stringify(TYPES));
writeFileSync(
  join(folder, "index.json"),
  JSON.stringify({
    resources: { "Sample.Kind/things@2026-01-01": { file: "sample.json", index: 9 } },
    publishedVersions: { "Sample.Kind/things": ["2026-01-01", "2025-01-01"] },
  }),
);
afterAll(() => rmSync(folder, { recursive: true }));

const good = {
  id: "/things/one",
  type: "Sample.Kind/things",
  apiVersion: "2026-01-01",
  name: "one",
  location: "westeurope",
  enabled: true,
  days: 7,
  access: ["None"],
  destination: { endpointType: "StorageQueue", queueName: "[parameters('queue')]" },
};

function found(change: Record<string, unknown>): string[] {
  const { findings, unchecked } = holdAgainstTypes(folder, [{ ...good, ...change }]);
  return [...findings, ...unchecked].map((finding) => finding.replace(/ Sample\S* "one"/, ""));
}

describe("holdAgainstTypes()", () => {
  it("finds nothing in a resource that fits, expressions and absent values included", () => {
    expect(found({})).toEqual([]);
    expect(found({ enabled: "[parameters('on')]", days: null })).toEqual([]);
  });

  it.each([
    [{ enable: true }, "BCP037.enable: unknown"],
    [{ location: undefined }, "BCP035.location: missing"],
    [{ state: "x" }, "BCP073.state: read-only"],
    [{ enabled: "true" }, 'BCP036.enabled: "true" does not fit BooleanType'],
    [{ days: 0 }, "BCP036.days: 0 does not fit IntegerType"],
    [{ access: ["Nobody"] }, 'BCP036.access[0]: "Nobody" is none of the values'],
    [{ destination: { endpointType: "StorageQueues" } }, 'BCP036.destination.endpointType: no variant "StorageQueues"'],
    [{ destination: { queueName: "q" } }, "BCP078.destination.endpointType: missing"],
    [{ destination: { endpointType: "StorageQueue" } }, "BCP035.destination.queueName: missing"],
    [{ apiVersion: "2026-02-31" }, "BCP081 Sample.Kind/things@2026-02-31: no such version"],
    [{ apiVersion: "2025-01-01" }, "Sample.Kind/things@2025-01-01"],
  ])("finds %j", (change, finding) => {
    expect(found(change)).toEqual([finding]);
  });
});
