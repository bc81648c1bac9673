import { describe, expect, it } from "vitest";
import { API_ROLES, AZURE_CLI, apiRole, apiScope } from "../../operator/permit/api-registration.ts";
import { text } from "./committed.ts";

const registration = text("infra/graph/api-registration.bicep");
const onceThere = text("infra/graph/once-there.bicep");

/** An object as Bicep writes it; its id is computed there. */
function written(one: object, id: string): string {
  const value = (of: unknown): string =>
    Array.isArray(of) ? `[${of.map(value).join(", ")}]` : typeof of === "string" ? `'${of}'` : String(of);
  const lines = Object.entries(one).map(([name, of]) => `${name}: ${name === "id" ? id : value(of)}`);
  return lines.join(`\n${" ".repeat(6)}`);
}

describe("infra/graph", () => {
  it("makes the registration that npm run permit makes, word by word", () => {
    for (const [role, id] of [
      [API_ROLES[0], "runRole"],
      [API_ROLES[1], "readRole"],
    ] as const) {
      expect(registration).toContain(`var ${id} = guid(name, '${role}')`);
      expect(registration).toContain(written(apiRole("any", role), id));
    }
    const scope = apiScope("any");
    expect(registration).toContain(`var scope = guid(name, '${scope.value}')`);
    expect(registration).toContain(written(scope, "scope"));
    expect(registration).toContain("appRoleAssignmentRequired: true");
  });

  // Graph refuses an update that does both: microsoftgraph/microsoft-graph-docs #20177.
  it("pre-authorizes the Azure CLI by a step of its own, once the scope is there", () => {
    expect(registration).not.toContain("preAuthorizedApplications");
    expect(registration).toContain("clientId: registration.appId");
    expect(onceThere).toContain(`var azureCli = '${AZURE_CLI}'`);
    expect(onceThere).toContain("preAuthorizedApplications: [{ appId: azureCli, delegatedPermissionIds: [scope] }]");
  });
});
