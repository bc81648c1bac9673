import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GRAPH_APP_ID } from "../../local/cloud/directory/microsoft-graph.ts";
import { consents } from "../../shared/clients/graph/consents.ts";
import { credentials } from "../../shared/clients/graph/credentials.ts";
import { type Graph, type GraphRequest, graph } from "../../shared/clients/graph/graph.ts";
import { installationMark } from "../../shared/clients/graph/marks.ts";
import { registrations } from "../../shared/clients/graph/registrations.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { createCaller } from "../local/graph-world.ts";
import { type IdentityWorld, startIdentity } from "../local/identity-world.ts";

const MARK = installationMark("https://vault.localhost", "secret");

let world: IdentityWorld;
let client: Graph;
beforeEach(async () => {
  world = await startIdentity();
  const rights = ["Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"];
  const caller = await createCaller(world, rights);
  const now = () => world.clock.now();
  client = graph(world.graphUrl, async () => caller.token, { now, wait: async () => undefined });
});
afterEach(() => world.close());

/** Graph, of which one kind of request fails so many times before it is let through. */
function failing(fits: (request: GraphRequest) => boolean, error: UpstreamError, times = 1): Graph {
  let left = times;
  const post: Graph["post"] = (request) => {
    if (!fits(request) || left === 0) return client.post(request);
    left -= 1;
    return Promise.reject(error);
  };
  return { ...client, post };
}
const refusal = (status: number, said: string, code?: string): UpstreamError =>
  new UpstreamError(`Microsoft Graph answered ${status} "${said}"`, {
    service: "Microsoft Graph",
    status,
    serviceCode: code,
  });

describe("a delegated grant", () => {
  let clientId: string;
  let resourceId: string;
  let name: string;
  beforeEach(() => {
    ({ clientId: name } = world.directory.registerByHand("openmetadata-ingestion"));
    ({ objectId: clientId } = world.directory.addPrincipalByHand(name));
    resourceId = world.directory.servicePrincipals().find(({ appId }) => appId === GRAPH_APP_ID)?.id ?? "";
  });
  const grant = (scopes: string[], grantId?: string) =>
    consents(client).grant({ clientId, resourceId, scopes, grantId });
  const held = async () => (await consents(client).grantsOf(clientId)).map(({ scopes }) => scopes.toSorted());

  it("that one person gave counts for nobody else", async () => {
    world.directory.consentByPerson({ name, resourceClientId: GRAPH_APP_ID, scope: "openid email" });
    expect(await held()).toEqual([]);
    expect(await grant(["openid"])).toBe(true);
    expect(await held()).toEqual([["openid"]]);
  });

  it("that somebody else made at the same moment keeps its scopes, and gets ours", async () => {
    expect(await grant(["openid", "profile"])).toBe(true);
    expect(await grant(["email", "openid"])).toBe(true);
    expect(await held()).toEqual([["email", "openid", "profile"]]);
  });

  it("that somebody else made at the same moment and that has them all is not written again", async () => {
    await grant(["openid", "profile"]);
    expect(await grant(["openid"])).toBe(false);
    expect(await held()).toEqual([["openid", "profile"]]);
  });

  it("that is known is widened to what is wanted", async () => {
    await grant(["openid"]);
    const [known] = await consents(client).grantsOf(clientId);
    expect(await grant(["openid", "email"], known?.id)).toBe(true);
    expect(await held()).toEqual([["email", "openid"]]);
  });

  it("that exists and is not listed yet is waited for", async () => {
    await grant(["openid"]);
    const blind: Graph = { ...client, get: async () => ({ value: [] }) };
    await expect(
      consents(blind).grant({ clientId, resourceId, scopes: ["email"], grantId: undefined }),
    ).rejects.toMatchObject({ code: "replication-pending", retryAfterSeconds: 15 });
  });

  it("that is refused for another reason is told so", async () => {
    const no = failing(() => true, refusal(400, "Invalid value"), 9);
    await expect(consents(no).grant({ clientId, resourceId, scopes: ["email"], grantId: undefined })).rejects.toThrow(
      "Invalid value",
    );
  });
});

describe("an app role assignment", () => {
  const NOT_FOUND = "Permission being assigned was not found on application";

  it("waits until every replica knows the role, and is none that fails because it is there already", async () => {
    const api = world.directory.createApi({ displayName: "api", appRoles: ["Role.One"] });
    const { clientId } = world.directory.registerByHand("openmetadata-ingestion");
    const { objectId: principalId } = world.directory.addPrincipalByHand(clientId);
    const resource = world.directory.servicePrincipals().find(({ appId }) => appId === api.clientId);
    const application = world.directory.applications().find(({ appId }) => appId === api.clientId);
    const appRoleId = application?.appRoles?.[0]?.id ?? "";
    const wanted = { principalId, resourceId: resource?.id ?? "", appRoleId };
    const slow = failing(({ path }) => path.endsWith("/appRoleAssignedTo"), refusal(400, NOT_FOUND), 2);
    // The wait is the client's own.
    await consents({ ...slow, onceReplicated: client.onceReplicated }).assignAppRole(wanted);
    const [found] = await consents(client).principals([clientId], api.clientId);
    expect(found?.assigned).toMatchObject([{ appRoleId }]);
    await consents(client).assignAppRole(wanted);
  });
});

