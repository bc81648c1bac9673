import { describe, expect, it } from "vitest";
import { sharedLooks } from "../../shared/triggers/looks.ts";

/** Looks that end when they are told to, and the time, which passes when it is told to. */
function world() {
  let time = Date.parse("2031-03-03T12:00:00Z");
  const begun: string[] = [];
  const ends: ((seen: string) => void)[] = [];
  const shared = sharedLooks<string>(() => new Date(time));
  const ask = (name: string): Promise<string> =>
    shared(name, () => {
      begun.push(name);
      return new Promise((resolve) => ends.push(resolve));
    });
  const end = async (seen: string) => {
    ends.shift()?.(seen);
    await settled();
  };
  const pass = (seconds: number) => {
    time += seconds * 1000;
  };
  return { begun, ask, end, pass };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("sharedLooks()", () => {
  it("gives those who ask meanwhile what is being looked at already", async () => {
    const { begun, ask, end } = world();
    const asked = [ask("blue"), ask("blue"), ask("green"), ask("blue")];
    expect(begun).toEqual(["blue", "green"]);
    await end("b");
    await end("g");
    expect(await Promise.all(asked)).toEqual(["b", "b", "g", "b"]);
  });

  it("remembers for five seconds what several have asked for", async () => {
    const { begun, ask, end, pass } = world();
    const asked = [ask("blue"), ask("blue")];
    await end("first");
    await Promise.all(asked);
    pass(4.9);
    expect(await ask("blue")).toBe("first");
    pass(0.1);
    const later = ask("blue");
    expect(begun).toEqual(["blue", "blue"]);
    await end("second");
    expect(await later).toBe("second");
  });

  it("looks anew for who asks alone", async () => {
    const { begun, ask, end } = world();
    for (const seen of ["first", "second"]) {
      const asked = ask("blue");
      await end(seen);
      expect(await asked).toBe(seen);
    }
    expect(begun).toEqual(["blue", "blue"]);
  });

  it("looks at five at a time, the others in turn", async () => {
    const { begun, ask, end } = world();
    const names = Array.from({ length: 12 }, (_, index) => `${index}`);
    const asked = names.map(ask);
    expect(begun).toEqual(names.slice(0, 5));
    await end("0");
    expect(begun).toEqual(names.slice(0, 6));
    for (const name of names.slice(1)) await end(name);
    expect(await Promise.all(asked)).toEqual(names);
  });

  it("goes on after a look that failed", async () => {
    const shared = sharedLooks<string>(() => new Date(0));
    const failing = Array.from({ length: 6 }, (_, index) => shared(`${index}`, () => Promise.reject(new Error("no"))));
    for (const one of failing) await expect(one).rejects.toThrow("no");
    await settled();
    expect(await shared("0", async () => "yes")).toBe("yes");
  });
});
