import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { EXAMPLES, resources, snapshot, template, text } from "./committed.ts";

interface Parameter {
  type: string;
  allowedValues?: unknown[];
  metadata?: { description?: string };
  [limit: string]: unknown;
}
const parameters: Record<string, Parameter> = template().parameters;

describe("parameters", () => {
  it.each(Object.entries(parameters))("%s says what it is for", (_name, { metadata }) => {
    expect(metadata?.description).toMatch(/[.)]$/);
  });

  it.each(Object.entries(parameters).filter(([, { type }]) => type === "int"))("%s has limits", (_name, one) => {
    expect(one.allowedValues ?? [one.minValue, one.maxValue]).not.toContain(undefined);
  });

  // azd asks for what has no default, even where an empty value is the right one.
  it("are asked for in one case only; where one of several is needed the deployment says which", () => {
    const needed = Object.entries(parameters).filter(([, one]) => !("defaultValue" in one));
    expect(needed.map(([name]) => name)).toEqual(["environmentName"]);
    const { guardedBy, catalogueUrl } = template().variables;
    expect(guardedBy).toMatch(
      /^\[if\(and\(empty\(parameters\('apiClientId'\)\), not\(parameters\('allowFunctionKeys'\)\)\), fail\(/,
    );
    expect(catalogueUrl).toMatch(
      /^\[if\(equals\(length\(filter\(createArray\(parameters\('openMetadataUrl'\), parameters\('deployments'\), parameters\('deploymentsBlob'\)\), .*\), 1\), parameters\('openMetadataUrl'\), fail\(/,
    );
  });

  it.each([
    ["infra/main.parameters.json", "infra/main.bicep"],
    ["infra/events/main.parameters.json", "infra/events/main.bicep"],
  ])("of %s exist in %s", (file, bicep) => {
    const names = Object.keys(JSON.parse(text(file)).parameters);
    for (const name of names) expect(text(bicep)).toMatch(new RegExp(`^param ${name} `, "m"));
  });

  it("are azd's to set with `azd env set`, but for lists, JSON, and what is seldom changed", () => {
    const values = Object.entries<{ value: string }>(JSON.parse(text("infra/main.parameters.json")).parameters);
    const left = Object.entries(parameters).filter(([name]) => !values.some(([one]) => one === name));
    const [, told = ""] = /The rest \(([^)]*)\)/.exec(text("docs/infrastructure.md")) ?? [];
    expect(told.match(/\w+(?=`)/g)?.sort()).toEqual(left.map(([name]) => name).sort());
    for (const [name, { value }] of values) {
      const [, variable = "", usual] = /^\$\{([A-Z_]+)(?:=(.*))?\}$/.exec(value) ?? [];
      // What the first layer puts out would take the place of what somebody has set.
      expect(Object.keys(template().outputs)).not.toContain(variable);
      if (usual !== undefined) expect(usual, name).toBe(String(parameters[name]?.defaultValue));
    }
  });

  it("of the second layer are outputs of the first, or what azd's environment holds", () => {
    const { parameters: second } = JSON.parse(text("infra/events/main.parameters.json"));
    const names = Object.values<{ value: string }>(second).map(({ value }) => /\$\{(\w+)/.exec(value)?.[1]);
    const outputs = Object.keys(template().outputs);
    expect(names.filter((name) => !outputs.includes(name ?? ""))).toEqual(["AZURE_ENV_NAME", "SECRET_NAME_PREFIX"]);
  });
});

describe("azure.yaml", () => {
  const azure = parse(text("azure.yaml"));

  it("has hooks that are one npm command each, the same on Windows", () => {
    const hooks = Object.values<Record<"posix" | "windows", { run: string }>>(azure.hooks);
    expect(hooks.map(({ posix, windows }) => [posix.run, windows.run])).toEqual([
      ["npm run package", "npm run package"],
      ["npm run package", "npm run package"],
    ]);
  });

  it("uploads what was built here, and names folders that exist", () => {
    expect(azure.services.api).toMatchObject({ host: "function", remoteBuild: false, project: "dist/package" });
    expect(text("scripts/package.ts")).toContain("dist/package/");
    for (const { path } of azure.infra.layers) expect(text(`${path}/main.bicep`)).toContain("targetScope");
    const [site] = resources("open", "Microsoft.Web/sites");
    expect(Object.keys(azure.services)).toEqual([site?.tags["azd-service-name"]]);
  });
});

describe("a second deployment changes nothing", () => {
  it("because nothing in the template depends on time or chance", () => {
    expect(text("infra/azuredeploy.json")).not.toMatch(/utcNow\(|newGuid\(/);
  });

  it.each(EXAMPLES)("and %s names no resource twice", (example) => {
    const ids = snapshot(example).predictedResources.map(({ id }) => id.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("names", () => {
  /** Learn, "Abbreviation recommendations for Azure resources" (Cloud Adoption Framework). */
  const ABBREVIATIONS: Record<string, string> = {
    "Microsoft.ManagedIdentity/userAssignedIdentities": "id-",
    "Microsoft.OperationalInsights/workspaces": "log-",
    "Microsoft.Insights/components": "appi-",
    "Microsoft.Insights/actionGroups": "ag-",
    "Microsoft.Storage/storageAccounts": "st",
    "Microsoft.KeyVault/vaults": "kv-",
    "Microsoft.Web/serverfarms": "asp-",
    "Microsoft.Web/sites": "func-",
    "Microsoft.EventGrid/systemTopics": "evgst-",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": "evgs-",
    "Microsoft.Network/virtualNetworks": "vnet-",
    "Microsoft.Network/privateEndpoints": "pep-",
  };

  it.each(EXAMPLES)("of %s begin with the abbreviation of their kind", (example) => {
    for (const { type, name } of snapshot(example).predictedResources) {
      const abbreviation = ABBREVIATIONS[type];
      const own = name.split("/").at(-1) ?? "";
      if (abbreviation) expect(own.startsWith(abbreviation), `${type} ${name}`).toBe(true);
    }
  });

  it("fit where names are short", () => {
    for (const { type, name } of snapshot("private").predictedResources) {
      if (/storageAccounts$|KeyVault\/vaults$/.test(type)) expect(name.length).toBeLessThanOrEqual(24);
    }
  });
});
