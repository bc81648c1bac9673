import { randomUUID } from "node:crypto";
import { Client } from "@microsoft/microsoft-graph-client";
import { type IdentityWorld, startIdentity } from "./identity-world.ts";

/** What went wrong, as Graph's own client tells it. */
export interface Failure {
  statusCode: number;
  code: string;
  message: string;
}

/** The failure of a call that has to fail. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  const outcome = await call.then(
    () => undefined,
    (error: Failure) => error,
  );
  if (!outcome) throw new Error("The call did not fail");
  const { statusCode, code, message } = outcome;
  return { statusCode, code, message };
}

/** Somebody who calls Graph: a managed identity with these permissions, by the real client and by plain requests. */
export async function createCaller(world: IdentityWorld, graphPermissions: string[]) {
  const identity = world.directory.createManagedIdentity({ displayName: "caller", graphPermissions });
  const token = await world.entra.issueToken({
    aud: world.graphUrl,
    oid: identity.objectId,
    appid: identity.clientId,
    roles: graphPermissions,
    exp: world.clock.now().getTime() / 1000 + 1e7,
  });
  const client = Client.init({
    authProvider: (done) => done(null, token),
    baseUrl: world.graphUrl,
    customHosts: new Set(["graph.localhost"]),
  });
  const at = (path: string) => client.api(path);
  return {
    ...identity,
    token,
    get: (path: string) => at(path).get(),
    post: (path: string, body: object = {}) => at(path).post(body),
    patch: (path: string, body: object) => at(path).patch(body),
    upsert: (path: string, body: object) => at(path).header("Prefer", "create-if-missing").patch(body),
    delete: (path: string) => at(path).delete(),
    async raw(method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) {
      const { body, headers = {} } = options;
      const answer = await fetch(`${world.graphUrl}/v1.0${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}

/** Microsoft Graph's own application id, and one of nobody. */
export const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
export const SOME_ID = "11111111-2222-4333-8444-555555555555";
/** The application that most tests are about. */
export const APP = "/applications(uniqueName='om-app')";
export const OWNED_BY = "Application.ReadWrite.OwnedBy";
export const ALL = "Application.ReadWrite.All";

/** The usual world: one caller that may write what it owns, and one that may do everything. */
export async function startGraph() {
  const world = await startIdentity();
  const app = await createCaller(world, [OWNED_BY]);
  const admin = await createCaller(world, [
    ALL,
    "Directory.Read.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Policy.Read.All",
  ]);
  const create = (body: object = {}) => app.upsert(APP, { displayName: "OpenMetadata", ...body });
  return { world, app, admin, create };
}

export type GraphWorld = Awaited<ReturnType<typeof startGraph>>;

export const badRequest = (message: unknown) => ({ statusCode: 400, code: "Request_BadRequest", message });

export const notFound = (id: string): Failure => ({
  statusCode: 404,
  code: "Request_ResourceNotFound",
  message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
});

export const denied: Failure = {
  statusCode: 403,
  code: "Authorization_RequestDenied",
  message: "Insufficient privileges to complete the operation.",
};

export const scope = (value: string, id: string = randomUUID()) => ({
  id,
  value,
  type: "User",
  isEnabled: true,
  adminConsentDisplayName: "Access",
  adminConsentDescription: "Access as the user",
});

export const role = (value: string, id: string = randomUUID()) => ({
  id,
  value,
  displayName: "Run",
  description: "Run ingestion",
  allowedMemberTypes: ["Application"],
  isEnabled: true,
});
