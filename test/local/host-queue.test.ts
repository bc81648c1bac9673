import { QueueServiceClient } from "@azure/storage-queue";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PATIENTLY } from "../patiently.ts";
import { closeHosts, openHost } from "./host-world.ts";
import { type QueueAccount, startAzurite, startStandIn } from "./storage-queue-world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Tells what it got; fails as long as the message says so. */
const WORK = `
app.storageQueue("work", { queueName: "work", connection: "AzureWebJobsStorage", handler(message, context) {
  const { dequeueCount, queueTrigger } = context.triggerMetadata;
  context.log(JSON.stringify({ message, dequeueCount, queueTrigger }));
  if (message.failsUntil > dequeueCount) throw new Error("not yet");
} });`;
const hostJson = (queues: object) => ({
  version: "2.0",
  extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" },
  extensions: { queues: { batchSize: 1, newBatchThreshold: 0, maxPollingInterval: "00:00:10", ...queues } },
});

describe.each([
  ["the stand-in", startStandIn],
  ["Azurite", startAzurite],
])("a queue function fed from %s", (_name, start) => {
  let account: QueueAccount;
  const queue = (name = "work") => new QueueServiceClient(account.url, account.credential).getQueueClient(name);
  const open = (queues: object = {}, code = WORK) => {
    const { url, credential, clock, onMessage } = account;
    const service = new QueueServiceClient(url, credential);
    return openHost(
      { code },
      { clock, hostJson: hostJson(queues), queues: { service, ...(onMessage && { onMessage }) } },
    );
  };
  const send = (message: unknown, delay = 0) => {
    const text = Buffer.from(JSON.stringify(message)).toString("base64");
    return queue().sendMessage(text, { visibilityTimeout: delay });
  };
  const left = async (name?: string) => (await queue(name).getProperties()).approximateMessagesCount;

  beforeEach(async () => {
    account = await start();
    await queue().create();
  });
  afterEach(async () => {
    await closeHosts();
    await account.close();
  });

  it("gets each message once, with its metadata, and the message is gone", async () => {
    await send({ deployment: "one" });
    const { said, clock } = await open();
    await clock.advance(10 * SECOND);
    const message = { deployment: "one" };
    expect(said("work")).toEqual([{ message, dequeueCount: 1, queueTrigger: message }]);
    expect(await left()).toBe(0);
  });

  it("gets a message when its time has come, not before", async () => {
    const { said, clock } = await open();
    await send({ deployment: "later" }, 60);
    await clock.advance(50 * SECOND);
    expect(said("work")).toEqual([]);
    await clock.advance(30 * SECOND);
    expect(said("work")).toHaveLength(1);
  });

  it("tries a failing message again after the pause of host.json", async () => {
    await send({ failsUntil: 2 });
    const { said, clock } = await open({ visibilityTimeout: "00:05:00" });
    await clock.advance(4 * MINUTE);
    expect(said("work")).toHaveLength(1);
    await clock.advance(2 * MINUTE);
    expect(said("work")).toHaveLength(2);
    expect(await left()).toBe(0);
  });

  it("moves a message that fails for the last time into the poison queue, as it was", async () => {
    await send({ failsUntil: 99 });
    const { said, clock, log } = await open({ maxDequeueCount: 3 });
    await clock.advance(MINUTE);
    expect(said("work")).toHaveLength(3);
    expect(await left()).toBe(0);
    const [poison] = (await queue("work-poison").peekMessages()).peekedMessageItems;
    expect(Buffer.from(poison?.messageText ?? "", "base64").toString()).toBe('{"failsUntil":99}');
    expect(log.map(({ message }) => message)).toContainEqual(expect.stringContaining("MaxDequeueCount of 3"));
  });

  it("never sees a message that is not in base64, which ends as poison", async () => {
    await queue().sendMessage("not base64!");
    const { said, clock } = await open({ maxDequeueCount: 1 });
    await clock.advance(MINUTE);
    expect(said("work")).toEqual([]);
    expect(await left("work-poison")).toBe(1);
  });

  it("shares the messages among several hosts, each getting some and none twice", async () => {
    for (const number of [1, 2, 3, 4]) await send({ number });
    const hosts = [await open(), await open()];
    await account.clock.advance(MINUTE);
    const numbers = hosts.flatMap(({ said }) =>
      said("work").map((one) => (one as { message: { number: number } }).message.number),
    );
    expect(numbers.toSorted()).toEqual([1, 2, 3, 4]);
  });

  it("keeps its lease for as long as the handler runs", async () => {
    const { clock } = account;
    const held: { finish?: () => void } = {};
    (globalThis as { held?: typeof held }).held = held;
    const code = `app.storageQueue("work", { queueName: "work", handler: () => new Promise((end) => { globalThis.held.finish = end; }) });`;
    await send({});
    const { host } = await open({}, code);
    const running = clock.advance(10 * SECOND);
    await expect.poll(() => held.finish, PATIENTLY).toBeDefined();
    for (const minutes of [11, 11]) {
      await clock.advance(minutes * MINUTE);
      expect((await queue().receiveMessages()).receivedMessageItems).toEqual([]);
    }
    held.finish?.();
    await running;
    expect(await left()).toBe(0);
    await host.stop();
  });
});
