import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Folder, openFolder } from "../../local/contracts/folder.ts";
import { openMetadataSchemas, releaseNumber } from "../../local/contracts/openmetadata-schemas.ts";
import { authenticationSettings } from "../../shared/configuration/authentication.ts";
import { authorizerSettings } from "../../shared/configuration/authorizer.ts";
import type { Configuration } from "../../shared/configuration/desired.ts";
import { oidcSettings } from "../../shared/configuration/oidc.ts";
import { render } from "../../shared/configuration/render.ts";
import { CASES, described } from "./described.ts";

/** What was published nearest to each release; undefined where nothing near enough was. */
const NEAREST: Record<(typeof CASES)[number][0], Nearest> = {
  "0.13.3": { conf: "0.13.1", chart: "0.0.53", compose: "0.13.1", schemas: "0.13.1" },
  "1.0.0": { conf: "1.0.0", chart: "0.0.53", compose: "1.0.0", schemas: "1.0.0" },
  "1.2.5": { conf: "1.0.0", chart: "1.2.8", compose: "1.2.2", schemas: "1.0.0" },
  "1.3.2": { conf: "1.5-1.6-948f5718", chart: "1.3.2", compose: "1.3.2", schemas: "1.5.13" },
  "1.5.13": { conf: "1.5-1.6-948f5718", chart: "1.5.13", compose: "1.5.10", schemas: "1.5.13" },
  "1.10.14": { conf: "1.13-auth-sections-112d0645", chart: "1.10.14", compose: "1.12.6", schemas: "1.10.14" },
  "1.12.3": { conf: "1.13-auth-sections-112d0645", chart: "1.13.1", compose: "1.12.6", schemas: "1.12.3" },
  "2.0.0": { conf: "2.x-a1526da3", chart: "1.13.1", compose: undefined, schemas: undefined },
};

interface Nearest {
  conf: string;
  chart: string;
  compose: string | undefined;
  schemas: string | undefined;
}

type Tree = Record<string, unknown>;

const contracts = process.env.CONTRACTS_DIR ?? "";
const folder: Folder = openFolder(contracts);
const schemasOf = contracts === "" ? undefined : openMetadataSchemas(folder);
const yamlFile = (path: string): Tree => parse(readFileSync(join(contracts, path), "utf8"));
const settings = (one: Configuration) =>
  [authorizerSettings, authenticationSettings, oidcSettings].flatMap((part) => part(one));

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The paths of all leaves. */
function paths(tree: Tree, above = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 ? paths(value, `${above}${key}.`) : [`${above}${key}`],
  );
}

/** As helm puts given values over those of the chart. */
function over(base: Tree, given: Tree): Tree {
  const merged = { ...base };
  for (const [key, value] of Object.entries(given)) {
    const below = merged[key];
    merged[key] = isTree(below) && isTree(value) ? over(below, value) : value;
  }
  return merged;
}

describe.skipIf(contracts === "").each(CASES)("as published for %s, %s", (version, flow) => {
  const near = NEAREST[version];
  const one = described(version, flow);
  const text = (format: Parameters<typeof render>[0]): string => render(format, [one]).text;
  const chartValues = (): Tree => yamlFile(`openmetadata/helm/values-${near.chart}.yaml`);

  it("every path of the fragment is in conf/openmetadata.yaml", () => {
    const known = paths(yamlFile(`openmetadata/conf/openmetadata-${near.conf}.yaml`));
    expect(paths(parse(text("bare-metal"))).filter((path) => !known.includes(path))).toEqual([]);
  });

  it("every variable is read by conf/openmetadata.yaml, at the path that the fragment sets", () => {
    const { files } = folder.json("openmetadata/conf/env-names.json") as unknown as {
      files: Record<string, { env: Record<string, { path: string }> }>;
    };
    const { env = {} } = files[`openmetadata-${near.conf}.yaml`] ?? {};
    for (const { env: name, yaml } of settings(one)) {
      if (name !== undefined) expect({ name, path: env[name]?.path }).toEqual({ name, path: yaml });
    }
  });

  it.skipIf(near.compose === undefined)(
    "the compose file passes every variable, or the file says that it does not",
    () => {
      const { compose } = folder.json("openmetadata/docker/env-names.json") as unknown as {
        compose: Record<string, { services: Record<string, { all: string[] }> }>;
      };
      const passed = compose[near.compose ?? ""]?.services["openmetadata-server"]?.all ?? [];
      const missing = Object.keys(parseEnv(text("docker"))).filter((name) => !passed.includes(name));
      if (version === "1.3.2" && flow === "auth-code") {
        expect(missing.filter((name) => !name.startsWith("OIDC_"))).toEqual(["AUTHENTICATION_CLIENT_TYPE"]);
        expect(text("docker")).toContain("list neither");
      } else {
        expect(missing).toEqual([]);
      }
    },
  );

  it("every path of the values is in the chart's, and the chart's schema accepts them", () => {
    const given: Tree = parse(text("kubernetes"));
    const known = paths(chartValues());
    expect(paths(given).filter((path) => !known.includes(path))).toEqual([]);
    const schema = folder.json(`openmetadata/helm/values-${near.chart}.schema.json`);
    const validate = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false }).compile({
      ...schema,
      $schema: "http://json-schema.org/draft-07/schema#",
    });
    validate(over(chartValues(), given));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("the chart sets the variable from the path that the values set", () => {
    const { charts } = folder.json("openmetadata/helm/env-names.json") as unknown as {
      charts: Record<string, { env: Record<string, { values: string[] }> }>;
    };
    const { env = {} } = charts[near.chart] ?? {};
    const rendered = paths(parse(text("kubernetes")));
    for (const { env: name = "", helm } of settings(one).filter((setting) => setting.env && setting.helm)) {
      const sources = rendered.filter((path) => path.includes(`.${helm}`) && env[name]?.values.includes(path));
      expect({ name, found: sources.length > 0 }).toEqual({ name, found: true });
    }
  });

  it.skipIf(near.schemas === undefined)(
    "the server's schemas accept the fragment, and ingestion's the workflow",
    () => {
      const { authorizerConfiguration, authenticationConfiguration } = parse(text("bare-metal"));
      const schemas = schemasOf?.(releaseNumber(near.schemas));
      const faults = (file: string, value: unknown) => schemas?.faults(file, value);
      // What the file has besides, and the schemas require.
      const whole = { providerName: "", ...authenticationConfiguration };
      const authorizer = { enableSecureSocketConnection: false, ...authorizerConfiguration };
      expect(faults("configuration/authenticationConfiguration.json", whole)).toEqual([]);
      expect(faults("configuration/authorizerConfiguration.json", authorizer)).toEqual([]);
      const { openMetadataServerConfig } = parse(text("ingestion")).workflowConfig;
      const connection = "entity/services/connections/metadata/openMetadataConnection.json";
      expect(faults(connection, openMetadataServerConfig)).toEqual([]);
    },
  );
});
