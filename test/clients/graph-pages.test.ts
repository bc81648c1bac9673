import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { GRAPH_APP_ID } from "../../local/cloud/directory/microsoft-graph.ts";
import { consents } from "../../shared/clients/graph/consents.ts";
import { type Graph, graph } from "../../shared/clients/graph/graph.ts";
import { listAll } from "../../shared/clients/graph/pages.ts";
import { createCaller } from "../local/graph-world.ts";
import { type IdentityWorld, startIdentity } from "../local/identity-world.ts";

let world: IdentityWorld;
let client: Graph;
let objectId: string;
let clientId: string;

beforeAll(async () => {
  world = await startIdentity();
  const caller = await createCaller(world, ["Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"]);
  client = graph(world.graphUrl, async () => caller.token, {
    now: () => world.clock.now(),
    wait: async () => undefined,
  });
  ({ clientId } = world.directory.registerByHand("openmetadata-ingestion"));
  ({ objectId } = world.directory.addPrincipalByHand(clientId));
});
afterAll(() => world.close());

describe("what Graph lists in pages", () => {
  it("is read to its end: the tenant-wide grant comes after those of people, a page later", async () => {
    for (const scope of ["openid", "profile", "openid profile"]) {
      world.directory.consentByPerson({ name: clientId, resourceClientId: GRAPH_APP_ID, scope });
    }
    const scopes = ["openid", "email"];
    const resourceId = graphPrincipal();
    await consents(client).grant({ clientId: objectId, resourceId, scopes, grantId: undefined });
    world.graph.pageSize = 1;
    expect(await consents(client).grantsOf(objectId)).toMatchObject([{ scopes: ["openid", "email"] }]);
    const request = {
      action: "list",
      path: "/oauth2PermissionGrants",
      query: { $filter: `clientId eq '${objectId}'` },
    };
    expect(await listAll(client, request, z.unknown())).toHaveLength(4);
  });

  it("is not believed to be all of it where an expanded list is full, and filtered by Graph then", async () => {
    const role = "Ingestion.Run";
    const apis = Array.from({ length: 25 }, (_, at) =>
      world.directory.createApi({ displayName: `${at}`, appRoles: [role] }),
    );
    for (const { clientId: apiClientId } of apis) {
      world.directory.assignRole({ principalObjectId: objectId, apiClientId, role });
    }
    world.graph.pageSize = 10;
    const last = apis.at(-1)?.clientId ?? "";
    const found = await consents(client).principals([clientId, last], last);
    const server = found.find(({ appId }) => appId === last);
    const assigned = found.find(({ appId }) => appId === clientId)?.assigned;
    expect(assigned).toMatchObject([{ resourceId: server?.objectId }]);
  });

  it.each([
    ["a link that came before", () => "https://graph.example/v1.0/things?$skiptoken=same"],
    ["links without end", (request: number) => `https://graph.example/v1.0/things?$skiptoken=${request}`],
  ])("is given up with %s", async (_, link) => {
    let requests = 0;
    const endless: Graph = {
      ...client,
      async get() {
        requests += 1;
        if (requests > 100) throw new Error("Nobody stops asking");
        return { value: [requests], "@odata.nextLink": link(requests) };
      },
    };
    const reading = listAll(endless, { action: "list things", path: "/things" }, z.number());
    await expect(reading).rejects.toThrow("Cannot list things: Microsoft Graph keeps returning more pages");
    expect(requests).toBeLessThanOrEqual(50);
  });

  it("is asked for at Graph alone, wherever a link leads", async () => {
    const asked: string[] = [];
    const elsewhere: Graph = {
      ...client,
      async get({ path }) {
        asked.push(path);
        return asked.length === 1
          ? { value: [1], "@odata.nextLink": "https://elsewhere.example/v1.0/things?$skiptoken=a%2Fb" }
          : { value: [2] };
      },
    };
    expect(await listAll(elsewhere, { action: "list", path: "/things" }, z.number())).toEqual([1, 2]);
    expect(asked).toEqual(["/things", "/things?$skiptoken=a%2Fb"]);
  });
});

function graphPrincipal(): string {
  return world.directory.servicePrincipals().find(({ appId }) => appId === GRAPH_APP_ID)?.id ?? "";
}
