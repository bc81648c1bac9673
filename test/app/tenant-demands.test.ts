import { describe, expect, it } from "vitest";
import { registration } from "./administrator.ts";
import { openApp } from "./app.ts";

describe("a tenant in which every application must name its service", () => {
  const app = openApp();

  it("is told as such, and obeyed once SERVICE_MANAGEMENT_REFERENCE is set", async () => {
    app().cloud.directory.rules.demandsServiceManagementReference = true;
    const refused = await app().call("POST", "provision", {});
    expect(refused).toMatchObject({ status: 409, body: { code: "service-reference-missing" } });
    expect(refused.body.hint).toContain("SERVICE_MANAGEMENT_REFERENCE");
    await app().restart({ SERVICE_MANAGEMENT_REFERENCE: "service-4711" });
    await app().settle();
    for (const name of ["openmetadata-server", "openmetadata-ingestion"]) {
      expect(registration(app(), name)).toMatchObject({ serviceManagementReference: "service-4711" });
    }
    app().mark();
    await app().post("provision");
    expect(app().writes("graph")).toEqual([]);
  });

  it("leaves the service of an adopted registration alone, and names one where there is none", async () => {
    const [own, none] = [{ serviceManagementReference: "theirs" }, {}].map((more, index) => {
      const { clientId } = app().cloud.directory.registerByHand(`by hand ${index}`, {
        ...more,
        owners: [app().cloud.app.objectId],
      });
      return clientId;
    });
    await app().restart({
      SERVICE_MANAGEMENT_REFERENCE: "service-4711",
      SERVER_CLIENT_ID: own ?? "",
      INGESTION_CLIENT_ID: none ?? "",
    });
    await app().post("provision");
    const found = app().cloud.directory.applications();
    expect(found.find(({ appId }) => appId === own)).toMatchObject({ serviceManagementReference: "theirs" });
    expect(found.find(({ appId }) => appId === none)).toMatchObject({ serviceManagementReference: "service-4711" });
  });
});

describe("a directory that is full", () => {
  const app = openApp();

  it("for objects is told with how to make room", async () => {
    app().cloud.directory.rules.objectsPerPrincipal = 1;
    const { status, body } = await app().call("POST", "provision", {});
    expect({ status, body }).toMatchObject({ status: 409, body: { code: "directory-quota-exceeded" } });
    expect(body.hint).toContain("Delete applications that it owns");
    app().cloud.directory.rules.objectsPerPrincipal = 250;
  });

  it("for client secrets is told with which to remove", async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
    app().cloud.directory.rules.secretsPerObject = 0;
    const { status, body } = await app().call("POST", "rotate", {});
    expect({ status, body }).toMatchObject({ status: 409, body: { code: "directory-quota-exceeded" } });
    expect(body.hint).toContain("Remove unused client secrets");
  });
});
