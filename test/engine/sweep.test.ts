import { describe, expect, it } from "vitest";
import { sweep } from "../../shared/engine/sweep.ts";
import { HOUR, MINUTE, SWEPT_UNIT_LIFE } from "../../shared/limits.ts";
import { memoryQueue, START } from "./queue.ts";

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ deployment: `d${index}`, credential: "bot-token" as const }));
const minutes = async (count: number, period: number, random = () => 0) => {
  const queue = memoryQueue();
  await sweep(queue, names(count), { now: START, period, random });
  return queue.waiting() as { deployment: string; minutes: number }[];
};

describe("sweep()", () => {
  it("sends one a minute", async () => {
    expect((await minutes(3, HOUR)).map((one) => one.minutes)).toEqual([0, 1, 2]);
  });

  it("sends looks that are good until the next sweep", async () => {
    const queue = memoryQueue();
    await sweep(queue, names(1), { now: START, period: HOUR, random: () => 0 });
    expect(queue.waiting()).toMatchObject([{ kind: "rotate", until: new Date(START.getTime() + HOUR).toISOString() }]);
  });

  it("sends all before the next sweep, at an even pace", async () => {
    const sent = await minutes(1000, HOUR);
    expect(sent.at(-1)?.minutes).toBeLessThan(60);
    expect(new Set(sent.map((one, index) => Math.round((one.minutes / index) * 1e6))).size).toBeLessThanOrEqual(2);
  });

  it("spreads over an hour at most, however seldom the timer runs", async () => {
    expect((await minutes(1000, 24 * HOUR)).at(-1)?.minutes).toBeLessThan(60);
    expect((await minutes(2, 5 * MINUTE)).at(-1)?.minutes).toBe(1);
  });

  it("begins with another one each time", async () => {
    const first = async (random: number) => (await minutes(10, HOUR, () => random))[0]?.deployment;
    expect([await first(0), await first(0.5), await first(0.99)]).toEqual(["d0", "d5", "d9"]);
  });

  it("leaves nothing behind: what nobody took is gone before the next sweep but one", async () => {
    const lives: number[] = [];
    const send = async (_: unknown, { delay, life = Number.POSITIVE_INFINITY }: { delay: number; life?: number }) =>
      void lives.push(life - delay);
    await sweep({ send }, names(20), { now: START, period: HOUR, random: () => 0 });
    expect(new Set(lives)).toEqual(new Set([SWEPT_UNIT_LIFE]));
  });

  it("sends each, in as many batches as it takes, and ends when all are sent", async () => {
    const sent: unknown[] = [];
    const slowly = async (message: unknown) => {
      await Promise.resolve();
      sent.push(message);
    };
    await sweep({ send: slowly }, names(33), { now: START, period: HOUR, random: () => 0 });
    expect(sent).toHaveLength(33);
  });

  it("fails where the queue does not take one", async () => {
    const queue = memoryQueue();
    queue.down = true;
    await expect(sweep(queue, names(1), { now: START, period: HOUR, random: () => 0 })).rejects.toThrow("down");
  });
});
