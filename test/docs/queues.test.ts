import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NEAR_EXPIRY_QUEUE, NEW_VERSION_QUEUE, NOTIFICATION_QUEUE, WORK_QUEUE } from "../../shared/engine/queues.ts";
import { MINUTE, NEXT_LOOK, SWEPT_UNIT_LIFE } from "../../shared/limits.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { queues } = JSON.parse(read("host.json")).extensions;
const seconds = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

describe("docs/queues.md", () => {
  it("gives a reason for each setting of the queues in host.json, with its value", () => {
    const told = [...read("docs/queues.md").matchAll(/^\| `(\w+)` \| `([\w:]+)` \| .{20,} \|$/gm)];
    expect(Object.fromEntries(told.map(([, name, value]) => [name, value]))).toEqual(
      Object.fromEntries(Object.entries(queues).map(([name, value]) => [name, String(value)])),
    );
  });

  it("names every queue", () => {
    for (const name of [WORK_QUEUE, NEW_VERSION_QUEUE, NEAR_EXPIRY_QUEUE, NOTIFICATION_QUEUE]) {
      expect(read("docs/queues.md")).toContain(`| \`${name}\` |`);
    }
  });
});

describe("host.json", () => {
  const pause = seconds(queues.visibilityTimeout) * 1000;

  it("tries what the timer has sent several times, and does not put it aside before it is gone by itself", () => {
    expect(SWEPT_UNIT_LIFE / pause).toBeGreaterThan(3);
    expect(SWEPT_UNIT_LIFE).toBeLessThan((queues.maxDequeueCount - 1) * pause);
  });

  it("looks often enough for what waits a minute", () => {
    expect(seconds(queues.maxPollingInterval) * 1000).toBeLessThanOrEqual(NEXT_LOOK);
    expect(pause).toBeGreaterThanOrEqual(MINUTE);
  });
});
