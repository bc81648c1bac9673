import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storageQueue } from "../../shared/clients/storage-queue/storage-queue.ts";
import { type QueueAccount, startStandIn } from "../local/storage-queue-world.ts";
import { answering } from "./answering.ts";

let account: QueueAccount;
beforeAll(async () => {
  account = await startStandIn();
});
afterAll(() => account.close());

const open = (name: string) =>
  storageQueue({ kind: "identity", queueServiceUri: account.url, credential: account.credential }, name);
const MESSAGE = { version: 1, kind: "watch", ranOn: "2031-03-03T12:00:00.000Z" } as const;
/** As somebody else sees the queue. */
async function client(name: string) {
  const { QueueServiceClient } = await import("@azure/storage-queue");
  return new QueueServiceClient(account.url, account.credential as never).getQueueClient(name);
}
const received = async (name: string) => (await (await client(name)).receiveMessages()).receivedMessageItems;

describe("a queue of the app", () => {
  it("is made when something is first sent to it, in base64, as the host expects it", async () => {
    const queue = open("made-by-send");
    await queue.send(MESSAGE, { delay: 0 });
    const [message] = await received("made-by-send");
    expect(JSON.parse(Buffer.from(message?.messageText ?? "", "base64").toString())).toEqual(MESSAGE);
    expect(await queue.state()).toEqual({ notes: {}, messages: 1 });
  });

  it("hides a message for as long as it is told, and keeps it as long, in whole seconds at least", async () => {
    const queue = open("hides");
    await queue.send(MESSAGE, { delay: 1_500, life: 10_500 });
    expect(await received("hides")).toEqual([]);
    account.clock.advance(2_000);
    const [message] = await received("hides");
    const { insertedOn, expiresOn } = message as { insertedOn: Date; expiresOn: Date };
    expect(expiresOn.getTime() - insertedOn.getTime()).toBe(11_000);
  });

  it("keeps for ever what has no end", async () => {
    await open("for-ever").send(MESSAGE, { delay: 0 });
    account.clock.advance(30 * 86_400_000);
    expect(await received("for-ever")).toHaveLength(1);
  });

  it("has notes, which are written as a whole, and is made for them too", async () => {
    const queue = open("has-notes");
    await queue.note({ one: "1", two: "2" });
    await queue.note({ two: "3" });
    expect(await queue.state()).toEqual({ notes: { two: "3" }, messages: 0 });
  });

  it("tells how many messages have failed for good: none where there is no queue of them", async () => {
    const queue = open("fails");
    expect(await queue.poisoned()).toBe(0);
    const poison = await client("fails-poison");
    await poison.create();
    await poison.sendMessage("x");
    expect(await queue.poisoned()).toBe(1);
  });
});

describe("a queue that cannot be used", () => {
  it.each([
    ["send", 'Cannot send to queue "work": '],
    ["state", 'Cannot look at queue "work": '],
    ["note", 'Cannot record the timer\'s run in queue "work": '],
    ["poisoned", 'Cannot look at queue "work-poison": '],
  ] as const)("is told by what failed (%s), and without the key", async (call, message) => {
    const queue = storageQueue({ kind: "connection-string", connectionString: "AccountKey=c2VjcmV0" }, "work");
    const asked = { send: () => queue.send(MESSAGE, { delay: 0 }), note: () => queue.note({}) };
    const failure = await ({ ...queue, ...asked }[call] as () => Promise<unknown>)().catch((error: unknown) => error);
    expect(failure).toMatchObject({ service: "Storage", status: 0, message: expect.stringContaining(message) });
    expect(String(failure)).not.toContain("c2VjcmV0");
  });

  it("is told with the status and the code that the storage gives", async () => {
    const headers = { "x-ms-error-code": "AuthorizationFailure" };
    const { url } = await answering(() => ({ status: 403, headers }));
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;QueueEndpoint=${url}/a;`;
    const failure = await storageQueue({ kind: "connection-string", connectionString }, "work")
      .state()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      service: "Storage",
      status: 403,
      message: 'Cannot look at queue "work": 403 AuthorizationFailure',
    });
  });
});
