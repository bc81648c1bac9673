import { QueueServiceClient, type RestError } from "@azure/storage-queue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type QueueAccount, startAzurite, startStandIn } from "./storage-queue-world.ts";

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

describe.each([
  ["the stand-in", startStandIn],
  ["Azurite", startAzurite],
])("queue storage: %s", (_name, start) => {
  let account: QueueAccount;
  const open = (name = "work") => {
    const { url, credential } = account;
    return new QueueServiceClient(url, credential, { retryOptions: { maxTries: 1 } }).getQueueClient(name);
  };
  const refusal = async (request: Promise<unknown>): Promise<string> =>
    request.then(
      () => "none",
      (error: RestError) => `${error.statusCode} ${error.code}`,
    );

  beforeEach(async () => {
    account = await start();
  });
  afterEach(() => account.close());

  it("hands a message over once, hidden from others until its time is over", async () => {
    const queue = open();
    await queue.create();
    await queue.sendMessage("aGVsbG8=");
    const { receivedMessageItems: first } = await queue.receiveMessages({ visibilityTimeout: 30 });
    expect(first.map(({ messageText, dequeueCount }) => [messageText, dequeueCount])).toEqual([["aGVsbG8=", 1]]);
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([]);
    await account.clock.advance(31 * SECOND);
    const { receivedMessageItems: again } = await queue.receiveMessages();
    expect(again.map(({ dequeueCount }) => dequeueCount)).toEqual([2]);
    expect(again[0]?.popReceipt).not.toBe(first[0]?.popReceipt);
  });

  it("keeps a message back for as long as its sender says", async () => {
    const queue = open();
    await queue.create();
    await queue.sendMessage("later", { visibilityTimeout: 60 });
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([]);
    expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
    await account.clock.advance(61 * SECOND);
    expect((await queue.receiveMessages()).receivedMessageItems).toHaveLength(1);
  });

  it("hands over as many as are asked for, the oldest first", async () => {
    const queue = open();
    await queue.create();
    for (const text of ["a", "b", "c"]) await queue.sendMessage(text);
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 2 });
    expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(["a", "b"]);
  });

  it("deletes a message only for whoever received it last", async () => {
    const queue = open();
    await queue.create();
    await queue.sendMessage("a");
    const [early] = (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems;
    await account.clock.advance(2 * SECOND);
    const [late] = (await queue.receiveMessages()).receivedMessageItems;
    if (!early || !late) throw new Error("The message was not received twice");
    expect(await refusal(queue.deleteMessage(early.messageId, early.popReceipt))).toBe("400 PopReceiptMismatch");
    await queue.deleteMessage(late.messageId, late.popReceipt);
    expect(await refusal(queue.deleteMessage(late.messageId, late.popReceipt))).toBe("404 MessageNotFound");
    expect((await queue.getProperties()).approximateMessagesCount).toBe(0);
  });

  it("shows a message again, changed, when its receiver says so", async () => {
    const queue = open();
    await queue.create();
    await queue.sendMessage("before");
    const [held] = (await queue.receiveMessages({ visibilityTimeout: 300 })).receivedMessageItems;
    await queue.updateMessage(held?.messageId ?? "", held?.popReceipt ?? "", "after & <more>", 0);
    const { receivedMessageItems } = await queue.receiveMessages();
    expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(["after & <more>"]);
  });

  it("forgets a message when its time to live is over, a week by default", async () => {
    const queue = open();
    await queue.create();
    await queue.sendMessage("short", { messageTimeToLive: 60 });
    await queue.sendMessage("a week");
    await queue.sendMessage("for ever", { messageTimeToLive: -1 });
    await account.clock.advance(8 * DAY);
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 });
    expect(peekedMessageItems.map(({ messageText, dequeueCount }) => [messageText, dequeueCount])).toEqual([
      ["for ever", 0],
    ]);
  });

  it("knows queues by name: made once or twice, listed, cleared, deleted", async () => {
    const service = new QueueServiceClient(account.url, account.credential);
    for (const name of ["work", "work-poison", "work"]) await open(name).create();
    const names: string[] = [];
    for await (const { name } of service.listQueues({ prefix: "work" })) names.push(name);
    expect(names).toEqual(["work", "work-poison"]);
    await open().sendMessage("a");
    await open().clearMessages();
    expect((await open().getProperties()).approximateMessagesCount).toBe(0);
    await open().delete();
    expect(await refusal(open().sendMessage("a"))).toBe("404 QueueNotFound");
  });

  it("keeps what is noted with a queue, which is written as a whole", async () => {
    const queue = open();
    await queue.create();
    expect((await queue.getProperties()).metadata ?? {}).toEqual({});
    await queue.setMetadata({ first: "2026-03-01T09:00:00.000Z", second: "2" });
    await queue.setMetadata({ first: "1" });
    await queue.sendMessage("a");
    expect(await queue.getProperties()).toMatchObject({ metadata: { first: "1" }, approximateMessagesCount: 1 });
    expect(await refusal(open("none").setMetadata({ first: "1" }))).toBe("404 QueueNotFound");
  });

  it("refuses what no queue takes", async () => {
    const queue = open();
    await queue.create();
    expect(await refusal(queue.sendMessage("x".repeat(64 * 1024 + 1)))).toBe("413 RequestBodyTooLarge");
    const outOfRange = "400 OutOfRangeQueryParameterValue";
    expect(await refusal(queue.sendMessage("x", { visibilityTimeout: 8 * 24 * 60 * 60 }))).toBe(outOfRange);
    expect(await refusal(queue.receiveMessages({ numberOfMessages: 33 }))).toBe(outOfRange);
    const longer = { visibilityTimeout: 60, messageTimeToLive: 60 };
    expect(await refusal(queue.sendMessage("x", longer))).toBe("400 InvalidQueryParameterValue");
    expect(await refusal(open("No_Queue").create())).toBe("400 InvalidResourceName");
  });

  it("refuses a caller without a token", async () => {
    const response = await fetch(`${account.url}/work/messages`, { headers: { "x-ms-version": "2025-01-05" } });
    expect(response.ok).toBe(false);
    expect([401, 403]).toContain(response.status);
  });
});

// Azurite minds no names. Microsoft Learn: "Common REST API error codes".
it("the stand-in for queues refuses to note what has the name of no identifier", async () => {
  const { url, credential, close } = await startStandIn();
  const queue = new QueueServiceClient(url, credential, { retryOptions: { maxTries: 1 } }).getQueueClient("work");
  await queue.create();
  const refused = await queue.setMetadata({ "1st": "1" }).catch((error: RestError) => error);
  await close();
  expect(refused).toMatchObject({ statusCode: 400, code: "InvalidMetadata" });
});
