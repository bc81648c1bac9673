import type { Context } from "hono";
import type { HTTPException } from "hono/http-exception";
import { refusal } from "../app-service/refusal.ts";
import { checkVersion, typeOf } from "./types.ts";

/** What the routes behind the check of the token find in their context. */
export interface Authenticated {
  Variables: { objectId: string };
}

/** What happens with a resource that somebody puts or deletes; throws a refusal. Returns what is read of it from then on. */
export interface Provider {
  put(id: string, properties: Record<string, unknown>): object | Promise<object>;
  remove(id: string): void;
}

interface Written {
  resources: Map<string, { id: string; body: object }>;
  /** By type, in lower case. */
  providers: ReadonlyMap<string, Provider>;
  /** Object ids of those who may. */
  writers: ReadonlySet<string>;
}

/** PUT and DELETE of a resource whose type has a provider. */
export function writing({ resources, providers, writers }: Written) {
  return async (c: Context<Authenticated>): Promise<Response> => {
    const id = decodeURIComponent(new URL(c.req.url).pathname);
    const type = typeOf(id);
    const provider = providers.get(type.toLowerCase());
    if (!provider) throw refusal(501, { code: "NotModelled", message: `${c.req.method} ${type} is not modelled` });
    const action = c.req.method === "PUT" ? "write" : "delete";
    if (!writers.has(c.get("objectId"))) throw unauthorized(c.get("objectId"), id, action);
    checkVersion(id, c.req.query("api-version"));
    if (action === "delete") {
      if (!resources.delete(id.toLowerCase())) return c.body(null, 204);
      provider.remove(id);
      return c.body(null, 200);
    }
    const { properties = {} } = (await c.req.json()) as { properties?: Record<string, unknown> };
    const body = await provider.put(id, properties);
    resources.set(id.toLowerCase(), { id, body });
    return c.json({ id, name: id.split("/").at(-1), type, ...body }, 201);
  };
}

export function unauthorized(objectId: string, path: string, action: string): HTTPException {
  const message = `The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${typeOf(path)}/${action}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return refusal(403, { code: "AuthorizationFailed", message });
}
