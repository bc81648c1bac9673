import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { comment } from "../../shared/configuration/comment.ts";
import { yamlText } from "../../shared/configuration/yaml-text.ts";

describe("yamlText()", () => {
  it("writes a tree in the order of its entries, each with its comment above it", () => {
    const text = yamlText([
      { path: "a.b", value: "one", why: ["Because."] },
      { path: "a.c.d", value: ["two", "three"] },
      { path: "e", value: true },
      { path: "a.c.f", value: { x: "four" } },
      { path: "g", value: [] },
    ]);
    expect(text).toBe(
      [
        "a:",
        "  # Because.",
        '  b: "one"',
        "  c:",
        "    d:",
        '      - "two"',
        '      - "three"',
        "    f:",
        '      x: "four"',
        "e: true",
        "g: []",
        "",
      ].join("\n"),
    );
  });

  it.each([
    "",
    "no",
    "null",
    "~",
    "012",
    "1e3",
    "2031-01-01",
    "a: b",
    "a # b",
    "- a",
    "*a",
    '"',
    "'",
    "\\",
    "\n",
    "\t",
    "é",
    "\u2028",
    "😀",
    "{",
    "%",
    "@",
  ])("writes %j so that it is read back as it was, as a value and in a list", (value) => {
    const text = yamlText([
      { path: "one", value },
      { path: "many", value: [value, value] },
    ]);
    for (const version of ["1.1", "1.2"] as const) {
      expect(parse(text, { version })).toEqual({ one: value, many: [value, value] });
    }
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe("comment()", () => {
  it("wraps prose, and keeps a command on one line", () => {
    const [first, second, ...more] = comment([`${"word ".repeat(30)}end`, `  command ${"argument ".repeat(30)}`]);
    expect(first?.length).toBeLessThanOrEqual(102);
    expect(second).toMatch(/^# word .*end$/);
    expect(more).toHaveLength(1);
    expect(more[0]).toMatch(/^# {3}command argument /);
  });

  it("lets nothing out of the comment", () => {
    expect(comment(["a\nEVIL=1", "  b\r\nEVIL=1"], "  ")).toEqual(["  # a EVIL=1", "  #   b EVIL=1"]);
  });
});
