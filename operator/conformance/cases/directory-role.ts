import { type Case, Difference, expectSeen, record, type Tenant } from "../case.ts";

const MINUTES = 10;
const ACTION = "microsoft.directory/applications/credentials/update";

/** Gives the throw-away service principal a new role over one application and no other. */
async function giveRole(tenant: Tenant, applicationId: string): Promise<void> {
  const displayName = tenant.newName();
  const definition = await tenant.postToGraph("/roleManagement/directory/roleDefinitions", {
    displayName,
    description: "Made by a test of conformance, and removed by it",
    isEnabled: true,
    rolePermissions: [{ allowedResourceActions: [ACTION] }],
  });
  expectSeen(definition, { status: 201 });
  const principalId = await tenant.principal();
  const assign = () =>
    tenant.postToGraph("/roleManagement/directory/roleAssignments", {
      principalId,
      roleDefinitionId: String(record(definition.json).id),
      directoryScopeId: `/${applicationId}`,
    });
  // What was just made is not known everywhere yet.
  const assigned = await tenant.eventually(assign, ({ status }) => ![400, 404].includes(status));
  expectSeen(assigned, { status: 201 });
}

/** Roles of Entra. */
export const DIRECTORY_ROLE: Case[] = [
  {
    id: "entra-role-one-application",
    claim:
      "a role of one's own with credentials/update, over one application, allows addPassword there and nothing else",
    needs: ["directory-role"],
    makes: [
      "three app registrations",
      "a service principal",
      "client secrets",
      "a custom role of Entra",
      "its assignment to that service principal, over one of the app registrations",
    ],
    waits: MINUTES,
    async run(tenant) {
      const [mine, other] = [await tenant.application({}), await tenant.application({})];
      await tenant.secret();
      await giveRole(tenant, mine.id);
      const add = (id: string) => async () =>
        (await tenant.graphAsApplication())("POST", `/applications/${id}/addPassword`, { body: {} });
      const added = await tenant.eventually(add(mine.id), ({ status }) => status === 200, MINUTES);
      if (added.status === 403) throw new Difference(`addPassword was still refused after ${MINUTES} minutes`);
      expectSeen(added, { status: 200 });
      expectSeen(await add(other.id)(), { status: 403 });
      const graph = await tenant.graphAsApplication();
      expectSeen(await graph("PATCH", `/applications/${mine.id}`, { body: { displayName: tenant.newName() } }), {
        status: 403,
      });
      return undefined;
    },
  },
];