describe("a name that a deleted registration keeps", () => {
  /** Deleted one after the other. */
  const deleted = (...names: string[]): Record<string, string> =>
    Object.fromEntries(
      names.map((uniqueName) => {
        const { id } = world.directory.registerByHand(uniqueName, { uniqueName });
        world.directory.deleteApplication(uniqueName);
        return [uniqueName, id];
      }),
    );

  it("is freed or restored by commands that name that one of several", async () => {
    const ids = deleted("another", "openmetadata-server", "a-third");
    const id = ids["openmetadata-server"];
    const made = registrations(client).create("openmetadata-server", { displayName: "server" } as never);
    const failure = (await made.catch((error: unknown) => error)) as { code: string; hint: string };
    expect(failure).toMatchObject({ code: "registration-deleted" });
    const url = `${world.graphUrl}/v1.0/directory/deletedItems/${id}`;
    expect(failure.hint).toBe(
      `Restore it, or delete it permanently, then call again:\naz rest --method POST --url "${url}/restore"\naz rest --method DELETE --url "${url}"`,
    );
  });

  it("is told with commands that look for it where the app may not list what was deleted", async () => {
    deleted("openmetadata-server");
    const blind: Graph = {
      ...client,
      get: (request) =>
        request.path.includes("deletedItems") ? Promise.reject(refusal(403, "no")) : client.get(request),
    };
    const made = registrations(blind).create("openmetadata-server", { displayName: "server" } as never);
    const failure = (await made.catch((error: unknown) => error)) as { code: string; hint: string };
    expect(failure).toMatchObject({ code: "registration-deleted" });
    const [, restore = "", remove = ""] = failure.hint.split("\n");
    const items = `${world.graphUrl}/v1.0/directory/deletedItems`;
    const list = `${items}/microsoft.graph.application?$top=999`;
    const looked = `rest --url ${list} --query value[?uniqueName=='openmetadata-server'].id --output tsv`;
    expect(played(restore)).toEqual([looked, `rest --method POST --url ${items}/found/restore`]);
    expect(played(remove)).toEqual([looked, `rest --method DELETE --url ${items}/found`]);
  });
});

/** What az is told when a shell runs the command; whatever it is asked for, it finds "found". */
function played(command: string): string[] {
  // On a stream of its own: bash complains on stderr where the shell names a locale that is not installed.
  const az = `az() { echo "$*" >&3; echo found; }`;
  const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;
  const { output } = spawnSync("bash", ["-c", `${az}; ${command}`], { encoding: "utf8", stdio: [...stdio] });
  return (output[3] ?? "").trim().split("\n");
}

describe("a client secret", () => {
  const of = (by: Graph) => credentials(by, { name: { uniqueName: "openmetadata-ingestion" }, mark: MARK });

  it("that is gone already counts as removed, and nothing else that fails does", async () => {
    const { id } = world.directory.registerByHand("openmetadata-ingestion", { uniqueName: "openmetadata-ingestion" });
    const { keyId } = await of(client).issue(id, "nonce", new Date("2027-01-01"));
    expect((await of(client).list())?.managed.map((one) => one.keyId)).toEqual([keyId]);
    await of(client).retire(id, keyId);
    await of(client).retire(id, keyId);
    expect((await of(client).list())?.managed).toEqual([]);
    const no = failing(({ path }) => path.endsWith("/removePassword"), refusal(400, "something else"));
    await expect(of(no).retire(id, keyId)).rejects.toThrow("something else");
  });

  it("begins when Entra says so: a clock of ours that runs ahead would make one that does not work yet", async () => {
    const bodies: unknown[] = [];
    const seen: Graph = {
      ...client,
      post(request) {
        bodies.push(request.body);
        return client.post(request);
      },
    };
    const { id } = world.directory.registerByHand("openmetadata-ingestion", { uniqueName: "openmetadata-ingestion" });
    await of(seen).issue(id, "nonce", new Date("2027-01-01T00:00:00Z"));
    expect(bodies).toEqual([
      { passwordCredential: { displayName: expect.any(String), endDateTime: "2027-01-01T00:00:00.000Z" } },
    ]);
  });
});
