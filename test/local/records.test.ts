import { describe, expect, test } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { createRecords, type Records } from "../../local/cloud/directory/records.ts";

interface Thing {
  name: string | null;
  addresses: string[];
}

const MINUTE = 60_000;

/** Things, and a clock that starts long after the beginning of time. */
function setUp() {
  const clock = movableClock(new Date("2026-01-01T00:00:00Z"));
  const things: Records<Thing, "name" | "address"> = createRecords(clock, {
    name: ({ name }) => [name],
    address: ({ addresses }) => addresses,
  });
  return { clock, things };
}

const named = (name: string | null, ...addresses: string[]): Thing => ({ name, addresses });

describe("records", () => {
  test("are found by any of their names, whatever its case, in the order of their creation", () => {
    const { things } = setUp();
    const [first, second] = [named("One", "a", "b"), named("Two", "b")];
    things.put("1", first);
    things.put("2", named(null));
    things.put("3", second);

    expect(things.bearing("name", "ONE")).toEqual([first]);
    expect(things.bearing("address", "B")).toEqual([first, second]);
    expect(things.bearing("name", ["two", "one", "three"])).toEqual([first, second]);
    expect(things.bearing("name", "null")).toEqual([]);
    expect(things.bearing("address", "One")).toEqual([]);
  });

  test("are found by the names that they bear now, and by a reader who is behind by those of that time", async () => {
    const { clock, things } = setUp();
    const [before, after] = [named("old"), named("new")];
    things.put("1", before);
    await clock.advance(2 * MINUTE);
    things.put("1", after);

    expect(things.bearing("name", "old")).toEqual([]);
    expect(things.bearing("name", "new")).toEqual([after]);
    expect(things.bearing("name", "old", { minAge: 0, lag: MINUTE })).toEqual([before]);
    expect(things.bearing("name", "new", { minAge: 0, lag: MINUTE })).toEqual([]);
  });

  test("are not found while they are too young, or once they are gone, until they are back", async () => {
    const { clock, things } = setUp();
    const thing = named("x");
    things.put("1", thing);
    expect(things.bearing("name", "x", { minAge: MINUTE, lag: 0 })).toEqual([]);
    await clock.advance(MINUTE);
    expect(things.bearing("name", "x", { minAge: MINUTE, lag: 0 })).toEqual([thing]);
    things.remove("1");
    expect(things.bearing("name", "x")).toEqual([]);
    things.put("1", thing);
    expect(things.bearing("name", "x")).toEqual([thing]);
  });
});
