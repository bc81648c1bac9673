import { describe, expect, it } from "vitest";
import { filesBelow, functionNames, resources, text } from "./committed.ts";

const LINES = "infra/queries/lines.kql";
const queries = filesBelow("infra/queries").filter((path) => path !== LINES);

/** Columns of the tables that others write; Learn, "Azure Monitor Logs reference". */
const TABLES: Record<string, string[]> = {
  requests: ["timestamp", "name", "success"],
  StorageQueueLogs: ["AccountName", "OperationName", "StatusCode", "ObjectKey"],
  AZKVAuditLogs: ["_ResourceId", "HttpStatusCode", "Identity", "OperationName"],
};
const WORDS =
  /^(where|summarize|project|extend|order|take|by|asc|desc|and|or|in|has|contains|startswith|endswith|true|false|let|dynamic|traces|h)$/;

/** What lines.kql gives: columns, and tables and lists under a name. */
const given = {
  columns: [...(/\| project ([^;]*);/.exec(text(LINES))?.[1] ?? "").matchAll(/(?:^|,)\s*(\w+)/g)].map(
    ([, name]) => name,
  ),
  names: [...text(LINES).matchAll(/^let (\w+)/gm)].map(([, name]) => name),
};

/** The names that a query uses and does not make itself. */
function used(query: string): string[] {
  const plain = query.replace(/"[^"]*"/g, "").replace(/\{\{\w+\}\}/g, "");
  const made = [...plain.matchAll(/(\w+)\s*=(?![=~])/g)].map(([, name]) => name);
  const names = [...plain.matchAll(/[A-Za-z_]\w*(?!\w*\s*\()/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !made.includes(name) && !WORDS.test(name));
}

describe("queries", () => {
  it("use the fields that one file gives them, and known columns of other tables", () => {
    expect(given.columns).toEqual([
      "timestamp",
      "event",
      "deployment",
      "credential",
      "step",
      "state",
      "code",
      "target",
      "durationMs",
      "functionName",
      "invocationId",
      "sentence",
    ]);
    for (const path of queries) {
      const query = text(path);
      const table = query.split("\n")[0]?.trim() ?? "";
      const known = TABLES[table] ?? [...given.columns, ...given.names];
      expect(
        used(query).filter((name) => name !== table && !known.includes(name)),
        path,
      ).toEqual([]);
    }
  });

  it("are each part of an alert or of the workbook", () => {
    const bicep = `${text("infra/modules/alerts.bicep")}${text("infra/modules/workbook.bicep")}`;
    for (const path of [LINES, ...queries]) expect(bicep).toContain(path.replace("infra/", "../"));
  });

  it("count lines of which the host leaves out none", () => {
    const { samplingSettings } = JSON.parse(text("host.json")).logging.applicationInsights;
    expect(samplingSettings.excludedTypes.split(";")).toEqual(expect.arrayContaining(["Request", "Trace"]));
  });

  it("know the timer by its name", () => {
    const [, name] = /name == "([^"]+)"/.exec(text("infra/queries/timer-silent.kql")) ?? [];
    expect(functionNames()).toContain(name);
  });

  it("have each of their places filled", () => {
    const places = queries.flatMap((path) => text(path).match(/\{\{\w+\}\}/g) ?? []);
    expect([...new Set(places)].sort()).toEqual(["{{identity}}", "{{period}}", "{{storage}}", "{{vault}}"]);
    const rules = JSON.stringify(resources("private", "Microsoft.Insights/scheduledQueryRules"));
    // Only a deployment knows the identity; until then the place stands beside what fills it.
    expect(rules.match(/\{\{\w+\}\}/g)).toEqual(["{{identity}}", "{{identity}}"]);
  });
});

describe("alerts", () => {
  it("are raised for each trouble that needs a person", () => {
    const rules = resources("open", "Microsoft.Insights/scheduledQueryRules").map(({ name }) => name);
    expect(rules).toEqual([
      "prod-failed-rotation",
      "prod-failed-delivery",
      "prod-forbidden",
      "prod-untrusted-secret",
      "prod-trouble",
      "prod-no-look",
      "prod-timer-silent",
      "prod-poison",
      "prod-vault-forbidden",
    ]);
  });

  it("each tell somebody, and stand in the documentation", () => {
    for (const type of ["Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts"]) {
      for (const { name, properties } of resources("existing", type)) {
        const { actions } = properties;
        expect(actions.actionGroups?.[0] ?? actions[0].actionGroupId).toMatch(/actionGroups\/ag-platform$/);
        expect(text("docs/infrastructure.md")).toContain(`\`${name.replace(/^prod-(\w{13}-)?/, "")}\``);
      }
    }
  });

  it("of refusals leave out the answer that consent is left to people, which a first run gets by design", () => {
    const [query] = resources("open", "Microsoft.Insights/scheduledQueryRules")
      .filter(({ name }) => name === "prod-forbidden")
      .map(({ properties }) => properties.criteria.allOf[0].query);
    expect(query).toContain('code endswith "forbidden" and code != "consent-forbidden"');
  });

  it("look at an existing vault's refusals through the app's own log only", () => {
    const rules = resources("existing", "Microsoft.Insights/scheduledQueryRules").map(({ name }) => name);
    expect(rules).not.toContain("prod-vault-forbidden");
    expect(rules).toContain("prod-forbidden");
  });
});
