import { describe, expect, it } from "vitest";
import type { Registered, Registrations } from "../../shared/registration/ports.ts";
import { askingOnce } from "../../shared/world/asking-once.ts";
import { madeLately } from "../../shared/world/made-lately.ts";
import { memoized } from "../../shared/world/memoize.ts";
import { toldLately } from "../../shared/world/told-lately.ts";

const START = Date.parse("2031-03-03T12:00:00Z");
const MINUTE = 60_000;

/** A time that passes by hand. */
function hands() {
  let time = START;
  return {
    now: () => new Date(time),
    pass(milliseconds: number) {
      time += milliseconds;
    },
  };
}

describe("what is made once", () => {
  it("is kept, whatever it is", () => {
    let times = 0;
    const make = memoized((): number | undefined => {
      times += 1;
      return undefined;
    });
    expect([make(), make(), times]).toEqual([undefined, undefined, 1]);
  });

  it("is made again where that failed", async () => {
    let times = 0;
    const make = memoized(async () => {
      times += 1;
      if (times === 1) throw new Error("no");
      return times;
    });
    await expect(make()).rejects.toThrow("no");
    expect([await make(), await make()]).toEqual([2, 2]);
  });
});

it("who only looks asks each question once, with what it asks about, and takes all else as it is", async () => {
  const asked: unknown[][] = [];
  const part = {
    bot: async (...about: unknown[]) => {
      asked.push(about);
      return asked.length;
    },
    refused: async () => Promise.reject(new Error("no")),
    name: "server",
  };
  const once = askingOnce(part);
  expect(await Promise.all([once.bot("a"), once.bot("a"), once.bot("b", 1), once.bot("b", 2)])).toEqual([1, 1, 2, 3]);
  expect(asked).toEqual([["a"], ["b", 1], ["b", 2]]);
  expect(once.refused()).toBe(once.refused());
  await expect(once.refused()).rejects.toThrow("no");
  expect(once.name).toBe("server");
});

describe("a registration", () => {
  it.each(["create", "update"] as const)("counts as made lately for five minutes after its %s", async (write) => {
    const { now, pass } = hands();
    const made = madeLately(now);
    const written: unknown[][] = [];
    const registrations = made.noting({
      find: async () => undefined,
      create: async (...how: unknown[]) => void written.push(how),
      update: async (...how: unknown[]) => void written.push(how),
    } as unknown as Registrations);
    await registrations.find({ uniqueName: "server" });
    expect(made.isRecent()).toBe(false);
    await registrations[write]("server" as never, "how" as never);
    expect([made.isRecent(), written]).toEqual([true, [["server", "how"]]]);
    pass(5 * MINUTE - 1);
    expect(made.isRecent()).toBe(true);
    pass(1);
    expect(made.isRecent()).toBe(false);
  });

  it("that provisioning has told of counts for two minutes, for its own deployment", () => {
    const { now, pass } = hands();
    const told = toldLately(now);
    const registered = { serverAppId: "server" } as Registered;
    told.tell("blue", registered);
    expect([told.of("blue"), told.of("red")]).toEqual([registered, undefined]);
    pass(2 * MINUTE - 1);
    expect(told.of("blue")).toBe(registered);
    pass(1);
    expect(told.of("blue")).toBeUndefined();
  });
});
