import type { TokenCredential } from "@azure/identity";
import type { QueueClient } from "@azure/storage-queue";
import type { WorkQueue } from "../../engine/ports.ts";
import type { UpstreamError } from "../../errors.ts";
import { QUEUE_TIME_OUT, SECOND } from "../../limits.ts";
import { storageRefusal } from "../storage-refusals.ts";

/** How the storage account is reached: as the host itself does, by its setting `AzureWebJobsStorage`. */
export type StorageAccess =
  | { kind: "connection-string"; connectionString: string }
  | { kind: "identity"; queueServiceUri: string; credential: TokenCredential };

/** Where nothing is there yet, one more attempt follows the making of the queue. */
const MISSING = 404;

/**
 * One queue, through Microsoft's client, which is loaded at the first call: most calls of this app send nothing. The
 * text is encoded as the host's queue trigger expects it, in base64.
 */
export function storageQueue<M extends object>(access: StorageAccess, name: string): WorkQueue<M> {
  let opened: Promise<QueueClient> | undefined;
  const queue = () => {
    opened ??= open(access, name).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const attempt = async <T>(action: string, call: (client: QueueClient, signal: AbortSignal) => Promise<T>) => {
    const once = async () => call(await queue(), AbortSignal.timeout(QUEUE_TIME_OUT));
    try {
      return await once().catch(async (error: unknown) => {
        if (statusOf(error) !== MISSING) throw error;
        await (await queue()).createIfNotExists({ abortSignal: AbortSignal.timeout(QUEUE_TIME_OUT) });
        return once();
      });
    } catch (error) {
      throw storageError(`${action} queue "${name}"`, error);
    }
  };
  return {
    async send(message, { delay, life }) {
      const text = Buffer.from(JSON.stringify(message)).toString("base64");
      const visibilityTimeout = Math.ceil(delay / SECOND);
      const messageTimeToLive = life === undefined ? -1 : Math.ceil(life / SECOND);
      await attempt("send to", (client, abortSignal) =>
        client.sendMessage(text, { abortSignal, visibilityTimeout, messageTimeToLive }),
      );
    },
    async state() {
      const found = await attempt("look at", (client, abortSignal) => client.getProperties({ abortSignal }));
      return { notes: found.metadata ?? {}, messages: found.approximateMessagesCount ?? 0 };
    },
    async note(notes) {
      await attempt("record the timer's run in", (client, abortSignal) => client.setMetadata(notes, { abortSignal }));
    },
    async poisoned() {
      const poison = `${name}-poison`;
      try {
        const client = await open(access, poison);
        const { approximateMessagesCount } = await client.getProperties({
          abortSignal: AbortSignal.timeout(QUEUE_TIME_OUT),
        });
        return approximateMessagesCount ?? 0;
      } catch (error) {
        if (statusOf(error) === MISSING) return 0;
        throw storageError(`look at queue "${poison}"`, error);
      }
    },
  };
}

async function open(access: StorageAccess, name: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import("@azure/storage-queue");
  const options = { retryOptions: { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 } };
  const service =
    access.kind === "connection-string"
      ? QueueServiceClient.fromConnectionString(access.connectionString, options)
      : new QueueServiceClient(access.queueServiceUri, access.credential, options);
  return service.getQueueClient(name);
}

function statusOf(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : 0;
}

/** The SDK's errors carry the request, and a connection string its key: only status and code are told. */
function storageError(action: string, error: unknown): UpstreamError {
  const { code, name } = (error ?? {}) as { code?: string; name?: string };
  const status = statusOf(error);
  const told = status === 0 ? `no answer (${code ?? name ?? "unknown"})` : `${status} ${code ?? ""}`.trim();
  return storageRefusal({ message: `Cannot ${action}: ${told}`, status, code: status === 0 ? undefined : code });
}
