import { describe, expect, it } from "vitest";
import { withTable } from "../../bench/document.ts";
import { asMarkdown, asRecords, median, type Table } from "../../bench/table.ts";

const table: Table = {
  part: "requests",
  title: "Requests",
  about: "Counted.",
  columns: ["operation", "Graph"],
  rows: [
    ["consent", 4],
    ["sweep", 12_345.678],
  ],
};
const machine = { takenOn: "2031-03-03T12:00:00.000Z", node: "v24.0.0", processors: 2 };

describe("a table of figures", () => {
  it("is printed as Markdown, each figure to three digits at least", () => {
    expect(
      asMarkdown({
        ...table,
        rows: [
          ["a", 1.23456],
          ["b", 12_345.678],
        ],
      }),
    ).toBe("### Requests\n\nCounted.\n\n| operation | Graph |\n| --- | --- |\n| a | 1.23 |\n| b | 12,346 |\n");
  });

  it("is given to programs with its figures as they are, by the names of the columns", () => {
    expect(asRecords(table)).toEqual({
      part: "requests",
      title: "Requests",
      rows: [
        { operation: "consent", Graph: 4 },
        { operation: "sweep", Graph: 12_345.678 },
      ],
    });
  });

  it("stands in the document in place of the one before, and says when and where it was taken", () => {
    const text = "before\n<!-- requests -->\nold\n<!-- /requests -->\nafter\n";
    const once = withTable(text, table, machine);
    expect(once).toContain("Taken on 2031-03-03 with Node v24.0.0 on 2 processors");
    expect(once).not.toContain("old");
    expect(withTable(once, table, machine)).toBe(once);
    expect(once.endsWith("<!-- /requests -->\nafter\n")).toBe(true);
  });

  it("is refused by a document that has no place for it", () => {
    expect(() => withTable("", table, machine)).toThrow('docs/performance.md has no place for "requests"');
  });
});

describe("the median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2],
    [[7], 7],
  ])("of %j is %d", (figures, wanted) => {
    expect(median(figures)).toBe(wanted);
  });
});
