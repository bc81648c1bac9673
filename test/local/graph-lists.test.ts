import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failure, GRAPH_APP_ID, type GraphWorld, SOME_ID, startGraph } from "./graph-world.ts";

let world: GraphWorld["world"];
let app: GraphWorld["app"];
let admin: GraphWorld["admin"];

const NAMES = ["Alpha", "Beta", "alphabet", "O'Hara"];

beforeEach(async () => {
  ({ world, app, admin } = await startGraph());
  for (const [place, displayName] of NAMES.entries()) {
    await app.post("/applications", {
      displayName,
      signInAudience: "AzureADMyOrg",
      tags: place % 2 === 0 ? ["even"] : [],
      identifierUris: [`api://${world.directory.tenantId}/${place}`],
    });
  }
});
afterEach(() => world.close());

const ADVANCED = { headers: { ConsistencyLevel: "eventual" } };
const namesOf = ({ value }: { value: { displayName: string }[] }) => value.map(({ displayName }) => displayName);
const filtered = async (filter: string) =>
  namesOf(await app.get(`/applications?$filter=${encodeURIComponent(filter)}`));
const advanced = async (query: string) => {
  const { status, body } = await app.raw("GET", `/applications?$count=true&${query}`, ADVANCED);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};

describe("a filter", () => {
  it.each([
    ["displayName eq 'alpha'", ["Alpha"]],
    ["displayName eq 'O''Hara'", ["O'Hara"]],
    ["displayName in ('Beta','O''Hara')", ["Beta", "O'Hara"]],
    ["startswith(displayName,'alpha')", ["Alpha", "alphabet"]],
    ["startsWith(displayName, 'Alpha') or displayName eq 'Beta'", ["Alpha", "Beta", "alphabet"]],
    ["displayName eq 'Beta' or startsWith(displayName,'a') and tags/any(t:t eq 'even')", ["Alpha", "Beta", "alphabet"]],
    ["(displayName eq 'Beta' or startsWith(displayName,'a')) and tags/any(t:t eq 'even')", ["Alpha", "alphabet"]],
    ["tags/any(t: t eq 'EVEN')", ["Alpha", "alphabet"]],
    ["tags/any(t:startswith(t,'ev'))", ["Alpha", "alphabet"]],
    ["web/redirectUris/any(u:u eq 'https://a.example/')", []],
    ["createdDateTime ge 2026-03-01T09:00:00Z", NAMES],
    ["createdDateTime gt 2026-03-01T09:00:00Z", []],
    ["displayName ge 'beta'", ["Beta", "O'Hara"]],
    ["serviceManagementReference eq null and displayName le 'alpha'", ["Alpha"]],
    ["signInAudience eq 'AzureADMyOrg' and displayName eq 'nobody'", []],
  ])("%s", async (filter, expected) => {
    expect((await filtered(filter)).sort()).toEqual([...expected].sort());
  });

  it.each([
    ["not startswith(displayName,'alpha')", ["Beta", "O'Hara"]],
    ["not (displayName eq 'Beta') and displayName ne 'Alpha'", ["O'Hara", "alphabet"]],
    ["endswith(displayName,'a')", ["Alpha", "Beta", "O'Hara"]],
    ["tags/$count eq 0", ["Beta", "O'Hara"]],
    ["NOT tags/any(t:t eq 'even')", ["Beta", "O'Hara"]],
    ["tags/all(t:t eq 'even')", NAMES],
  ])("%s, in advanced queries only", async (filter, expected) => {
    const query = `$filter=${encodeURIComponent(filter)}`;
    expect(namesOf(await advanced(query)).sort()).toEqual([...expected].sort());
    if (filter.includes("/all(")) return;
    expect(await failure(app.get(`/applications?${query}`))).toMatchObject({
      statusCode: 400,
      code: "Request_UnsupportedQuery",
    });
  });

  it("finds service principals by any of their names, as az does", async () => {
    const filter = `servicePrincipalNames/any(c:c eq '${GRAPH_APP_ID}')`;
    const { value } = await app.get(`/servicePrincipals?$filter=${filter}`);
    expect(namesOf({ value })).toEqual(["Microsoft Graph"]);
  });

  it.each([
    "displayName",
    "displayName eq",
    "displayName eq 'a' 'b'",
    "eq 'a'",
    "displayName eq 'a' and",
    "()",
    "tags/any(t)",
    "displayName like 'a'",
    "displayName eq %",
  ])("that is none is refused: %s", async (filter) => {
    expect(await failure(app.get(`/applications?$filter=${encodeURIComponent(filter)}`))).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining("Invalid filter clause"),
    });
  });

  it("has no more values than Graph takes", async () => {
    const values = Array.from({ length: 16 }, () => `'${SOME_ID}'`).join(",");
    expect(await failure(app.get(`/servicePrincipals?$filter=appId in (${values})`))).toMatchObject({
      code: "Request_UnsupportedQuery",
    });
  });
});

