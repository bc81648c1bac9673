import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import type { LogEvent } from "../../shared/log.ts";
import { memoryQueue, START } from "../engine/queue.ts";

const scene = vi.hoisted(() => ({ queue: undefined as unknown, opened: [] as unknown[] }));
vi.mock("../../shared/world/clock.ts", () => ({ clock: { now: () => START, random: () => 0 } }));
vi.mock("../../shared/world/settings.ts", () => ({ storageSettings: () => "the storage" }));
vi.mock("../../shared/world/connections.ts", () => ({
  openQueue: (...how: unknown[]) => {
    scene.opened.push(how);
    return scene.queue;
  },
}));

let queue: ReturnType<typeof memoryQueue>;
let lines: LogEvent[];
const log = (event: LogEvent) => void lines.push(event);
const all = [
  { name: "blue", botCredential: "auto" },
  { name: "red", botCredential: "auto" },
] as Deployment[];
const engine = () => import("../../shared/world/engine.ts");
const silent = (hours: number) => ({ timersilenton: new Date(START.getTime() - hours * 3_600_000).toISOString() });

beforeEach(() => {
  vi.resetModules();
  queue = memoryQueue();
  lines = [];
  Object.assign(scene, { queue, opened: [] });
});

describe("the queue of the work", () => {
  it("is opened once, when it is first used", async () => {
    const { queue: open, leaving } = await engine();
    expect(scene.opened).toEqual([]);
    expect(open()).toBe(leaving(log, START).queue);
    expect(scene.opened).toEqual([["the storage", "rotate-credential"]]);
    expect(leaving(log, START)).toMatchObject({ now: START, log });
  });

  it("gets a look for each credential where the timer is silent, over an hour, and the log says so", async () => {
    await queue.note(silent(1));
    await (await engine()).lookAfterTimer(all, log);
    const { everyCredential } = await engine();
    const sent = queue.waiting().filter(({ kind }) => kind === "rotate");
    expect(sent).toMatchObject(everyCredential(all));
    expect(sent[0]).toMatchObject({ until: new Date(START.getTime() + 3_600_000).toISOString() });
    expect(new Set(everyCredential(all).map(({ deployment }) => deployment))).toEqual(new Set(["blue", "red"]));
    expect(lines).toMatchObject([{ event: "trouble", message: expect.stringContaining("the timer has not run yet") }]);
  });

  it("gets nothing while the timer runs, and the log neither", async () => {
    await queue.note(silent(-1));
    await (await engine()).lookAfterTimer(all, log);
    expect([queue.waiting(), lines]).toEqual([[], []]);
  });

  it("that is down is a line in the log for whom it is no duty, and an error for whom it is", async () => {
    const { lookAfterTimer, sweepInstead } = await engine();
    queue.down = true;
    await lookAfterTimer(all, log);
    const message = expect.stringContaining("cannot find out whether the timer runs");
    expect(lines).toMatchObject([{ event: "trouble", message }]);
    await expect(sweepInstead(all, log)).rejects.toThrow("storage is down");
  });
});
