import * as z from "zod";
import type { RegistrationName } from "../../deployment/registration-names.ts";
import type { Changes } from "../../registration/application.ts";
import type { Registrations } from "../../registration/ports.ts";
import { applicationSchema } from "./application-schema.ts";
import { type Graph, type GraphRequest, odata } from "./graph.ts";
import { explainNamesake, explainTakenUri } from "./namesakes.ts";
import { asOwner } from "./ownership.ts";
import { shaped } from "./refusals.ts";

const FIELDS = Object.keys(applicationSchema.shape).join(",");
const identified = z.object({ id: z.string(), appId: z.string(), createdByAppId: z.string().nullish() });
const principal = z.object({ id: z.string(), createdByAppId: z.string().nullish() });
const MADE = "id,createdByAppId";

/** The key by which Graph addresses a registration. */
export function applicationPath(name: RegistrationName): string {
  return "appId" in name
    ? `/applications(appId=${odata(name.appId)})`
    : `/applications(uniqueName=${odata(name.uniqueName)})`;
}

/** App registrations and their service principals. */
export function registrations(graph: Graph): Registrations {
  const own = asOwner(graph);
  return {
    async find(name) {
      const path = applicationPath(name);
      const action = `read registration ${label(name)}`;
      const found = await own.find({ action, path, query: { $select: FIELDS } });
      return found === undefined ? undefined : shaped(applicationSchema, found, action);
    },
    async create(uniqueName, body) {
      const action = `create registration "${uniqueName}"`;
      const path = applicationPath({ uniqueName });
      const upsert = { action, path, headers: { Prefer: "create-if-missing" }, body };
      const answer = await own.patch(upsert).catch((error: unknown) => explainNamesake(graph, uniqueName, error));
      // 204 has no body: it existed already.
      const query = { $select: `appId,${MADE}` };
      const made = answer ?? (await own.onceReplicated(() => own.get({ action, path, query })));
      return shaped(identified, made, action);
    },
    async expose(objectId, uri, uniqueName) {
      const action = `set the App ID URI of "${uniqueName}"`;
      await write(own, { action, path: `/applications/${objectId}` }, { identifierUris: [uri] });
    },
    async update(objectId, changes) {
      const action = `update application "${objectId}"`;
      await write(own, { action, path: `/applications/${objectId}` }, changes);
    },
    ...servicePrincipals(own),
  };
}

async function write(
  own: Graph,
  { action, path }: Pick<GraphRequest, "action" | "path">,
  body: Changes,
): Promise<void> {
  // Ours stands behind those that were there before.
  const uri = body.identifierUris?.at(-1) ?? "";
  await own
    .onceReplicated(() => own.patch({ action, path, body }))
    .catch((error: unknown) => explainTakenUri({ action, uri }, error));
}

function servicePrincipals(own: Graph): Pick<Registrations, "findServicePrincipal" | "createServicePrincipal"> {
  const pathOf = (appId: string): string => `/servicePrincipals(appId=${odata(appId)})`;
  return {
    async findServicePrincipal(appId) {
      const action = `read the service principal of "${appId}"`;
      const found = await own.find({ action, path: pathOf(appId), query: { $select: MADE } });
      return found === undefined ? undefined : shaped(principal, found, action);
    },
    async createServicePrincipal(appId) {
      const path = pathOf(appId);
      const action = `create the service principal of "${appId}"`;
      const upsert = { action, path, headers: { Prefer: "create-if-missing" }, body: {} };
      const answer = await own.onceReplicated(() => own.patch(upsert));
      const made = answer ?? (await own.onceReplicated(() => own.get({ action, path, query: { $select: MADE } })));
      return shaped(principal, made, action);
    },
  };
}

function label(name: RegistrationName): string {
  return `"${"appId" in name ? name.appId : name.uniqueName}"`;
}
