import { type Context, Hono } from "hono";
import type { Authenticated, Right } from "./gate.ts";
import { queueOf } from "./queue-routes.ts";
import { type Account, type Message, put, type Queue, receive, update, visible } from "./queues.ts";
import { refusal } from "./refusal.ts";
import { date, messageList, readMessageText } from "./xml.ts";

/** Of the text as it travels, base64 included. Microsoft Learn: "Put Message". */
const MOST_BYTES = 64 * 1024;
const WEEK_SECONDS = 7 * 24 * 60 * 60;
const MOST_AT_ONCE = 32;
const XML = { "content-type": "application/xml" };

/** Putting, receiving, peeking, updating and deleting messages. */
export function messageRoutes(
  account: Account,
  requireRight: (objectId: string, right: Right) => void,
): Hono<Authenticated> {
  const app = new Hono<Authenticated>({ strict: false });
  app.post("/:queue/messages", async (c) => {
    requireRight(c.get("objectId"), "add");
    const queue = queueOf(account, c.req.param("queue"));
    const text = readMessageText(await c.req.text());
    if (text === undefined) throw refusal("InvalidXmlDocument");
    if (Buffer.byteLength(text) > MOST_BYTES) throw refusal("RequestBodyTooLarge");
    const delay = numberIn(c, "visibilitytimeout", { least: 0, most: WEEK_SECONDS });
    const ttl = numberIn(c, "messagettl", { least: -1, most: Number.MAX_SAFE_INTEGER });
    if (ttl === 0) throw refusal("OutOfRangeQueryParameterValue");
    if (delay && ttl && ttl !== -1 && delay >= ttl) throw refusal("InvalidQueryParameterValue");
    const message = put(account, queue, { text, ...(delay && { delay }), ...(ttl && { ttl }) });
    return c.body(messageList([message], "put"), 201, XML);
  });
  app.get("/:queue/messages", (c) => {
    const most = numberIn(c, "numofmessages", { least: 1, most: MOST_AT_ONCE }) ?? 1;
    const peeks = c.req.query("peekonly") === "true";
    requireRight(c.get("objectId"), peeks ? "read" : "process");
    const queue = queueOf(account, c.req.param("queue"));
    if (peeks) return c.body(messageList(visible(account, queue).slice(0, most), "peeked"), 200, XML);
    const hiddenFor = numberIn(c, "visibilitytimeout", { least: 1, most: WEEK_SECONDS }) ?? 30;
    return c.body(messageList(receive(account, queue, { most, hiddenFor }), "received"), 200, XML);
  });
  app.delete("/:queue/messages", (c) => {
    requireRight(c.get("objectId"), "process");
    queueOf(account, c.req.param("queue")).messages = [];
    return c.body(null, 204);
  });
  app.put("/:queue/messages/:id", async (c) => {
    requireRight(c.get("objectId"), "process");
    const held = heldMessage(c, account);
    const hiddenFor = numberIn(c, "visibilitytimeout", { least: 0, most: WEEK_SECONDS });
    if (hiddenFor === undefined) throw refusal("InvalidQueryParameterValue");
    update(account, held, { hiddenFor, text: readMessageText(await c.req.text()) });
    const { popReceipt, visibleOn } = held.message;
    const headers = { "x-ms-popreceipt": popReceipt, "x-ms-time-next-visible": date(visibleOn) };
    return c.body(null, 204, headers);
  });
  app.delete("/:queue/messages/:id", (c) => {
    requireRight(c.get("objectId"), "process");
    const { queue, message } = heldMessage(c, account);
    queue.messages = queue.messages.filter((other) => other !== message);
    return c.body(null, 204);
  });
  return app;
}

/** The message that the caller has received last: anybody else's pop receipt no longer counts. */
function heldMessage(c: Context<Authenticated>, account: Account): { queue: Queue; message: Message } {
  const queue = queueOf(account, c.req.param("queue") ?? "");
  const message = queue.messages.find(({ id }) => id === c.req.param("id"));
  if (!message) throw refusal("MessageNotFound");
  if (c.req.query("popreceipt") !== message.popReceipt) throw refusal("PopReceiptMismatch");
  return { queue, message };
}

function numberIn(
  c: Context<Authenticated>,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const text = c.req.query(name);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw refusal("InvalidQueryParameterValue");
  const number = Number(text);
  if (number < least || number > most) throw refusal("OutOfRangeQueryParameterValue");
  return number;
}
