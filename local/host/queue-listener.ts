import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from "@azure/storage-queue";
import type { Clock } from "../clock.ts";
import type { QueueSettings } from "./host-json.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Invoke } from "./invocation.ts";
import type { Log } from "./log.ts";
import { queueInput } from "./queue-input.ts";
import type { Trigger } from "./trigger.ts";

/** The queues of the storage account that AzureWebJobsStorage names. */
export interface HostQueues {
  service: QueueServiceClient;
  /**
   * Says of each message when it will be visible, so that a clock that stands still need not be polled; returns what
   * ends it. Without it the host polls by the clock.
   */
  onMessage?: (listener: (queue: string, visibleOn: Date) => void) => () => void;
}

/** A queue function at work. */
export interface QueueListener {
  start(): Promise<void>;
  /** Receives no more messages; those under way go on. */
  cancel(): void;
}

interface QueueHost {
  clock: Clock;
  invoke: Invoke;
  log: Log;
  queues: HostQueues;
  settings: QueueSettings;
}

/** Nobody else sees a message so long while its handler runs; renewed at half time (WebJobs' QueueProcessor). */
const LEASE_SECONDS = 10 * 60;

/**
 * Feeds a function from its queue as the storage extension does: batches, a lease that is renewed, deletion after
 * success, a pause before another attempt, and `<queue>-poison` after the last one (Microsoft Learn: "Azure Queue
 * storage trigger for Azure Functions"). Several hosts on one account share the messages as several instances do.
 */
export function createQueueListener(
  hostFunction: HostFunction,
  { queueName }: Extract<Trigger, { kind: "queue" }>,
  host: QueueHost,
): QueueListener {
  const { clock, queues, settings } = host;
  const queue = queues.service.getQueueClient(queueName);
  const running = new Set<Promise<void>>();
  const disarm = new Set<() => void>();
  let receiving = false;
  let missed = false;
  let cancelled = false;

  const receive = async (): Promise<DequeuedMessageItem[]> => {
    receiving = true;
    try {
      const options = { numberOfMessages: settings.batchSize, visibilityTimeout: LEASE_SECONDS };
      return (await queue.receiveMessages(options)).receivedMessageItems;
    } catch (error) {
      say(host, "error", `Cannot receive from queue '${queueName}': ${nameOf(error)}`);
      return [];
    } finally {
      receiving = false;
    }
  };
  /** Starts what may be started, and goes on until there is nothing more. Never waits for runs that others started. */
  const pump = async (): Promise<void> => {
    if (receiving) missed = true;
    const own = new Set<Promise<void>>();
    while (!cancelled && !receiving && running.size <= settings.newBatchThreshold) {
      missed = false;
      const messages = await receive();
      if (messages.length === 0 && !missed) break;
      for (const message of messages) {
        const run = handle({ hostFunction, queue, message, host }).finally(() => {
          running.delete(run);
          own.delete(run);
        });
        running.add(run);
        own.add(run);
      }
      while (own.size > 0 && running.size > settings.newBatchThreshold) await Promise.race(own);
    }
    await Promise.all(own);
  };
  const wakeAt = (on: Date): void => {
    const cancel = clock.at(on, () => {
      disarm.delete(cancel);
      return pump();
    });
    disarm.add(cancel);
  };
  const poll = (): void => {
    const cancel = clock.at(new Date(clock.now().getTime() + settings.maxPollingInterval), async () => {
      disarm.delete(cancel);
      await pump();
      if (!cancelled) poll();
    });
    disarm.add(cancel);
  };
  return {
    async start() {
      await queue.createIfNotExists();
      if (queues.onMessage) disarm.add(queues.onMessage((name, on) => name === queueName && !cancelled && wakeAt(on)));
      else poll();
      wakeAt(clock.now());
    },
    cancel() {
      cancelled = true;
      for (const end of disarm) end();
    },
  };
}

interface Handling {
  hostFunction: HostFunction;
  queue: QueueClient;
  message: DequeuedMessageItem;
  host: QueueHost;
}

/** One attempt at one message. Never rejects: a message that cannot be settled is seen again when its lease ends. */
async function handle({ hostFunction, queue, message, host }: Handling): Promise<void> {
  const lease = keepLease(queue, message, host);
  const outcome = await host.invoke(hostFunction, queueInput(queue.name, message, host.settings.messageEncoding));
  const popReceipt = lease.end();
  try {
    if (outcome.kind === "succeeded") {
      await queue.deleteMessage(message.messageId, popReceipt);
    } else if (message.dequeueCount >= host.settings.maxDequeueCount) {
      await poison(queue, { ...message, popReceipt }, host);
    } else {
      await queue.updateMessage(message.messageId, popReceipt, undefined, host.settings.visibilityTimeout / 1000);
    }
  } catch (error) {
    say(host, "error", `Cannot settle message '${message.messageId}' of queue '${queue.name}': ${nameOf(error)}`);
  }
}

async function poison(queue: QueueClient, message: DequeuedMessageItem, host: QueueHost): Promise<void> {
  const name = `${queue.name}-poison`;
  say(
    host,
    "warning",
    `Message has reached MaxDequeueCount of ${host.settings.maxDequeueCount}. Moving message to queue '${name}'.`,
  );
  const target = host.queues.service.getQueueClient(name);
  await target.createIfNotExists();
  await target.sendMessage(message.messageText, { messageTimeToLive: -1 });
  await queue.deleteMessage(message.messageId, message.popReceipt);
}

function keepLease(queue: QueueClient, message: DequeuedMessageItem, { clock }: QueueHost) {
  let { popReceipt } = message;
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = clock.at(new Date(clock.now().getTime() + (LEASE_SECONDS / 2) * 1000), async () => {
      const renewed = await queue
        .updateMessage(message.messageId, popReceipt, undefined, LEASE_SECONDS)
        .catch(() => undefined);
      popReceipt = renewed?.popReceipt ?? popReceipt;
      arm();
    });
  };
  arm();
  return {
    /** The receipt that counts. */
    end(): string {
      cancel();
      return popReceipt;
    },
  };
}

function say({ log }: QueueHost, level: "error" | "warning", message: string): void {
  log({ level, category: "Host.Triggers.Queue", message });
}

/** The SDK's errors carry the request, tokens included: only their name and code are told. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "no error";
  return "code" in error ? `${error.name} ${error.code}` : error.name;
}
