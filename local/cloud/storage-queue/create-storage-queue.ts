import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Clock } from "../../clock.ts";
import { type Authenticated, type GateOptions, gate, type Right, STORAGE_QUEUE_ROLES } from "./gate.ts";
import { messageRoutes } from "./message-routes.ts";
import { queueRoutes } from "./queue-routes.ts";
import { type Account, count, type Message, put, type Watcher } from "./queues.ts";
import { refusal } from "./refusal.ts";

/** Queue storage of one account: its API, and what its owner could do and see without a token. */
export interface StorageQueue {
  /** Give it to `serve`. */
  app: Hono<Authenticated>;
  /** Assigns a built-in role; it counts at once. */
  grant(objectId: string, role: keyof typeof STORAGE_QUEUE_ROLES): void;
  /** Takes all roles away. */
  revoke(objectId: string): void;
  /** Makes a queue that is not there yet. */
  createQueue(name: string): void;
  removeQueue(name: string): void;
  /** Puts a message in, as a service of Azure does. */
  put(name: string, text: string): void;
  /** Messages of a queue, hidden ones included, with the text as it was put in; empty where there is no such queue. */
  messages(name: string): { id: string; text: string; visibleOn: Date; dequeueCount: number }[];
  /** Calls the listener whenever it is known when a message will be visible, until the returned function is called. */
  onMessage(listener: Watcher): () => void;
  /** Number of messages by name of queue. */
  counts(): Record<string, number>;
}

export interface StorageQueueOptions extends GateOptions {
  clock: Clock;
  /** Origin at which it is served. */
  url: () => string;
}

/**
 * The REST API of Azure Queue Storage, as far as sending, receiving and looking go; times follow the clock of the local
 * cloud, which Azurite cannot. test/local/storage-queue.test.ts holds it against Azurite. Not modelled: shared keys and
 * signatures, access policies, service properties, secondary endpoints.
 */
export function createStorageQueue(options: StorageQueueOptions): StorageQueue {
  const account: Account = { clock: options.clock, queues: new Map(), watchers: new Set() };
  const rights = new Map<string, Set<Right>>();
  const requireRight = (objectId: string, right: Right): void => {
    if (!rights.get(objectId)?.has(right)) throw refusal("AuthorizationPermissionMismatch");
  };
  const app = new Hono<Authenticated>({ strict: false });
  app.use("*", gate(options));
  app.route("/", queueRoutes(account, { url: options.url, requireRight }));
  app.route("/", messageRoutes(account, requireRight));
  app.notFound(() => refusal("NotModelled").getResponse());
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    throw error;
  });
  return {
    app,
    grant(objectId, role) {
      rights.set(objectId, new Set([...(rights.get(objectId) ?? []), ...STORAGE_QUEUE_ROLES[role]]));
    },
    revoke: (objectId) => void rights.delete(objectId),
    createQueue(name) {
      if (!account.queues.has(name)) account.queues.set(name, { name, messages: [], metadata: {} });
    },
    removeQueue: (name) => void account.queues.delete(name),
    put(name, text) {
      const queue = account.queues.get(name);
      if (queue) put(account, queue, { text });
    },
    messages: (name) => (account.queues.get(name)?.messages ?? []).map(shown),
    onMessage(listener) {
      account.watchers.add(listener);
      return () => void account.watchers.delete(listener);
    },
    counts: () => Object.fromEntries([...account.queues].map(([name, queue]) => [name, count(account, queue)])),
  };
}

function shown({ id, text, visibleOn, dequeueCount }: Message) {
  return { id, text, visibleOn: new Date(visibleOn), dequeueCount };
}
