import type { TokenCredential } from "@azure/identity";
import { POISON_QUEUES, QUEUES, WORK_QUEUE } from "../queues.ts";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";

/** Names and numbers of messages of all queues; no message is read. */
export async function lookAtQueues(url: string | undefined, credential: TokenCredential): Promise<Finding[]> {
  if (!url) return [];
  try {
    const { QueueServiceClient } = await import("@azure/storage-queue");
    const service = new QueueServiceClient(url, credential, { retryOptions: { maxTries: 2 } });
    const counts: Record<string, number> = {};
    for await (const { name } of service.listQueues()) {
      counts[name] = (await service.getQueueClient(name).getProperties()).approximateMessagesCount ?? 0;
    }
    return judgeQueues(counts, service.accountName);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
    return [
      unseen(
        "queues",
        `the storage account does not show its queues (${code})`,
        "Run the doctor as a Storage Queue Data Reader, from the account's network",
      ),
    ];
  }
}

/** A backlog of so many says that nobody takes them. */
const MANY = 500;

/** Pure. `counts`: messages by name of queue. */
export function judgeQueues(counts: Readonly<Record<string, number>>, account: string): Finding[] {
  const poison = Object.entries(counts).filter(([name, count]) => name.endsWith("-poison") && count > 0);
  const missing = QUEUES.filter((name) => counts[name] === undefined);
  return [
    ...missing.map((name) => red("queues", `queue ${name} does not exist`, "Deploy infra/ again")),
    ...QUEUES.filter((name) => counts[name] !== undefined).map((name) =>
      // Most of what the work queue holds waits for its time, several messages for each deployment.
      (counts[name] ?? 0) > MANY && name !== WORK_QUEUE
        ? notice("queues", `${name} holds ${counts[name]} messages`, "Check that the app is running")
        : ok("queues", `${name} holds ${counts[name]} messages`),
    ),
    ...poison.map(([name, count]) =>
      red(
        "queues",
        `${name} holds ${count} messages that failed too often and were given up`,
        `Fix the cause (see the log). To repeat them, see docs/queues.md; to delete them:\naz storage message clear --auth-mode login --account-name ${account} --queue-name ${name}`,
      ),
    ),
    ...(poison.length === 0 ? [ok("queues", `nothing in ${POISON_QUEUES.join(", ")}`)] : []),
  ];
}