describe("sorting, searching and counting", () => {
  it("sorts, beside a filter in advanced queries only", async () => {
    const { value } = await app.get("/applications?$orderby=displayName desc");
    expect(namesOf({ value })).toEqual(["O'Hara", "Beta", "alphabet", "Alpha"]);
    const both = "$orderby=displayName&$filter=startswith(displayName,'alpha')";
    expect(await failure(app.get(`/applications?${both}`))).toMatchObject({
      message: "Sorting not supported for current query.",
    });
    expect(namesOf(await advanced(both))).toEqual(["Alpha", "alphabet"]);
  });

  it("searches for the beginnings of words", async () => {
    const { status, body } = await app.raw("GET", '/applications?$search="displayName:hara"', ADVANCED);
    expect([status, namesOf(body)]).toEqual([200, ["O'Hara"]]);
  });

  it("counts for who accepts staler answers", async () => {
    expect((await advanced("$top=1&$filter=startswith(displayName,'alpha')"))["@odata.count"]).toBe(2);
    const { status, body } = await app.raw("GET", "/applications/$count", ADVANCED);
    expect([status, body]).toEqual([200, 4]);
    expect(await app.get("/applications?$count=true")).not.toHaveProperty("@odata.count");
  });
});

describe("pages", () => {
  /** Follows the links of a list to its end. */
  const pagesOf = async (path: string) => {
    const pages: unknown[][] = [];
    for (let next: string | undefined = path; next; ) {
      const { value, "@odata.nextLink": link } = await admin.get(next.replace(`${world.graphUrl}/v1.0`, ""));
      pages.push(value);
      next = link;
    }
    return pages;
  };

  it("can be made small for every list, whatever a client asks for", async () => {
    world.graph.pageSize = 2;
    const pages = await pagesOf("/applications?$top=100&$select=displayName");
    expect(pages).toEqual([
      [{ displayName: "Alpha" }, { displayName: "Beta" }],
      [{ displayName: "alphabet" }, { displayName: "O'Hara" }],
    ]);
    const graph = world.directory.servicePrincipals().find(({ appId }) => appId === GRAPH_APP_ID);
    expect((await pagesOf(`/servicePrincipals/${graph?.id}/appRoleAssignedTo`)).length).toBeGreaterThan(1);
    expect(await failure(app.get("/applications?$skiptoken=2"))).toMatchObject({ code: "Directory_ExpiredPageToken" });
  });

  it("show a person's consent before the tenant-wide one that came later", async () => {
    const [first] = world.directory.applications();
    const name = first?.appId ?? "";
    await app.post("/servicePrincipals", { appId: name });
    const { grantId } = world.directory.consentByPerson({ name, resourceClientId: GRAPH_APP_ID, scope: "openid" });
    const [own] = world.directory.grants();
    await admin.post("/oauth2PermissionGrants", {
      clientId: own?.clientId,
      resourceId: own?.resourceId,
      consentType: "AllPrincipals",
      scope: "openid",
    });
    world.graph.pageSize = 1;
    const pages = await pagesOf(`/oauth2PermissionGrants?$filter=clientId eq '${own?.clientId}'`);
    expect(pages).toMatchObject([[{ id: grantId, consentType: "Principal" }], [{ consentType: "AllPrincipals" }]]);
    const wide = `clientId eq '${own?.clientId}' and consentType eq 'AllPrincipals'`;
    expect((await admin.get(`/oauth2PermissionGrants?$filter=${wide}`)).value).toHaveLength(1);
    expect(await pagesOf(`/servicePrincipals/${own?.clientId}/oauth2PermissionGrants`)).toHaveLength(2);
  });

  it("are not what $expand gives: twenty, and not a word of the rest", async () => {
    const api = world.directory.createApi({
      displayName: "api",
      appRoles: Array.from({ length: 21 }, (_, index) => `Role.${index}`),
    });
    for (let index = 0; index < 21; index += 1) {
      world.directory.assignRole({
        principalObjectId: app.objectId,
        apiClientId: api.clientId,
        role: `Role.${index}`,
      });
    }
    const one = await admin.get(`/servicePrincipals/${api.objectId}?$expand=appRoleAssignedTo($select=id)`);
    expect(one.appRoleAssignedTo).toHaveLength(20);
    expect(Object.keys(one.appRoleAssignedTo[0])).toEqual(["id"]);
    expect(one).not.toHaveProperty("appRoleAssignedTo@odata.nextLink");
    expect((await admin.get(`/servicePrincipals/${api.objectId}/appRoleAssignedTo`)).value).toHaveLength(21);
  });
});

