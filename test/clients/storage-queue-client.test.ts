import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type StorageAccess, storageQueue } from "../../shared/clients/storage-queue/storage-queue.ts";

/** Microsoft's client: what it was made with, and asked for, and how it answers each call in turn. */
const client = vi.hoisted(() => ({
  made: [] as unknown[][],
  asked: [] as [queue: string, call: string, ...unknown[]][],
  answers: {} as Record<string, unknown[]>,
  broken: false,
}));
vi.mock("@azure/storage-queue", () => {
  const of = (queue: string, call: string) => async (given: unknown, options?: unknown) => {
    client.asked.push([queue, call, given, options]);
    const answer = client.answers[call]?.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  class QueueServiceClient {
    constructor(...args: unknown[]) {
      client.made.push(args);
      if (client.broken) throw new Error("no address");
    }
    static fromConnectionString = (...args: unknown[]) => new QueueServiceClient("from", ...args);
    getQueueClient = (queue: string) =>
      Object.fromEntries(
        ["sendMessage", "getProperties", "setMetadata", "createIfNotExists"].map((call) => [call, of(queue, call)]),
      );
  }
  return { QueueServiceClient };
});
const refused = (facts: object) => Object.assign(new Error("the key is c2VjcmV0"), facts);
const missing = () => refused({ statusCode: 404, code: "QueueNotFound" });
const open = (access: StorageAccess = { kind: "connection-string", connectionString: "x" }) =>
  storageQueue<{ a: number }>(access, "work");

beforeEach(() => Object.assign(client, { made: [], asked: [], answers: {}, broken: false }));
afterEach(() => vi.restoreAllMocks());

describe("the app's own queue", () => {
  const options = { retryOptions: { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 } };

  it("is opened at the first call and only once, by a connection string or by an identity", async () => {
    const queue = open();
    expect(client.made).toEqual([]);
    await queue.state();
    await queue.state();
    expect(client.made).toEqual([["from", "x", options]]);
    const credential = { getToken: async () => null };
    await open({ kind: "identity", queueServiceUri: "https://q", credential }).state();
    expect(client.made[1]).toEqual(["https://q", credential, options]);
  });

  it("is opened again where that has failed", async () => {
    client.broken = true;
    const queue = open();
    await expect(queue.state()).rejects.toMatchObject({ message: 'Cannot look at queue "work": no answer (Error)' });
    client.broken = false;
    expect(await queue.state()).toEqual({ notes: {}, messages: 0 });
  });

  it.each([
    [{ delay: 0 }, 0, -1],
    [{ delay: 1, life: 0 }, 1, 0],
    [{ delay: 1_001, life: 1_001 }, 2, 2],
  ])("takes a message, hidden and kept in whole seconds: %j", async (times, visibilityTimeout, messageTimeToLive) => {
    await open().send({ a: 1 }, times);
    const text = Buffer.from('{"a":1}').toString("base64");
    expect(client.asked).toMatchObject([["work", "sendMessage", text, { visibilityTimeout, messageTimeToLive }]]);
  });

  it("tells its notes and its messages, and has notes written", async () => {
    client.answers.getProperties = [{ metadata: { one: "1" }, approximateMessagesCount: 3 }];
    expect(await open().state()).toEqual({ notes: { one: "1" }, messages: 3 });
    await open().note({ two: "2" });
    expect(client.asked[1]).toMatchObject([
      "work",
      "setMetadata",
      { two: "2" },
      { abortSignal: expect.any(AbortSignal) },
    ]);
  });

  it("is made where it is missing, and asked once more; every call has five seconds", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    client.answers.sendMessage = [missing()];
    await open().send({ a: 1 }, { delay: 0 });
    expect(client.asked.map(([queue, call]) => `${queue} ${call}`)).toEqual([
      "work sendMessage",
      "work createIfNotExists",
      "work sendMessage",
    ]);
    expect(timeout.mock.calls).toEqual([[5_000], [5_000], [5_000]]);
    const signals = [client.asked[0]?.[3], client.asked[1]?.[2], client.asked[2]?.[3]];
    for (const given of signals) expect(given).toMatchObject({ abortSignal: expect.any(AbortSignal) });
  });

  it("that is missing still is told so, and for any other failure it is not made", async () => {
    client.answers.getProperties = [missing(), missing()];
    await expect(open().state()).rejects.toMatchObject({
      service: "Storage",
      status: 404,
      message: 'Cannot look at queue "work": 404 QueueNotFound',
    });
    client.asked.length = 0;
    client.answers.setMetadata = [refused({ statusCode: 403 })];
    await expect(open().note({})).rejects.toMatchObject({
      status: 403,
      message: 'Cannot record the timer\'s run in queue "work": 403',
    });
    expect(client.asked).toHaveLength(1);
  });

  it("of an account whose firewall blocks the app is told as such", async () => {
    client.answers.sendMessage = [refused({ statusCode: 403, code: "AuthorizationFailure" })];
    await expect(open().send({ a: 1 }, { delay: 0 })).rejects.toMatchObject({
      code: "storage-refused",
      serviceCode: "AuthorizationFailure",
      message: 'Cannot send to queue "work": 403 AuthorizationFailure',
      hint: expect.stringContaining("network settings"),
    });
  });

  it.each<[facts: object, said: string]>([
    [{ code: "ENOTFOUND" }, "no answer (ENOTFOUND)"],
    [{ name: "AbortError" }, "no answer (AbortError)"],
    [{ name: undefined }, "no answer (unknown)"],
    [{ statusCode: "404", code: "odd" }, "no answer (odd)"],
  ])("is told with what is known of a failure, and without the key: %j", async (facts, said) => {
    client.answers.sendMessage = [refused(facts)];
    const failure = await open()
      .send({ a: 1 }, { delay: 0 })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 0, message: `Cannot send to queue "work": ${said}` });
    expect(failure).not.toHaveProperty("cause");
  });

  it("has a queue of what failed for good, which may be missing, and is not made", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    client.answers.getProperties = [{ approximateMessagesCount: 2 }, {}, missing(), refused({ statusCode: 403 })];
    expect([await open().poisoned(), await open().poisoned(), await open().poisoned()]).toEqual([2, 0, 0]);
    await expect(open().poisoned()).rejects.toThrow('Cannot look at queue "work-poison": 403');
    expect(new Set(client.asked.map(([queue, call]) => `${queue} ${call}`))).toEqual(
      new Set(["work-poison getProperties"]),
    );
    expect(client.asked[0]?.[2]).toMatchObject({ abortSignal: expect.any(AbortSignal) });
    expect(timeout.mock.calls[0]).toEqual([5_000]);
  });
});
