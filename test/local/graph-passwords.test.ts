import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { APP, badRequest, denied, failure, type GraphWorld, SOME_ID, startGraph } from "./graph-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];
let create: GraphWorld["create"];

beforeEach(async () => {
  ({ world, app, admin, create } = await startGraph());
});
afterEach(() => world.close());

describe("passwords", () => {
  it("are shown with their value once", async () => {
    const { id } = await create();
    const added = await app.post(`/applications/${id}/addPassword`, { passwordCredential: { displayName: "om r1" } });
    expect(added).toMatchObject({
      displayName: "om r1",
      startDateTime: "2026-03-01T09:00:00Z",
      endDateTime: "2028-03-01T09:00:00Z",
    });
    expect(added.secretText).toMatch(/^\w{3}8Q~[\w.~-]{34}$/);
    expect(added.hint).toBe(added.secretText.slice(0, 3));
    const { passwordCredentials } = await app.get(`/applications/${id}?$select=passwordCredentials`);
    const { "@odata.context": _context, ...shown } = added;
    expect(passwordCredentials).toEqual([{ ...shown, secretText: null }]);
    expect(world.directory.applications()[0]?.secrets[0]?.value).toBe(added.secretText);
  });

  it("are added and removed by application id, but not by unique name", async () => {
    const { appId } = await create();
    const { keyId } = await app.post(`/applications(appId='${appId}')/addPassword`);
    expect(await failure(app.post(`${APP}/addPassword`))).toMatchObject({ statusCode: 400 });
    await app.post(`/applications(appId='${appId}')/removePassword`, { keyId });
    expect(await failure(app.post(`/applications(appId='${appId}')/removePassword`, { keyId }))).toEqual(
      badRequest(`No password credential found with keyId '${keyId}'.`),
    );
    expect(world.directory.applications()[0]?.secrets).toEqual([]);
  });

  it("keep those that others made", async () => {
    const { id } = await create();
    const foreign = world.directory.addPasswordByHand("om-app", { displayName: "by hand" });
    await app.post(`/applications/${id}/addPassword`);
    const { passwordCredentials } = await app.get(APP);
    expect(passwordCredentials).toHaveLength(2);
    world.directory.removePasswordByHand(foreign.keyId);
    expect((await app.get(APP)).passwordCredentials).toHaveLength(1);
  });

  it.each([
    ["an end in the past", { endDateTime: "2026-02-28T00:00:00Z" }, "KeyCredentialsInvalidEndDate"],
    ["a start long ago", { startDateTime: "2026-02-01T00:00:00Z" }, "KeyCredentialsInvalidStartDate"],
    ["a date without a time", { endDateTime: "2026-04-01" }, "Request_BadRequest"],
  ])("refuse %s", async (_what, passwordCredential, code) => {
    const { id } = await create();
    const refused = await failure(app.post(`/applications/${id}/addPassword`, { passwordCredential }));
    expect(refused).toMatchObject({ statusCode: 400, code });
  });

  const lifetime = (maxLifetime: string) => ({
    restrictionType: "passwordLifetime" as const,
    state: "enabled" as const,
    maxLifetime,
    restrictForAppsCreatedAfterDateTime: null,
  });
  const until = (endDateTime: string) => ({ passwordCredential: { endDateTime } });

  it("honour the lifetime that the tenant allows", async () => {
    const { id } = await create();
    world.directory.policies.tenant.applicationRestrictions.passwordCredentials.push(lifetime("P30D"));
    const tooLong = app.post(`/applications/${id}/addPassword`, until("2026-03-31T09:00:01Z"));
    expect(await failure(tooLong)).toEqual({
      statusCode: 400,
      code: "CredentialInvalidLifetimeAsPerAppPolicy",
      message:
        "Credential lifetime exceeds the max value allowed as per assigned policy '00000000-0000-0000-0000-000000000000'.",
    });
    await app.post(`/applications/${id}/addPassword`, until("2026-03-31T09:00:00Z"));
  });

  it("put the application's own policy before the tenant's", async () => {
    const { id } = await create();
    const { tenant, ofApplication } = world.directory.policies;
    const forbidden = { ...lifetime("P1D"), restrictionType: "passwordAddition" as const, maxLifetime: null };
    tenant.applicationRestrictions.passwordCredentials.push(forbidden);
    expect(await failure(app.post(`/applications/${id}/addPassword`))).toMatchObject({
      statusCode: 400,
      code: "CredentialTypeNotAllowedAsPerAppPolicy",
      message: expect.stringContaining("Credential type not allowed as per assigned policy"),
    });
    const own = { id: SOME_ID, displayName: "own", description: "", isEnabled: true };
    const allowed = { ...forbidden, state: "disabled" as const };
    ofApplication.set(id, { ...own, restrictions: { passwordCredentials: [allowed], keyCredentials: [] } });
    await app.post(`/applications/${id}/addPassword`);
    const { value } = await admin.get(`/applications/${id}/appManagementPolicies`);
    expect(value).toEqual([expect.objectContaining({ id: SOME_ID })]);
  });

  it("come with a tenant policy to be read, which restricts none of them at first", async () => {
    const policy = await admin.get("/policies/defaultAppManagementPolicy");
    expect(policy.applicationRestrictions.passwordCredentials).toEqual([]);
    expect(await failure(app.get("/policies/defaultAppManagementPolicy"))).toEqual(denied);
  });
});
