import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { refusal } from "../app-service/refusal.ts";
import { metricsAnswer, type Totals } from "./metrics.ts";
import { checkVersion, typeOf } from "./types.ts";
import { type Authenticated, type Provider, unauthorized, writing } from "./write.ts";

export interface ArmOptions {
  /** Throws when the bearer token is not good; returns the object id of whoever it was issued to. */
  verify: (token: string) => Promise<{ objectId: string }>;
  /** Answers what is asked of app settings and references: the stand-in of App Service. */
  appService: Pick<Hono, "fetch">;
}

/** Azure Resource Manager for reading, and what its owner could do without a token. */
export interface Arm {
  /** Give it to `serve` as `management.localhost`. */
  app: Hono<Authenticated>;
  /** Makes a resource, or another one in its place; `id` as Azure writes it. */
  put(id: string, body: object): void;
  remove(id: string): void;
  /** The totals that the metrics of a resource show for any time. */
  count(id: string, metrics: Record<string, number>): void;
  /** The same of one event subscription, whose name is a dimension of the metrics of its topic. */
  countOf(id: string, subscription: string, metrics: Record<string, number>): void;
  /** Assigns Reader on everything. */
  letRead(objectId: string): void;
  /** Assigns Owner on everything: only types that a provider takes can be written. */
  letWrite(objectId: string): void;
  /** Ids of all resources. */
  ids(): string[];
  /** Has a resource provider take what is put of a type, in lower case. */
  provide(type: string, provider: Provider): void;
}

/**
 * GET of single resources, of the collections that they are in, of role assignments by who has them, and of metrics
 * (Microsoft Learn: "Azure REST API reference"). PUT and DELETE of those that a provider takes; what else could be
 * written is not modelled. What is put is there at once, what is deleted gone at once.
 */
export function createArm({ verify, appService }: ArmOptions): Arm {
  const resources = new Map<string, { id: string; body: object }>();
  const metrics = new Map<string, Totals>();
  const readers = new Set<string>();
  const writers = new Set<string>();
  const providers = new Map<string, Provider>();
  const app = new Hono<Authenticated>();

  app.all("/subscriptions/:s/resourceGroups/:g/providers/Microsoft.Web/sites/:name/:rest{.+}", (c, next) =>
    resources.has(c.req.path.toLowerCase()) ? next() : appService.fetch(c.req.raw),
  );
  app.use("*", async (c, next) => {
    c.set("objectId", await callerOf(c, verify));
    await next();
  });
  app.get("*", (c) => {
    const path = decodeURIComponent(new URL(c.req.url).pathname);
    requireReader(readers, c.get("objectId"), path);
    checkVersion(path, c.req.query("api-version"));
    const asMetrics = /^(.*)\/providers\/Microsoft\.Insights\/metrics$/i.exec(path)?.[1];
    if (asMetrics !== undefined) return c.json(metricsAnswer(c, metrics.get(asMetrics.toLowerCase())));
    const one = resources.get(path.toLowerCase());
    if (one) return c.json({ id: one.id, name: one.id.split("/").at(-1), type: typeOf(one.id), ...one.body });
    if (!isCollection(path))
      throw refusal(404, { code: "ResourceNotFound", message: `The Resource '${path}' was not found.` });
    const members = [...resources.values()].filter(({ id }) => parentOf(id).toLowerCase() === path.toLowerCase());
    const value = members.filter(({ body }) => isAssignedTo(body, c.req.query("$filter")));
    return c.json({
      value: value.map(({ id, body }) => ({ id, name: id.split("/").at(-1), type: typeOf(id), ...body })),
    });
  });
  const write = writing({ resources, providers, writers });
  app.put("*", write);
  app.delete("*", write);
  app.notFound((c) => c.json({ error: { code: "NotModelled", message: `${c.req.method} is not modelled` } }, 501));
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    return refusal(500, { code: "InternalServerError", message: error.message }).getResponse();
  });
  return {
    app,
    put: (id, body) => void resources.set(id.toLowerCase(), { id, body }),
    remove: (id) => void resources.delete(id.toLowerCase()),
    count: (id, all) => void metrics.set(id.toLowerCase(), { by: new Map(), ...metrics.get(id.toLowerCase()), all }),
    countOf(id, subscription, totals) {
      const known = metrics.get(id.toLowerCase()) ?? { all: {}, by: new Map() };
      known.by.set(subscription, totals);
      metrics.set(id.toLowerCase(), known);
    },
    letRead: (objectId) => void readers.add(objectId),
    letWrite: (objectId) => void writers.add(objectId),
    ids: () => [...resources.values()].map(({ id }) => id),
    provide: (type, provider) => void providers.set(type, provider),
  };
}

async function callerOf(c: Context, verify: ArmOptions["verify"]): Promise<string> {
  const token = /^Bearer ([^\s]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  try {
    return (await verify(token ?? "")).objectId;
  } catch {
    throw refusal(401, { code: "InvalidAuthenticationToken", message: "The access token is invalid." });
  }
}

function requireReader(readers: ReadonlySet<string>, objectId: string, path: string): void {
  if (!readers.has(objectId)) throw unauthorized(objectId, path, "read");
}

/** A path that ends in a type, not in a name: after the last `providers` come a namespace and pairs, but for one. */
function isCollection(path: string): boolean {
  return (path.split(/\/providers\//i).at(-1) ?? "").split("/").length % 2 === 0;
}

function parentOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/"));
}

/** Role assignments alone are filtered here: `assignedTo('<object id>')`, groups not counted. */
function isAssignedTo(body: object, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  const holder = /^(?:assignedTo\('|principalId eq ')([0-9a-f-]{36})'\)?$/i.exec(filter)?.[1];
  if (!holder) throw refusal(400, { code: "BadRequestFormat", message: `The filter '${filter}' is not supported.` });
  return "properties" in body && JSON.stringify(body.properties).includes(holder);
}
