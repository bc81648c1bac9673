import { describe, expect, it } from "vitest";
import { z } from "zod";
import { consents } from "../../shared/clients/graph/consents.ts";
import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { explainNamesake } from "../../shared/clients/graph/namesakes.ts";
import { listAll } from "../../shared/clients/graph/pages.ts";
import { UpstreamError } from "../../shared/errors.ts";

const said = (status: number, message: string) => new UpstreamError(message, { service: "Microsoft Graph", status });

/** A Graph that answers by verb and path, or fails with it; what it was asked, and how often it was waited for. */
function answering(answers: Record<string, unknown>) {
  const asked: (GraphRequest & { verb: string })[] = [];
  let awaited = 0;
  const ask = (verb: string) => async (request: GraphRequest) => {
    asked.push({ verb, ...request });
    const answer = answers[`${verb} ${request.path}`];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const graph = {
    url: "https://graph.example",
    get: ask("get"),
    post: ask("post"),
    patch: ask("patch"),
    onceReplicated: (request: () => Promise<unknown>) => {
      awaited += 1;
      return request();
    },
  } as Graph;
  return { graph, asked, awaited: () => awaited, ...consents(graph) };
}

describe("service principals", () => {
  const role = { resourceId: "r", appRoleId: "a" };

  it("are read by their client ids, with the roles that they were assigned", async () => {
    const found = { id: "sp", appId: "o'1", createdByAppId: null, appRoleAssignmentRequired: true };
    const { principals, asked } = answering({
      "get /servicePrincipals": {
        value: [
          { ...found, appRoleAssignments: [role] },
          { id: "x", appId: "y" },
        ],
      },
    });
    const { id: objectId, ...rest } = found;
    expect(await principals(["o'1", "y"], "y")).toEqual([
      { ...rest, objectId, assigned: [role] },
      { appId: "y", objectId: "x", assigned: [] },
    ]);
    expect(asked).toEqual([
      {
        verb: "get",
        action: "read the service principals",
        path: "/servicePrincipals",
        query: {
          $filter: "appId in ('o''1','y')",
          $select: "id,appId,createdByAppId,appRoleAssignmentRequired",
          $expand: "appRoleAssignments",
        },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it("of which fewer than 20 roles are shown have no others", async () => {
    const found = { id: "sp", appId: "a", appRoleAssignments: Array(19).fill(role) };
    const { principals, asked } = answering({ "get /servicePrincipals": { value: [found] } });
    expect((await principals(["a"], "b"))[0]?.assigned).toHaveLength(19);
    expect(asked).toHaveLength(1);
  });

  it("of which 20 roles are shown may have others: those on the resource are asked for, and no others", async () => {
    const { principals, asked } = answering({
      "get /servicePrincipals": {
        value: [
          { id: "sp", appId: "a", appRoleAssignments: Array(20).fill({ ...role, resourceId: "x" }) },
          { id: "0f", appId: "server" },
        ],
      },
      "get /servicePrincipals/sp/appRoleAssignments": { value: [role] },
    });
    expect((await principals(["a", "server"], "server"))[0]?.assigned).toEqual([role]);
    expect(asked[1]).toMatchObject({ query: { $filter: "resourceId eq 0f" } });
  });

  it("whose resource is not there yet are asked for all of them", async () => {
    const { principals, asked } = answering({
      "get /servicePrincipals": { value: [{ id: "sp", appId: "a", appRoleAssignments: Array(20).fill(role) }] },
      "get /servicePrincipals/sp/appRoleAssignments": { value: Array(25).fill(role) },
    });
    expect((await principals(["a"], "server"))[0]?.assigned).toHaveLength(25);
    expect(asked[1]).not.toHaveProperty("query");
  });

  it("whose roles cannot be read are told so", async () => {
    const { principals } = answering({
      "get /servicePrincipals": { value: [{ id: "sp", appId: "a", appRoleAssignments: Array(20).fill(role) }] },
    });
    await expect(principals(["a"], "b")).rejects.toThrow("Cannot read the app role assignments");
  });

  it("are assigned a role, or have it already, and every other refusal is told", async () => {
    const path = "/servicePrincipals/r/appRoleAssignedTo";
    const wanted = { principalId: "p", ...role };
    const { assignAppRole, asked, awaited } = answering({});
    await assignAppRole(wanted);
    expect(asked).toEqual([{ verb: "post", action: "assign the app role", path, body: wanted }]);
    expect(awaited()).toBe(1);
    for (const status of [400, 409]) {
      await answering({ [`post ${path}`]: said(status, "It already EXISTS on the object") }).assignAppRole(wanted);
    }
    for (const failure of [
      said(403, "already exists"),
      said(409, "conflict"),
      Object.assign(new Error("already exists"), { status: 400 }),
    ]) {
      await expect(answering({ [`post ${path}`]: failure }).assignAppRole(wanted)).rejects.toBe(failure);
    }
  });
});

describe("a delegated grant", () => {
  const grants = "/oauth2PermissionGrants";
  const existing = (scope: string | null, resourceId = "r") => ({ value: [{ id: "g", resourceId, scope }] });
  const wanted = { clientId: "c", resourceId: "r", scopes: ["openid", "email"], grantId: undefined };
  const taken = said(409, "Permission entry already exists.");

  it("counts where it is for everybody, scope by scope", async () => {
    const { grantsOf, asked } = answering({ [`get ${grants}`]: existing(" openid  email ") });
    expect(await grantsOf("c'1")).toEqual([{ id: "g", resourceId: "r", scopes: ["openid", "email"] }]);
    expect(asked).toMatchObject([
      {
        action: "read the delegated grants",
        query: { $filter: "clientId eq 'c''1' and consentType eq 'AllPrincipals'" },
      },
    ]);
    expect(await answering({ [`get ${grants}`]: existing(null) }).grantsOf("c")).toMatchObject([{ scopes: [] }]);
  });

  it("is made for everybody", async () => {
    const { grant, asked, awaited } = answering({});
    expect(await grant(wanted)).toBe(true);
    const body = { clientId: "c", consentType: "AllPrincipals", resourceId: "r", scope: "openid email" };
    expect(asked).toEqual([{ verb: "post", action: "grant openid email", path: grants, body }]);
    expect(awaited()).toBe(1);
  });

  it("that is known is widened", async () => {
    const { grant, asked, awaited } = answering({});
    expect(await grant({ ...wanted, grantId: "g" })).toBe(true);
    const body = { scope: "openid email" };
    expect(asked).toEqual([{ verb: "patch", action: "grant openid email", path: `${grants}/g`, body }]);
    expect(awaited()).toBe(1);
  });

  it.each<[there: string, widened: string | undefined]>([
    ["profile openid", "profile openid email"],
    ["email openid profile", undefined],
  ])("that somebody has just made with %j becomes %j", async (there, widened) => {
    const { grant, asked } = answering({ [`post ${grants}`]: taken, [`get ${grants}`]: existing(there) });
    expect(await grant(wanted)).toBe(widened !== undefined);
    expect(asked.filter(({ verb }) => verb === "patch").map(({ body }) => body)).toEqual(
      widened === undefined ? [] : [{ scope: widened }],
    );
  });

  it("that exists and is not listed is waited for, though one for another API is", async () => {
    const { grant } = answering({ [`post ${grants}`]: taken, [`get ${grants}`]: existing("openid", "other") });
    await expect(grant(wanted)).rejects.toMatchObject({
      code: "replication-pending",
      retryAfterSeconds: 15,
      message: "Cannot grant openid email yet: Microsoft Graph does not list the existing grant",
    });
  });
});

describe("a name that a deleted registration keeps", () => {
  const items = "get /directory/deletedItems/microsoft.graph.application";
  const collision = said(400, "Another object with the SAME value for property uniqueName already exists.");
  const explained = (answers: Record<string, unknown>, error: unknown = collision) => {
    const { graph, asked } = answering(answers);
    return { asked, failure: explainNamesake(graph, "n", error).catch((thrown: unknown) => thrown) };
  };

  it("is told with the commands for that one", async () => {
    const value = [{ id: "1" }, { id: "2", uniqueName: null }, { id: "3", uniqueName: "n" }];
    const { asked, failure } = explained({ [items]: { value } });
    expect(await failure).toMatchObject({
      code: "registration-deleted",
      message: 'Cannot create registration "n": a deleted registration keeps this name for 30 days',
      hint: expect.stringMatching(/\naz rest --method DELETE --url "https:\/\/graph.example\/v1.0\/[\w/]+Items\/3"$/),
      cause: collision,
    });
    expect(asked).toMatchObject([
      { action: "look for a deleted registration", query: { $select: "id,uniqueName", $top: "999" } },
    ]);
  });

  it.each([
    ["there is none", { value: [] }],
    ["we may not list them", said(403, "no")],
    ["they do not end", said(200, "more")],
  ])("is told with a command that looks for it where %s", async (_, answer) => {
    expect(await explained({ [items]: answer }).failure).toMatchObject({
      hint: expect.stringContaining("$(az rest --url"),
    });
  });

  it.each([
    ["a list that fails", { [items]: said(503, "busy") }, collision, "busy"],
    ["another status", {}, said(409, collision.message), collision.message],
    ["another collision", {}, said(400, "Another object has it"), "has it"],
    ["a fault of our own", {}, new TypeError(collision.message), collision.message],
  ])("is not told of %s: that stays what it is", async (_, answers, error, message) => {
    expect(await explained(answers, error).failure).toMatchObject({
      name: expect.not.stringContaining("Stalled"),
      message: expect.stringContaining(message),
    });
  });
});

describe("a list of Graph", () => {
  const NEXT = "@odata.nextLink";
  it("is asked for once with its query, and then as its links say, whatever path they have", async () => {
    const { graph, asked } = answering({
      "get /things": { value: [1], [NEXT]: "https://graph.example/v1.0/things?$skiptoken=a" },
      "get /things?$skiptoken=a": { value: [2], [NEXT]: "/v1.0x/things?$skiptoken=b" },
      "get /v1.0x/things?$skiptoken=b": { value: [3], [NEXT]: "/x/v1.0/things" },
      "get /x/v1.0/things": { value: [] },
    });
    const request = { action: "list", path: "/things", query: { $top: "1" }, headers: { a: "b" } };
    expect(await listAll(graph, request, z.number())).toEqual([1, 2, 3]);
    expect(asked.map(({ query }) => query)).toEqual([{ $top: "1" }, {}, {}, {}]);
    expect(asked.map(({ headers }) => headers)).toEqual(Array(4).fill({ a: "b" }));
  });

  it("may have fifty pages, and no more", async () => {
    const pages = (count: number) =>
      answering(
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [
            `get /things${at === 0 ? "" : `?p=${at}`}`,
            { value: [at], ...(at + 1 < count && { [NEXT]: `https://g/v1.0/things?p=${at + 1}` }) },
          ]),
        ),
      ).graph;
    const request = { action: "list things", path: "/things" };
    expect(await listAll(pages(50), request, z.number())).toHaveLength(50);
    await expect(listAll(pages(51), request, z.number())).rejects.toMatchObject({
      service: "Microsoft Graph",
      status: 200,
      message: "Cannot list things: Microsoft Graph keeps returning more pages",
    });
  });
});
