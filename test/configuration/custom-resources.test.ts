import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { render } from "../../shared/configuration/render.ts";
import { CASES, described } from "./described.ts";

const FILES = {
  SecretStore: "external-secrets.io_secretstores.yaml",
  ExternalSecret: "external-secrets.io_externalsecrets.yaml",
  SecretProviderClass: "secrets-store.csi.x-k8s.io_secretproviderclasses.yaml",
} as const;
type Kind = keyof typeof FILES;
const folder = join(process.env.CONTRACTS_DIR ?? "", "kubernetes");

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean | Schema;
}

/** An API server drops what it does not know; here that is a fault. What is said of metadata is Kubernetes' own. */
function closed(schema: Schema, isMetadata = false): Schema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(items ? { items: closed(items) } : {}),
    ...(properties && !isMetadata
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, closed(value, key === "metadata")]),
          ),
          additionalProperties: false,
        }
      : {}),
  };
}

function validator(kind: Kind): ValidateFunction {
  const { spec } = parse(readFileSync(join(folder, FILES[kind]), "utf8"));
  const version = spec.versions.find(({ name }: { name: string }) => name === "v1");
  const options = { strict: false, allErrors: true, validateFormats: false } as const;
  return new Ajv(options).compile(closed(version.schema.openAPIV3Schema));
}

describe.skipIf(!process.env.CONTRACTS_DIR || !existsSync(folder))("as the custom resources are published", () => {
  const known = new Map<string, ValidateFunction>();
  beforeAll(() => {
    for (const kind of Object.keys(FILES) as Kind[]) known.set(kind, validator(kind));
  });

  function faults(resource: { kind: string }): unknown {
    const validate = known.get(resource.kind);
    validate?.(resource);
    return validate?.errors ?? [];
  }

  it.each(CASES)(
    "%s, %s: every resource has only fields that are known, with values that are allowed",
    (version, flow) => {
      const kinds = (["external-secret", "secret-provider-class"] as const).flatMap((format) =>
        parseAllDocuments(render(format, [described(version, flow)]).text).map((document) => {
          const resource = document.toJS();
          expect(faults(resource)).toEqual([]);
          return resource.kind;
        }),
      );
      expect(kinds).toEqual(expect.arrayContaining(["SecretStore", "ExternalSecret", "SecretProviderClass"]));
    },
  );

  it("sees a field that is not known", () => {
    const [, one] = parseAllDocuments(render("external-secret", [described("1.12.3", "implicit")]).text);
    const resource = one?.toJS();
    resource.spec.target.nmae = "x";
    expect(faults(resource)).toMatchObject([{ params: { additionalProperty: "nmae" } }]);
  });
});
