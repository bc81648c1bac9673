import { describe, expect, it } from "vitest";
import { EXAMPLES, filesBelow, resources, text } from "./committed.ts";

interface Row {
  role: string;
  id: string;
  reason: string;
}

/** The table of docs/infrastructure.md. */
const table: Row[] = (/role-assignments:start -->\n([\s\S]*?)<!-- role/.exec(text("docs/infrastructure.md"))?.[1] ?? "")
  .trim()
  .split("\n")
  .slice(2)
  .map((line) => {
    const [, role = "", id = "", , , reason = ""] = line.split("|").map((cell) => cell.trim().replace(/^`|`$/g, ""));
    return { role, id, reason };
  });

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const assigned = EXAMPLES.flatMap((example) => {
  const custom = resources(example, "Microsoft.Authorization/roleDefinitions").map(({ id }) => GUID.exec(id)?.[0]);
  return resources(example, "Microsoft.Authorization/roleAssignments").map(({ properties }) => {
    const id = GUID.exec(properties.roleDefinitionId)?.[0] ?? "";
    return { id: custom.includes(id) ? "made here" : id, reason: properties.description };
  });
});

/** README's table, or wherever it was moved. */
const permissions = ["README.md", ...filesBelow("docs").filter((path) => path.endsWith(".md"))]
  .flatMap((path) => text(path).split("\n"))
  .filter((line) => /^\| (Microsoft Graph|Key Vault|App Service) \|/.test(line))
  .map((line) => line.split("|")[2] ?? "");

describe("role assignments", () => {
  it("are those of the table, each for the reason that it gives", () => {
    const told = table.map(({ id, reason }) => `${id}: ${reason}`);
    expect([...new Set(assigned.map(({ id, reason }) => `${id}: ${reason}`))].sort()).toEqual(told.sort());
  });

  it("are scoped to one resource each, never to a resource group", () => {
    for (const { id } of EXAMPLES.flatMap((one) => resources(one, "Microsoft.Authorization/roleAssignments"))) {
      expect(id).toMatch(/\/providers\/Microsoft\.(?!Authorization).+\/providers\/Microsoft\.Authorization\//);
    }
  });

  it("of the custom role let nobody delete, purge, back up or restore", () => {
    const [role] = resources("existing", "Microsoft.Authorization/roleDefinitions");
    expect(role?.properties.permissions[0].actions).toEqual([]);
    const may: string[] = role?.properties.permissions[0].dataActions;
    expect(may.map((action) => action.split("/").at(-2)).sort()).toEqual([
      "getSecret",
      "readMetadata",
      "setSecret",
      "update",
    ]);
  });
});

describe("the permissions that the documentation lists", () => {
  it("in Microsoft Graph are those that infra/graph/permissions.bicep grants, and OwnedBy alone unasked", () => {
    const bicep = text("infra/graph/permissions.bicep");
    const [, grantable = "", unasked = ""] = /param permissions \(([^)]*)\)\[\] = \[([^\]]*)\]/.exec(bicep) ?? [];
    const named = permissions.flatMap((cell) => cell.match(/`\w+(\.\w+)+`/g) ?? []);
    expect((grantable.match(/'[^']+'/g) ?? []).sort()).toEqual(named.map((name) => name.replaceAll("`", "'")).sort());
    expect(unasked).toBe("'Application.ReadWrite.OwnedBy'");
  });

  it("in Azure are granted here", () => {
    const roles = permissions.flatMap((cell) =>
      [...cell.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, role]) => role),
    );
    expect(roles).toEqual(["Key Vault Secrets Officer", "Website Contributor"]);
    for (const role of roles) expect(table.map((row) => row.role)).toContain(role);
  });
});
