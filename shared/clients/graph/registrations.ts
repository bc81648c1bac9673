import { z } from "zod";
import { StalledError, UpstreamError } from "../../errors.ts";
import { type Graph, odata, saysOneOf } from "./graph.ts";
import { asOwner } from "./ownership.ts";
import { listAll } from "./pages.ts";

/** How a registration is found: by the name this app gives it, or, for one made by hand, by its client id. */
export type RegistrationName = { uniqueName: string } | { appId: string };

const scope = z.looseObject({ id: z.string(), value: z.string().nullish(), isEnabled: z.boolean().nullish() });
const claim = z.looseObject({ name: z.string() });
const access = z.object({ id: z.string(), type: z.string() });
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const claims = list(claim);

const applicationSchema = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string().nullish(),
  signInAudience: z.string().nullish(),
  identifierUris: list(z.string()),
  spa: z.object({ redirectUris: list(z.string()) }).prefault({}),
  web: z
    .object({
      redirectUris: list(z.string()),
      implicitGrantSettings: z
        .object({
          enableAccessTokenIssuance: z.boolean().nullish(),
          enableIdTokenIssuance: z.boolean().nullish(),
        })
        .nullish(),
    })
    .prefault({}),
  api: z
    .object({ requestedAccessTokenVersion: z.number().nullish(), oauth2PermissionScopes: list(scope) })
    .prefault({}),
  appRoles: list(scope),
  requiredResourceAccess: list(z.object({ resourceAppId: z.string(), resourceAccess: list(access) })),
  optionalClaims: z
    .object({ idToken: claims, accessToken: claims, saml2Token: claims })
    .nullish()
    .transform((found) => found ?? { idToken: [], accessToken: [], saml2Token: [] }),
});

/** An application as Graph describes it, with empty lists where it says nothing. */
export type Application = z.output<typeof applicationSchema>;

/** What can be written to an application, in Graph's words. */
export type ApplicationChanges = Partial<
  Pick<Application, "signInAudience" | "identifierUris" | "appRoles" | "requiredResourceAccess" | "optionalClaims"> & {
    displayName: string;
    spa: Partial<Application["spa"]>;
    web: Partial<Application["web"]>;
    api: Partial<Application["api"]>;
  }
>;

export interface Registrations {
  find(name: RegistrationName): Promise<Application | undefined>;
  /** Makes it, or takes the one of that name that another run has just made, and gives it its App ID URI. */
  create(uniqueName: string, body: ApplicationChanges): Promise<{ id: string; appId: string }>;
  update(objectId: string, changes: ApplicationChanges): Promise<void>;
  /** The object id of the service principal. */
  findServicePrincipal(appId: string): Promise<string | undefined>;
  createServicePrincipal(appId: string): Promise<string>;
}

const FIELDS = Object.keys(applicationSchema.shape).join(",");
const identified = z.object({ id: z.string(), appId: z.string() });
const deletedList = z.array(z.object({ id: z.string(), uniqueName: z.string().nullish() }));

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
      const found = await own.find({ action: `read registration ${label(name)}`, path, query: { $select: FIELDS } });
      return found === undefined ? undefined : applicationSchema.parse(found);
    },
    async create(uniqueName, body) {
      const action = `create registration "${uniqueName}"`;
      const path = applicationPath({ uniqueName });
      const upsert = { action, path, headers: { Prefer: "create-if-missing" }, body };
      const answer = await own.patch(upsert).catch((error: unknown) => explainNamesake(graph, uniqueName, error));
      // 204 has no body: it existed already.
      const made = identified.parse(
        answer ?? (await own.onceReplicated(() => own.get({ action, path, query: { $select: "id,appId" } }))),
      );
      const appIdUri = { action: `set the App ID URI of "${uniqueName}"`, path: `/applications/${made.id}` };
      await own.onceReplicated(() =>
        own.patch({ ...appIdUri, body: { identifierUris: [`api://${made.appId}`] } satisfies ApplicationChanges }),
      );
      return made;
    },
    async update(objectId, changes) {
      const action = `update application ${objectId}`;
      await own.onceReplicated(() => own.patch({ action, path: `/applications/${objectId}`, body: changes }));
    },
    async findServicePrincipal(appId) {
      const path = `/servicePrincipals(appId=${odata(appId)})`;
      const action = `read the service principal of ${appId}`;
      const found = await own.find({ action, path, query: { $select: "id" } });
      return found === undefined ? undefined : z.object({ id: z.string() }).parse(found).id;
    },
    async createServicePrincipal(appId) {
      const path = `/servicePrincipals(appId=${odata(appId)})`;
      const action = `create the service principal of ${appId}`;
      const upsert = { action, path, headers: { Prefer: "create-if-missing" }, body: {} };
      const answer = await own.onceReplicated(() => own.patch(upsert));
      const made = answer ?? (await own.onceReplicated(() => own.get({ action, path, query: { $select: "id" } })));
      return z.object({ id: z.string() }).parse(made).id;
    },
  };
}

/**
 * A deleted application keeps its uniqueName for 30 days, and Graph answers the collision with 400, not 409
 * (microsoftgraph/msgraph-bicep-types #137 and #202).
 */
async function explainNamesake(graph: Graph, uniqueName: string, error: unknown): Promise<never> {
  const collides = saysOneOf(error, ["same value for property uniqueName already exists"]);
  if (!(error instanceof UpstreamError) || error.status !== 400 || !collides) throw error;
  const id = await deletedObjectId(graph, uniqueName);
  const url = `/v1.0/directory/deletedItems/${id ?? "<object id>"}`;
  const where = id ? "" : "; Entra shows the object id under App registrations, Deleted applications";
  throw new StalledError(
    `Cannot create registration "${uniqueName}": a deleted one of that name exists and keeps it for 30 days`,
    `Restore it (az rest --method POST --url "https://graph.microsoft.com${url}/restore") or remove it for good (az rest --method DELETE --url "https://graph.microsoft.com${url}"), then call again${where}`,
  );
}

/** Application.ReadWrite.OwnedBy may restore a deleted registration, but not list it: then the id stays unknown. */
async function deletedObjectId(graph: Graph, uniqueName: string): Promise<string | undefined> {
  try {
    const found = await listAll(graph, {
      action: "look for a deleted registration",
      path: "/directory/deletedItems/microsoft.graph.application",
      query: { $select: "id,uniqueName" },
    });
    return deletedList.parse(found).find((deleted) => deleted.uniqueName === uniqueName)?.id;
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 403) return undefined;
    throw error;
  }
}

function label(name: RegistrationName): string {
  return "appId" in name ? name.appId : `"${name.uniqueName}"`;
}
