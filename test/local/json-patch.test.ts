import { describe, expect, it } from "vitest";
import { applyPatch, readPatch } from "../../local/cloud/openmetadata/json-patch.ts";

const document = { a: { b: "old", list: ["x"], none: null }, "with/slash": 1 };
const patched = (...operations: unknown[]) => applyPatch(document, readPatch(operations) ?? []);

describe("a patch for OpenMetadata's settings", () => {
  it("adds, replaces, tests and removes, in a copy", () => {
    const before = structuredClone(document);
    expect(
      patched(
        { op: "test", path: "/a", value: { none: null, list: ["x"], b: "old" } },
        { op: "replace", path: "/a/b", value: "new" },
        { op: "replace", path: "/a/none", value: 0 },
        { op: "add", path: "/a/list/-", value: "y" },
        { op: "remove", path: "/with~1slash" },
      ),
    ).toEqual({ a: { b: "new", list: ["x", "y"], none: 0 } });
    expect(document).toEqual(before);
  });

  it.each([
    [{ op: "replace", path: "/a/c", value: 1 }, "Non-existing name/value pair in the object for key c"],
    [{ op: "remove", path: "/c" }, "Non-existing name/value pair in the object for key c"],
    [
      { op: "add", path: "/a/c/d", value: 1 },
      `The JSON Object '${JSON.stringify(document.a)}' contains no mapping for the name 'c'`,
    ],
    [{ op: "test", path: "/a/b", value: "new" }, "The test failed"],
  ])("refuses %j in the server's words", (operation, words) => {
    expect(() => patched(operation)).toThrow(words);
  });

  it.each([
    [{ op: "replace" }],
    [[{ op: "set", path: "/a", value: 1 }]],
    [[{ op: "add", path: "/a", value: 1, more: 1 }]],
    [[{ op: "remove", path: 1 }]],
  ])("takes %j for no patch", (body) => {
    expect(readPatch(body)).toBeUndefined();
  });
});