describe("a property of a type that Graph has", () => {
  const notModelled = { status: 501, body: { error: { code: "NotModelled" } } };
  const unknown = (name: string, type: string) => ({
    status: 400,
    body: { error: { code: "BadRequest", message: expect.stringContaining(`'${name}' on type '${type}'`) } },
  });

  it.each([
    "/organization?$select=id,technicalNotificationMails",
    "/organization?$filter=country eq 'DE'",
    "/applications?$select=id,logo",
    "/applications?$filter=logo eq 'x'",
    "/servicePrincipals?$select=customSecurityAttributes",
  ])("and this stand-in has not is never told to be missing, in Graph's words: %s", async (path) => {
    expect(await admin.raw("GET", encodeURI(path))).toMatchObject(notModelled);
  });

  it("and is that of an owner's own type can be selected", async () => {
    const { value } = await app.get("/applications?$top=1");
    const path = `/applications/${value[0].id}/owners`;
    expect((await app.get(`${path}?$select=id,displayName`)).value).toMatchObject([{ displayName: "caller" }]);
    expect(await app.raw("GET", `${path}?$select=userPrincipalName`)).toMatchObject(notModelled);
  });

  it.each([
    ["/oauth2PermissionGrants?$select=nothing", "nothing", "microsoft.graph.oAuth2PermissionGrant"],
    ["/applications?$filter=displayName eq 'nobody'&$select=nothing", "nothing", "microsoft.graph.application"],
  ])("is known in a selection though the list is empty: %s", async (path, name, type) => {
    expect(await admin.raw("GET", encodeURI(path))).toMatchObject(unknown(name, type));
  });
});

describe("an option of a query", () => {
  it.each(["select=id", "top=1", "filter=appId eq 'x'"])("is not overlooked without its dollar: %s", async (option) => {
    expect((await app.raw("GET", encodeURI(`/applications?${option}`))).status).toBe(501);
  });

  it("that asks for the number says so by true or false", async () => {
    expect(await app.raw("GET", "/applications?$count=maybe", ADVANCED)).toMatchObject({
      status: 400,
      body: { error: { code: "BadRequest" } },
    });
    expect((await app.raw("GET", "/applications?$count=false", ADVANCED)).body).not.toHaveProperty("@odata.count");
  });
});
