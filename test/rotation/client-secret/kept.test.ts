import { describe, expect, it } from "vitest";
import { lookingFrom } from "../../../shared/rotation/client-secret/kept.ts";
import type { Known, Sight } from "../../../shared/rotation/client-secret/observe.ts";
import type { Plan } from "../../../shared/rotation/client-secret/step.ts";
import type { Ask } from "../../../shared/rotation/order.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { ask, issued } from "./planned.ts";

const version = (name: string) => ({ version: name }) as Version;

/** A run that looks at a world in which everything is otherwise each time; `read` tells what it has read. */
function surroundings(asked?: Ask) {
  const read: string[] = [];
  let times = 0;
  const looking = lookingFrom(async (known: Known | undefined) => {
    times += 1;
    if (!known) read.push("list");
    if (!known?.vault) read.push("vault");
    const holder = known?.holder ?? { objectId: `list ${times}`, managed: [] };
    const vault = known?.vault ?? { current: version(`current ${times}`), staged: version(`staged ${times}`) };
    return { holder, issued: [], ...vault } as unknown as Sight;
  }, asked);
  const seen = async () => {
    read.length = 0;
    const sight = await looking.look();
    return {
      read: [...read],
      list: sight.holder.objectId,
      current: sight.current?.version,
      staged: sight.staged?.version,
    };
  };
  const take = async (step: Parameters<typeof looking.take>[1]) => looking.take(await looking.look(), step);
  return { looking, seen, take };
}
const done = { state: "done", detail: "" } as const;
const waiting = { state: "waiting", code: "proof-pending", detail: "" } as const;
const plan = (change: { kind?: string; blocked?: string } = {}) =>
  ({ next: change.kind && { kind: change.kind }, later: [], blocked: change.blocked }) as unknown as Plan;

describe("a run that has looked", () => {
  it("knows after a step that is done what is there: what it saw, and the versions that it has written", async () => {
    const { seen, take } = surroundings();
    expect((await seen()).read).toEqual(["list", "vault"]);
    expect(await take(async () => ({ ...done, wrote: { staged: version("written") } }))).toEqual(done);
    expect(await seen()).toEqual({ read: [], list: "list 1", current: "current 1", staged: "written" });
  });

  it("counts what it has had Entra make among what there is", async () => {
    const { looking, take } = surroundings();
    await take(async () => ({ ...done, made: issued("made", "2026-03-01") }));
    expect((await looking.look()).holder.managed).toMatchObject([{ keyId: "made" }]);
  });

  it("reads the vault anew after a step that waits or fails", async () => {
    const { seen, take } = surroundings();
    await take(async () => waiting);
    expect(await seen()).toMatchObject({ read: ["vault"], list: "list 1" });
    const fails = take(async () => {
      throw new Error("no answer");
    });
    await expect(fails).rejects.toThrow("no answer");
    expect(await seen()).toMatchObject({ read: ["vault"], list: "list 1" });
  });

  it.each([
    ["makes a credential", plan({ kind: "issue" })],
    ["takes one away", plan({ kind: "retire" })],
    ["says that there are too many", plan({ blocked: "too many" })],
  ])("reads everything anew before it %s, unless it has just done so", async (_, planned) => {
    const { looking, seen, take } = surroundings();
    await seen();
    expect(looking.mustLookAgain(planned)).toBe(false);
    await take(async () => done);
    await seen();
    expect(looking.mustLookAgain(planned)).toBe(true);
    expect((await seen()).read).toEqual(["list", "vault"]);
    expect(looking.mustLookAgain(planned)).toBe(false);
  });

  it("goes by what it knows for everything else, and at its end where nobody asked", async () => {
    const { looking, seen, take } = surroundings();
    await take(async () => done);
    await seen();
    const planned = ["prove", "promote", "push", "confirm", "check", undefined].map((kind) =>
      plan(kind ? { kind } : {}),
    );
    expect(planned.map((one) => looking.mustLookAgain(one))).toEqual(planned.map(() => false));
    expect((await seen()).read).toEqual([]);
  });

  it("answers who asked by what is there at the end", async () => {
    const { looking, seen, take } = surroundings(ask("2026-03-01"));
    await take(async () => done);
    await seen();
    expect(looking.mustLookAgain(plan({ kind: "push" }))).toBe(false);
    expect(looking.mustLookAgain(plan())).toBe(true);
    expect((await seen()).read).toEqual(["list", "vault"]);
  });

  it("keeps nothing after a leak", async () => {
    const { looking, seen, take } = surroundings(ask("2026-03-01", true));
    await take(async () => ({ ...done, wrote: { current: version("written") } }));
    expect(await seen()).toMatchObject({ read: ["list", "vault"], current: "current 2" });
    expect(looking.mustLookAgain(plan())).toBe(false);
  });
});
