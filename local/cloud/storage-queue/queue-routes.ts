import { Hono } from "hono";
import type { Authenticated, Right } from "./gate.ts";
import { type Account, count } from "./queues.ts";
import { refusal } from "./refusal.ts";
import { queueList } from "./xml.ts";

/** 3 to 63 characters: lower-case letters, digits and single hyphens between them. Microsoft Learn: "Naming queues". */
const NAME = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

const NOTED = "x-ms-meta-";

/** Making, listing, counting and deleting queues. */
export function queueRoutes(
  account: Account,
  { url, requireRight }: { url: () => string; requireRight: (objectId: string, right: Right) => void },
): Hono<Authenticated> {
  const { queues } = account;
  const app = new Hono<Authenticated>({ strict: false });
  app.get("/", (c) => {
    if (c.req.query("comp") !== "list") throw refusal("NotModelled");
    requireRight(c.get("objectId"), "read");
    const prefix = c.req.query("prefix") ?? "";
    const names = [...queues.keys()].filter((name) => name.startsWith(prefix)).toSorted();
    return c.body(queueList(url(), names), 200, { "content-type": "application/xml" });
  });
  app.put("/:queue", (c) => {
    const name = c.req.param("queue");
    if (c.req.query("comp") === "metadata") {
      requireRight(c.get("objectId"), "manage");
      queueOf(account, name).metadata = metadataIn(c.req.header());
      return c.body(null, 204);
    }
    if (c.req.query("comp")) throw refusal("NotModelled");
    requireRight(c.get("objectId"), "manage");
    if (!NAME.test(name)) throw refusal("InvalidResourceName");
    // One that is there already, without metadata as ours are, is answered 204.
    if (queues.has(name)) return c.body(null, 204);
    queues.set(name, { name, messages: [], metadata: {} });
    return c.body(null, 201);
  });
  app.get("/:queue", (c) => {
    if (c.req.query("comp") !== "metadata") throw refusal("NotModelled");
    requireRight(c.get("objectId"), "read");
    const queue = queueOf(account, c.req.param("queue"));
    return c.body(null, 200, { ...queue.metadata, "x-ms-approximate-messages-count": String(count(account, queue)) });
  });
  app.delete("/:queue", (c) => {
    requireRight(c.get("objectId"), "manage");
    queueOf(account, c.req.param("queue"));
    queues.delete(c.req.param("queue"));
    return c.body(null, 204);
  });
  return app;
}

/** The queue, or the 404. */
export function queueOf({ queues }: Account, name: string) {
  const queue = queues.get(name);
  if (!queue) throw refusal("QueueNotFound");
  return queue;
}

/**
 * What is noted with a queue, as the headers that carry it; it is written as a whole. Names are identifiers of C# (Microsoft
 * Learn: "Setting and retrieving properties and metadata for queue resources").
 */
function metadataIn(headers: Record<string, string>): Record<string, string> {
  const noted = Object.entries(headers).filter(([name]) => name.startsWith(NOTED));
  if (noted.some(([name]) => !/^[a-z_]\w*$/i.test(name.slice(NOTED.length)))) throw refusal("InvalidMetadata");
  return Object.fromEntries(noted);
}
