import type { Wish } from "../../operator/permit/observe.ts";
import { type Mode, permit } from "../../operator/permit/permit.ts";
import { graph } from "../../shared/clients/graph/graph.ts";
import { createCaller, SOME_ID } from "../local/graph-world.ts";
import { startIdentity } from "../local/identity-world.ts";

export const API = "openmetadata-entra-api";
export const OWNED_BY = "Application.ReadWrite.OwnedBy";

/** A tenant in which nothing is permitted yet, an administrator, and somebody who is none. */
export async function openTenant() {
  const world = await startIdentity();
  const { directory } = world;
  const admin = await createCaller(world, [
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "Directory.Read.All",
  ]);
  const reader = await createCaller(world, ["Application.Read.All"]);
  const app = directory.createManagedIdentity({ displayName: "id-openmetadata", graphPermissions: [] });
  const pipeline = directory.createManagedIdentity({ displayName: "pipeline", graphPermissions: [] });
  const byHand = directory.createApi({ displayName: "OpenMetadata (made by hand)", appRoles: [] });
  const clock = { now: () => world.clock.now(), wait: async (ms: number) => void (await world.clock.advance(ms)) };
  const run = (wish: Partial<Wish & { permissions: string[] }>, mode: Mode = "apply", token = admin.token) =>
    permit(
      {
        graph: graph(world.graphUrl, async () => token, clock),
        origin: world.graphUrl,
        tenantId: directory.tenantId,
        tell: () => {},
      },
      { api: API, identity: undefined, callers: [], adopted: [], permissions: [OWNED_BY], ...wish },
      mode,
    );
  const registration = () => directory.applications().find(({ uniqueName }) => uniqueName === API);
  return { ...world, admin, reader, app, pipeline, byHand, run, registration };
}

export type Tenant = Awaited<ReturnType<typeof openTenant>>;
export { SOME_ID };

/** What a person would ask for on a first run. */
export function everything({ app, pipeline, byHand }: Tenant) {
  return {
    identity: app.objectId,
    callers: [{ id: pipeline.clientId, role: "Automation.Run" as const }],
    adopted: [byHand.clientId],
  };
}
