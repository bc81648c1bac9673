import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { graph } from "../../shared/clients/graph/graph.ts";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import type { Settings } from "../../shared/deployment/settings.ts";
import { type AppIds, rememberedAppIds } from "../../shared/world/app-ids.ts";
import type { Connections } from "../../shared/world/connections.ts";
import { deliveryPorts } from "../../shared/world/delivery.ts";
import { openServer } from "../../shared/world/open-metadata.ts";
import type { Surroundings } from "../../shared/world/surroundings.ts";
import { answering } from "../clients/answering.ts";
import { createCaller } from "../local/graph-world.ts";
import { type IdentityWorld, startIdentity } from "../local/identity-world.ts";

const NAME = "openmetadata-server";
const SERVER = { uniqueName: NAME };

let world: IdentityWorld;
let appIds: AppIds;
/** What was asked of Graph since the test began. */
let asked: number;
let own: string | undefined;
beforeAll(async () => {
  world = await startIdentity();
  const caller = await createCaller(world, ["Application.Read.All"]);
  const now = () => world.clock.now();
  const client = graph(world.graphUrl, async () => caller.token, { now, wait: async () => undefined });
  const find: typeof client.find = (request) => {
    asked += 1;
    return client.find(request);
  };
  appIds = rememberedAppIds({ ...client, find }, async () => own);
});
afterAll(() => world.close());
beforeEach(() => {
  asked = 0;
  own = "this-app";
  appIds.forget(SERVER);
});

/** Registers the server anew, after the one before was deleted. */
function registerAnew(): string {
  const before = world.directory.applications().some(({ uniqueName }) => uniqueName === NAME);
  if (before) world.directory.deleteApplication(NAME);
  return world.directory.registerByHand(NAME, { uniqueName: NAME, createdByAppId: "this-app" }).clientId;
}

describe("the client id of a registration", () => {
  it("is asked for once", async () => {
    const id = registerAnew();
    expect([await appIds.of(SERVER), await appIds.of(SERVER)]).toEqual([id, id]);
    expect(asked).toBe(1);
  });

  it("that was deleted and made anew is the new one, once the old one is forgotten", async () => {
    registerAnew();
    const old = await appIds.of(SERVER);
    const id = registerAnew();
    expect(await appIds.of(SERVER)).toBe(old);
    appIds.forget(SERVER);
    expect(await appIds.of(SERVER)).toBe(id);
  });

  it("is the one that somebody has just made, without asking", async () => {
    appIds.tell(SERVER, "just-made");
    expect(await appIds.of(SERVER)).toBe("just-made");
    expect(asked).toBe(0);
  });

  it("that the settings name is never asked for, told or forgotten", async () => {
    const given = { appId: "given" };
    appIds.tell(given, "other");
    appIds.forget(given);
    expect(await appIds.of(given)).toBe("given");
    expect(asked).toBe(0);
  });

  it("of none is undefined for who can wait for it, and asked for again", async () => {
    expect([await appIds.find({ uniqueName: "late" }), await appIds.find({ uniqueName: "late" })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(asked).toBe(2);
    appIds.tell({ uniqueName: "late" }, "made-since");
    expect(await appIds.find({ uniqueName: "late" })).toBe("made-since");
    expect(await appIds.find({ appId: "given" })).toBe("given");
  });

  it("of none is told with what makes one", async () => {
    await expect(appIds.of({ uniqueName: "nothing" })).rejects.toMatchObject({
      code: "registration-missing",
      message: 'Cannot find registration "nothing" in Entra',
      hint: "Call POST /api/provision, then POST /api/consent",
    });
  });

  it("that somebody else has planted is not used", async () => {
    registerAnew();
    own = "another-app";
    await expect(appIds.of(SERVER)).rejects.toMatchObject({
      message: expect.stringContaining(`registration "${NAME}"`),
    });
  });
});

/** A deployment whose tokens and sign-ins Entra refuses while they name an old client id, or for ever. */
async function around({ refuses = "api://old/.default" as string | null } = {}) {
  const forms: string[] = [];
  const entra = await answering(() => ({ status: 400, json: { error: "invalid_resource", error_codes: [500011] } }));
  const openMetadata = await answering(({ headers }) =>
    headers.authorization === "Bearer token for api://new/.default"
      ? { json: { id: "1", name: "own" } }
      : { status: 401, json: { code: 401, message: "no" } },
  );
  const known = ["old", "new"];
  const connections = {
    appIds: () => ({
      of: async () => known[0] ?? "",
      forget: () => void (known.length > 1 && known.shift()),
      tell: () => undefined,
    }),
    own: () => ({ renewed: async (scope: string) => `token for ${scope}` }),
    ownAs: () => ({
      async tokenFor(scope: string) {
        forms.push(scope);
        if (scope === refuses || refuses === null) throw new Error("Entra knows no such resource");
        return `token for ${scope}`;
      },
    }),
  } as unknown as Connections;
  const deployment = { name: "production", openMetadataUrl: openMetadata.url } as Deployment;
  const server = openServer(deployment, connections);
  const settings = {
    authorityHost: entra.url,
    tenantId: "tenant",
    keyVaultUrl: "https://kv.vault.azure.net",
  } as Settings;
  const surroundings = { settings, deployment, connections, server: () => server, log: () => undefined };
  return { server, delivery: deliveryPorts(surroundings as unknown as Surroundings), forms };
}

describe("who is refused with an old client id", () => {
  it("forgets it, and gets the app's own token for the new one at once", async () => {
    const { server, forms } = await around();
    expect(await server.whoAmI()).toMatchObject({ name: "own" });
    expect(forms).toEqual(["api://old/.default", "api://new/.default"]);
  });

  it("forgets it after a sign-in as ingestion, so that the next one names the new one", async () => {
    const { delivery } = await around();
    expect(await delivery.scope()).toBe("api://old/.default");
    await expect(delivery.signIn("ingestion", "secret")).rejects.toMatchObject({ code: "registration-missing" });
    expect(await delivery.scope()).toBe("api://new/.default");
  });

  it("is told so where the new one is refused too", async () => {
    const { server } = await around({ refuses: null });
    await expect(server.whoAmI()).rejects.toThrow("Entra knows no such resource");
  });
});
