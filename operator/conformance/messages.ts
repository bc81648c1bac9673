import type { TokenCredential } from "@azure/identity";

/** Up to 32 texts that wait in a queue, as they are stored; peeked at, so that they stay. */
export async function messagesIn(queueUrl: string, tokenFor: (scope: string) => Promise<string>): Promise<string[]> {
  const { QueueClient } = await import("@azure/storage-queue");
  const credential: TokenCredential = {
    getToken: async (scopes) => ({ token: await tokenFor([scopes].flat()[0] ?? ""), expiresOnTimestamp: Number.NaN }),
  };
  try {
    const queue = new QueueClient(queueUrl, credential, { retryOptions: { maxTries: 2 } });
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
    return peekedMessageItems.map(({ messageText }) => messageText);
  } catch (error) {
    // A queue that was just made is not known everywhere yet.
    const { code, statusCode } = error as { code?: string; statusCode?: number };
    if (code === "QueueNotFound") return [];
    throw new Error(
      `the queue does not show its messages (${code ?? statusCode ?? "no reason given"}): it takes Storage Queue Data Reader, from its network`,
    );
  }
}
