import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCaller, failure, type GraphWorld, SOME_ID, startGraph } from "./graph-world.ts";

const DEFINITIONS = "/roleManagement/directory/roleDefinitions";
const ASSIGNMENTS = "/roleManagement/directory/roleAssignments";
const UPDATE = "microsoft.directory/applications/credentials/update";

let world: GraphWorld["world"];
let create: GraphWorld["create"];
let chief: Awaited<ReturnType<typeof createCaller>>;
let keeper: Awaited<ReturnType<typeof createCaller>>;

beforeEach(async () => {
  ({ world, create } = await startGraph());
  chief = await createCaller(world, ["RoleManagement.ReadWrite.Directory"]);
  keeper = await createCaller(world, []);
});
afterEach(() => world.close());

const definition = (action = UPDATE) => ({
  displayName: "keeper of one",
  isEnabled: true,
  rolePermissions: [{ allowedResourceActions: [action] }],
});
const assignment = (roleDefinitionId: string, applicationId: string) => ({
  roleDefinitionId,
  principalId: keeper.objectId,
  directoryScopeId: `/${applicationId}`,
});

describe("a custom role over one application", () => {
  it("lets add and remove passwords there, and nothing else", async () => {
    const { id } = await create();
    const { id: role } = await chief.post(DEFINITIONS, definition());
    expect(await failure(keeper.post(`/applications/${id}/addPassword`))).toMatchObject({ statusCode: 403 });
    const { id: given } = await chief.post(ASSIGNMENTS, assignment(role, id));
    const { keyId } = await keeper.post(`/applications/${id}/addPassword`);
    await keeper.post(`/applications/${id}/removePassword`, { keyId });
    expect(await failure(keeper.patch(`/applications/${id}`, { displayName: "x" }))).toMatchObject({ statusCode: 403 });
    expect(await failure(keeper.delete(`/applications/${id}`))).toMatchObject({ statusCode: 403 });
    await chief.delete(`${ASSIGNMENTS}/${given}`);
    expect(await failure(keeper.post(`/applications/${id}/addPassword`))).toMatchObject({ statusCode: 403 });
  });

  it("is given by whoever may give roles, and stays while it is assigned", async () => {
    const { id } = await create();
    expect(await failure(keeper.post(DEFINITIONS, definition()))).toMatchObject({ statusCode: 403 });
    const { id: role } = await chief.post(DEFINITIONS, definition());
    expect(await failure(keeper.post(ASSIGNMENTS, assignment(role, id)))).toMatchObject({ statusCode: 403 });
    const { id: given } = await chief.post(ASSIGNMENTS, assignment(role, id));
    expect(await failure(chief.delete(`${DEFINITIONS}/${role}`))).toMatchObject({ statusCode: 400 });
    await chief.delete(`${ASSIGNMENTS}/${given}`);
    await chief.delete(`${DEFINITIONS}/${role}`);
    expect(await failure(chief.delete(`${DEFINITIONS}/${role}`))).toMatchObject({ statusCode: 404 });
  });

  it("is known with this action, over an application that there is, and nothing is said of others", async () => {
    const { id } = await create();
    const other = definition("microsoft.directory/applications/create");
    expect(await failure(chief.post(DEFINITIONS, other))).toMatchObject({ statusCode: 501 });
    const { id: role } = await chief.post(DEFINITIONS, definition());
    const everywhere = { ...assignment(role, id), directoryScopeId: "/" };
    expect(await failure(chief.post(ASSIGNMENTS, everywhere))).toMatchObject({ statusCode: 501 });
    expect(await failure(chief.post(ASSIGNMENTS, assignment(role, SOME_ID)))).toMatchObject({ statusCode: 400 });
    expect(await failure(chief.post(ASSIGNMENTS, assignment(SOME_ID, id)))).toMatchObject({ statusCode: 404 });
  });
});
