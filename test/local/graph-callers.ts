import { Client } from "@microsoft/microsoft-graph-client";
import type { IdentityWorld } from "./identity-world.ts";

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

export type GraphCaller = Awaited<ReturnType<typeof createCaller>>;
