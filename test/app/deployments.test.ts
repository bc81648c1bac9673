import { describe, expect, it } from "vitest";
import { registration } from "./administrator.ts";
import { openApp } from "./app.ts";

/** Two deployments instead of the one of the local cloud; their servers are down (nothing may listen on port 9). */
const app = openApp({
  settings: {
    OPENMETADATA_URL: "",
    PRINCIPAL_DOMAIN: "",
    DEPLOYMENTS: JSON.stringify([
      { name: "blue", openMetadataUrl: "https://blue.localhost:9/catalogue/" },
      { name: "green", openMetadataUrl: "https://green.localhost:9", signInFlow: "auth-code" },
    ]),
  },
});

const names = (): string[] =>
  app()
    .cloud.directory.applications()
    .flatMap(({ uniqueName }) => uniqueName ?? []);

describe("with several deployments", () => {
  it.each(["provision", "consent", "rotate"])("POST /api/%s wants to be told which, and names them", async (path) => {
    app().mark();
    const { status, body } = await app().call("POST", path, {});
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: "deployment-unknown", hint: expect.stringMatching(/"blue", "green"/) },
    });
    expect([...app().requests("graph"), ...app().requests("key-vault")]).toEqual([]);
  });

  it.each(["provision", "consent", "rotate"])("POST /api/%s refuses one that there is not", async (path) => {
    app().mark();
    const { status, body } = await app().call("POST", path, { deployment: "red" });
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('"red"'), hint: expect.stringMatching(/"blue", "green"/) },
    });
    expect([...app().requests("graph"), ...app().requests("key-vault")]).toEqual([]);
  });

  it("provisions the one that is named, with its own URL and flow, and leaves the other", async () => {
    const { body } = await app().post("provision", { deployment: "blue" });
    expect(body.deployment).toBe("blue");
    expect(names()).toEqual(["blue-server", "blue-ingestion"]);
    expect(registration(app(), "blue-server").spa.redirectUris).toEqual([
      "https://blue.localhost:9/catalogue/callback",
    ]);
    await app().post("provision", { deployment: "green" });
    expect(names()).toEqual(["blue-server", "blue-ingestion", "green-server", "green-ingestion"]);
    expect(registration(app(), "green-server").web.redirectUris).toEqual(["https://green.localhost:9/callback"]);
  });

  it("gives each its own scope and role", () => {
    const ids = ["blue-server", "green-server"].flatMap((name) => {
      const { api, appRoles } = registration(app(), name);
      return [...api.oauth2PermissionScopes, ...appRoles].map(({ id }) => id);
    });
    expect(new Set(ids).size).toBe(4);
  });

  it("consents to the one that is named", async () => {
    await app().post("consent", { deployment: "blue" });
    expect(app().cloud.directory.grants()).toHaveLength(2);
    await app().post("consent", { deployment: "green" });
    expect(app().cloud.directory.grants()).toHaveLength(4);
  });

  it("GET /api/status tells of all, or of the one that is named", async () => {
    const tells = async (query: string) => {
      const { status, body } = await app().call("GET", `status${query}`);
      expect(status).toBe(200);
      return (body.deployments as { deployment: string }[]).map(({ deployment }) => deployment);
    };
    expect(await tells("")).toEqual(["blue", "green"]);
    expect(await tells("?deployment=green")).toEqual(["green"]);
  });

  it.each([
    ["?limit=1", ["blue"], "blue"],
    ["?limit=1&after=blue", ["green"], undefined],
    ["?after=green", [], undefined],
    ["?limit=2", ["blue", "green"], undefined],
  ])("GET /api/status%s is a page, and names the next", async (query, names, next) => {
    const { status, body } = await app().call("GET", `status${query}`);
    expect(status).toBe(200);
    expect((body.deployments as { deployment: string }[]).map(({ deployment }) => deployment)).toEqual(names);
    expect(body.next).toBe(next);
  });

  it.each([
    ["limit=0", "query-invalid"],
    ["limit=101", "query-invalid"],
    ["limit=", "query-invalid"],
    ["limit=1.5", "query-invalid"],
    ["limit=1e1", "query-invalid"],
    ["after=red", "deployment-unknown"],
    ["after=", "deployment-unknown"],
    ["deployment=blue&limit=1", "query-invalid"],
    ["deployment=blue&after=blue", "query-invalid"],
  ])("GET /api/status?%s is refused", async (query, code) => {
    app().mark();
    expect(await app().call("GET", `status?${query}`)).toMatchObject({ status: 400, body: { code } });
    expect(app().exchanges).toEqual([]);
  });

  it.each(["red", ""])("GET /api/status refuses the deployment %j, which there is not", async (name) => {
    app().mark();
    const { status, body } = await app().call("GET", `status?deployment=${name}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { hint: expect.stringMatching(/"blue", "green"/) } });
    expect(app().exchanges).toEqual([]);
  });
});
