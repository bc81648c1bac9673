import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";

/** A message as the service keeps it. Times are milliseconds since 1970; `text` is what was put in, unchanged. */
export interface Message {
  id: string;
  text: string;
  insertedOn: number;
  expiresOn: number;
  visibleOn: number;
  dequeueCount: number;
  /** Renewed each time that the message is received or updated; whoever holds an older one has lost it. */
  popReceipt: string;
}

/** A queue with its messages in the order of their insertion. */
export interface Queue {
  name: string;
  messages: Message[];
  /** Headers, `x-ms-meta-…`. */
  metadata: Record<string, string>;
}

/** The queues of one account by name. */
export interface Account {
  clock: Clock;
  queues: Map<string, Queue>;
  /** Told when a message will be visible: it was put in, received or updated. */
  watchers: Set<Watcher>;
}

/** Looks at every change of when a message will be visible. */
export type Watcher = (queue: string, visibleOn: Date) => void;

/** Never expires: `messagettl=-1` (Microsoft Learn: "Put Message"). */
const FOR_EVER = Date.UTC(9999, 11, 31, 23, 59, 59);
const WEEK_SECONDS = 7 * 24 * 60 * 60;

/** Puts a message in; invisible for so many seconds, gone after `ttl` seconds. */
export function put(
  account: Account,
  queue: Queue,
  { text, delay = 0, ttl = WEEK_SECONDS }: { text: string; delay?: number; ttl?: number },
): Message {
  const now = account.clock.now().getTime();
  const message: Message = {
    id: randomUUID(),
    text,
    insertedOn: now,
    expiresOn: ttl === -1 ? FOR_EVER : now + ttl * 1000,
    visibleOn: now + delay * 1000,
    dequeueCount: 0,
    popReceipt: newReceipt(),
  };
  queue.messages.push(message);
  tell(account, queue, message);
  return message;
}

/** Receives up to `most` visible messages and hides them for so many seconds. */
export function receive(
  account: Account,
  queue: Queue,
  { most, hiddenFor }: { most: number; hiddenFor: number },
): Message[] {
  const now = account.clock.now().getTime();
  const received = visible(account, queue).slice(0, most);
  for (const message of received) {
    message.dequeueCount += 1;
    message.visibleOn = now + hiddenFor * 1000;
    message.popReceipt = newReceipt();
    tell(account, queue, message);
  }
  return received;
}

/** Those that a receiver would get now, without receiving them. */
export function visible({ clock }: Account, queue: Queue): Message[] {
  const now = clock.now().getTime();
  dropExpired(queue, now);
  return queue.messages.filter(({ visibleOn }) => visibleOn <= now);
}

/** How many there are, hidden ones included. */
export function count({ clock }: Account, queue: Queue): number {
  dropExpired(queue, clock.now().getTime());
  return queue.messages.length;
}

/** Hides a message anew for so many seconds, and gives it another text where there is one. */
export function update(
  account: Account,
  { queue, message }: { queue: Queue; message: Message },
  { hiddenFor, text }: { hiddenFor: number; text: string | undefined },
): void {
  message.visibleOn = account.clock.now().getTime() + hiddenFor * 1000;
  message.popReceipt = newReceipt();
  if (text !== undefined) message.text = text;
  tell(account, queue, message);
}

function tell({ watchers }: Account, { name }: Queue, { visibleOn }: Message): void {
  for (const watcher of watchers) watcher(name, new Date(visibleOn));
}

function dropExpired(queue: Queue, now: number): void {
  queue.messages = queue.messages.filter(({ expiresOn }) => expiresOn > now);
}

function newReceipt(): string {
  return randomBytes(12).toString("base64");
}
