import { describe, expect, it } from "vitest";
import type { Graph, GraphRequest } from "../../shared/clients/graph/graph.ts";
import { asOwner } from "../../shared/clients/graph/ownership.ts";
import { registrations } from "../../shared/clients/graph/registrations.ts";
import { UpstreamError } from "../../shared/errors.ts";

const ID = "6b1f3a52-0000-4000-8000-000000000001";
const said = (status: number, message: string, serviceCode?: string) =>
  new UpstreamError(message, { service: "Microsoft Graph", status, ...(serviceCode ? { serviceCode } : {}) });

/** A Graph that answers by verb and path, or fails with it; what it was asked. */
function answering(answers: Record<string, unknown>) {
  const asked: (GraphRequest & { verb: string })[] = [];
  const ask = (verb: string) => async (request: GraphRequest) => {
    asked.push({ verb, ...request });
    const answer = answers[`${verb} ${request.path}`];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const graph: Graph = {
    url: "https://graph.example",
    objectId: async () => "own-object",
    get: ask("get"),
    find: ask("find"),
    post: ask("post"),
    patch: ask("patch"),
    onceReplicated: (request) => request(),
  };
  return { graph, asked };
}

describe("a registration", () => {
  const byName = "/applications(uniqueName='openmetadata''s')";
  const name = { uniqueName: "openmetadata's" };

  it("is found by the name that it alone has, or by its client id, with empty lists where Graph says nothing", async () => {
    const { graph, asked } = answering({
      [`find ${byName}`]: { id: ID, appId: "app" },
      "find /applications(appId='app')": { id: ID, appId: "app", identifierUris: ["api://app"] },
    });
    const found = await registrations(graph).find(name);
    expect(found).toMatchObject({ id: ID, identifierUris: [], spa: { redirectUris: [] }, web: { redirectUris: [] } });
    expect(await registrations(graph).find({ appId: "app" })).toMatchObject({ identifierUris: ["api://app"] });
    expect(await registrations(graph).find({ uniqueName: "none" })).toBeUndefined();
    const fields = String(asked[0]?.query?.$select).split(",");
    expect(fields).toEqual(
      expect.arrayContaining(["id", "appId", "identifierUris", "spa", "web", "api", "createdByAppId"]),
    );
  });

  it("tells whether the implicit flow is on", async () => {
    const implicitGrantSettings = { enableAccessTokenIssuance: true, enableIdTokenIssuance: false };
    const { graph } = answering({ [`find ${byName}`]: { id: ID, appId: "app", web: { implicitGrantSettings } } });
    expect(await registrations(graph).find(name)).toMatchObject({ web: { implicitGrantSettings } });
  });

  it.each([
    [{ uniqueName: "n" }, 'Cannot read registration "n": Microsoft Graph answered something unexpected'],
    [{ appId: "a" }, 'Cannot read registration "a": Microsoft Graph answered something unexpected'],
  ])("that Graph tells otherwise is told by its name: %j", async (which, message) => {
    const path = "appId" in which ? "/applications(appId='a')" : "/applications(uniqueName='n')";
    const { graph } = answering({ [`find ${path}`]: { id: 7 } });
    await expect(registrations(graph).find(which)).rejects.toThrow(message);
  });

  it("is made where there is none of its name, or is the one that somebody has just made", async () => {
    const made = { id: ID, appId: "app", createdByAppId: "own" };
    const anew = answering({ [`patch ${byName}`]: made });
    const body = { displayName: "OpenMetadata" };
    expect(await registrations(anew.graph).create(name.uniqueName, body)).toEqual(made);
    expect(anew.asked).toMatchObject([{ verb: "patch", headers: { Prefer: "create-if-missing" }, body }]);
    const there = answering({ [`get ${byName}`]: made });
    expect(await registrations(there.graph).create(name.uniqueName, body)).toEqual(made);
    expect(there.asked[1]).toMatchObject({ verb: "get", query: { $select: "appId,id,createdByAppId" } });
  });

  it("gets its App ID URI, and its changes", async () => {
    const { graph, asked } = answering({});
    await registrations(graph).expose(ID, "api://app", "server");
    await registrations(graph).update(ID, { identifierUris: ["api://new"] });
    expect(asked).toMatchObject([
      { verb: "patch", path: `/applications/${ID}`, action: 'set the App ID URI of "server"' },
      {
        verb: "patch",
        path: `/applications/${ID}`,
        action: `update application "${ID}"`,
        body: { identifierUris: ["api://new"] },
      },
    ]);
    expect(asked[0]?.body).toEqual({ identifierUris: ["api://app"] });
  });

  it("whose App ID URI another one has is told so, with how to find it: ours is the last of several", async () => {
    const taken = said(400, "Another object with the same value for property identifierUris already exists.");
    const { graph } = answering({ [`patch /applications/${ID}`]: taken });
    const asked = registrations(graph).update(ID, { identifierUris: ["api://theirs", "api://ours"] });
    await expect(asked).rejects.toMatchObject({
      code: "app-id-uri-taken",
      message: `Cannot update application "${ID}": another application has it already`,
      hint: expect.stringMatching(/az ad app show --id api:\/\/ours .*\naz ad app owner list --id api:\/\/ours$/),
    });
    const other = answering({ [`patch /applications/${ID}`]: said(400, "Invalid value") });
    await expect(registrations(other.graph).update(ID, {})).rejects.toThrow("Invalid value");
  });

  it("has a service principal, which is found, or made, or is the one that somebody has just made", async () => {
    const path = "/servicePrincipals(appId='app')";
    const principal = { id: "sp", createdByAppId: "own" };
    const { graph, asked } = answering({ [`find ${path}`]: principal, [`get ${path}`]: principal });
    const { findServicePrincipal, createServicePrincipal } = registrations(graph);
    expect(await findServicePrincipal("app")).toEqual(principal);
    expect(await findServicePrincipal("none")).toBeUndefined();
    expect(await createServicePrincipal("app")).toEqual(principal);
    const select = { $select: "id,createdByAppId" };
    expect(asked).toMatchObject([
      { action: 'read the service principal of "app"', query: select },
      {},
      { verb: "patch", headers: { Prefer: "create-if-missing" }, body: {} },
      { verb: "get", action: 'create the service principal of "app"', query: select },
    ]);
    const anew = answering({ [`patch ${path}`]: principal });
    await registrations(anew.graph).createServicePrincipal("app");
    expect(anew.asked).toHaveLength(1);
  });
});

describe("what only a person can cure", () => {
  const forbidden = said(403, "Insufficient privileges to complete the operation.");
  const failing = async (error: unknown, path = `/applications/${ID}/addPassword`, verb: "get" | "post" = "post") => {
    const { graph } = answering({ [`${verb} ${path}`]: error });
    return asOwner(graph)
      [verb]({ action: "a", path })
      .catch((failure: unknown) => failure);
  };

  it("is told with the right that the identity needs, and how to own what the app has not made", async () => {
    expect(await failing(forbidden)).toMatchObject({
      code: "registration-forbidden",
      message: forbidden.message,
      hint: expect.stringMatching(
        new RegExp(
          `npm run permit -- --identity own-object\\n.*\\naz ad app owner add --id ${ID} --owner-object-id own-object$`,
        ),
      ),
      cause: forbidden,
    });
    const made = await failing(forbidden, "/applications(uniqueName='n')", "get");
    expect(made).toMatchObject({ code: "registration-forbidden", hint: expect.not.stringContaining("owner add") });
  });

  it.each([
    ["the service reference is missing", said(400, "x", "ServiceTreeValueMissing"), "service-reference-missing", /./],
    [
      "a policy of the tenant forbids an identifier",
      said(400, "x", "InvalidUniqueTenantIdentifierAsPerAppPolicy"),
      "tenant-policy-conflict",
      /^Exempt .*application management policy/,
    ],
    [
      "a policy of the tenant forbids an audience",
      said(400, "x", "SignInAudienceNotAllowedAsPerAppPolicy"),
      "tenant-policy-conflict",
      /createdByAppId|identity/,
    ],
    [
      "the registration is full",
      said(400, "The size of the object has exceeded"),
      "directory-quota-exceeded",
      /unused client secrets/,
    ],
    [
      "the identity owns too much",
      said(403, "x", "Directory_QuotaExceeded"),
      "directory-quota-exceeded",
      /owns as many objects/,
    ],
  ])("is told: %s", async (_, error, code, hint) => {
    expect(await failing(error)).toMatchObject({ code, hint: expect.stringMatching(hint), cause: error });
  });

  it.each([
    ["a 403 that only awaits replication", said(403, "not replicated")],
    ["the same words with another status", said(400, "Insufficient privileges")],
    ["another failure of Graph", said(503, "busy")],
    ["a fault of our own", new TypeError("broken")],
  ])("is not %s: that stays what it is", async (_, error) => {
    expect(await failing(error)).toBe(error);
  });
});
