import { randomUUID } from "node:crypto";
import { type Case, Difference, expectSeen, NotThere, record, type Tenant } from "../case.ts";

const MAKES = ["an app registration", "a service principal", "a role or a grant of it, on itself only"];

/** The run's application with a role and a scope of its own. Nothing is granted on the API of anybody else. */
async function exposed({ application, graph, principal, eventually }: Tenant) {
  const { id } = await application();
  const roleId = randomUUID();
  const appRoles = [
    {
      id: roleId,
      value: "Conformance.Run",
      displayName: "run",
      description: "run",
      allowedMemberTypes: ["Application"],
      isEnabled: true,
    },
  ];
  const scope = {
    id: randomUUID(),
    value: "Conformance.Read",
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "read",
    adminConsentDescription: "read",
  };
  const now = record((await graph("GET", `/applications/${id}?$select=appRoles,api`)).json);
  const there = Array.isArray(now.appRoles) ? (now.appRoles as { id: string }[])[0] : undefined;
  if (!there)
    expectSeen(
      await graph("PATCH", `/applications/${id}`, { body: { appRoles, api: { oauth2PermissionScopes: [scope] } } }),
      { status: 204 },
    );
  const self = await principal();
  const role = there?.id ?? roleId;
  await eventually(
    () => graph("GET", `/servicePrincipals/${self}`),
    ({ json }) => JSON.stringify(json).includes(role),
  );
  return { self, role };
}

/** What needs the permissions to assign app roles and to consent. */
export const CONSENT: Case[] = (
  [
    {
      id: "graph-assign-twice",
      claim: "an app role that was assigned already is refused by its message",
      makes: MAKES,
      async run(tenant) {
        const { self, role } = await exposed(tenant);
        const assign = () =>
          tenant.graph("POST", `/servicePrincipals/${self}/appRoleAssignedTo`, {
            body: { principalId: self, resourceId: self, appRoleId: role },
          });
        expectSeen(await tenant.eventually(assign, ({ status }) => status === 201), { status: 201 });
        const again = await assign();
        expectSeen(again, { status: [400, 409], says: "already exists" });
        return `status ${again.status}`;
      },
    },
    {
      id: "graph-assign-by-application-rights",
      claim: "Application.ReadWrite.All alone may assign an app role that is not one of Microsoft Graph",
      makes: MAKES,
      async run(tenant) {
        const held = await tenant.permissions();
        if (!held.includes("Application.ReadWrite.All") || held.includes("AppRoleAssignment.ReadWrite.All"))
          throw new NotThere(
            "sign in as an application that has Application.ReadWrite.All and may not assign roles otherwise",
          );
        const { self, role } = await exposed(tenant);
        const seen = await tenant.eventually(
          () =>
            tenant.graph("POST", `/servicePrincipals/${self}/appRoleAssignedTo`, {
              body: { principalId: self, resourceId: self, appRoleId: role },
            }),
          ({ status }) => status === 201,
        );
        if (seen.status === 403) throw new Difference("it may not");
        expectSeen(seen, { status: 201 });
        return undefined;
      },
    },
    {
      id: "graph-grant-twice",
      claim: "a tenant-wide grant that exists already is refused by its message",
      makes: MAKES,
      async run(tenant) {
        const { self } = await exposed(tenant);
        const body = { clientId: self, consentType: "AllPrincipals", resourceId: self, scope: "Conformance.Read" };
        const grant = () => tenant.graph("POST", "/oauth2PermissionGrants", { body });
        expectSeen(await tenant.eventually(grant, ({ status }) => status === 201), { status: 201 });
        const again = await grant();
        expectSeen(again, { status: [400, 409], says: "already exists" });
        return `status ${again.status}`;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["consent"] }));
