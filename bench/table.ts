/** Figures of one kind, as they are printed, written into docs/performance.md, and given to programs. */
export interface Table {
  /** One of the parts of the bench. */
  part: string;
  title: string;
  /** What a figure counts and what it leaves out; said below the title. */
  about: string;
  columns: string[];
  rows: (string | number)[][];
}

/** As Markdown: what is printed can be pasted. */
export function asMarkdown({ title, about, columns, rows }: Table): string {
  const lines = [columns, columns.map(() => "---"), ...rows.map((row) => row.map(shown))];
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `### ${title}\n\n${about}\n\n${table}\n`;
}

/** For programs: a row is an object by the names of its columns. */
export function asRecords({ part, title, columns, rows }: Table): object {
  const records = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
  return { part, title, rows: records };
}

function shown(cell: string | number): string {
  return typeof cell === "number" ? rounded(cell).toLocaleString("en-US") : cell;
}

/** Three digits say all that a busy machine knows. */
export function rounded(figure: number): number {
  return Math.abs(figure) >= 100 ? Math.round(figure) : Number(figure.toPrecision(3));
}

/** The one in the middle; of an even number the lower one. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor((figures.length - 1) / 2)] ?? Number.NaN;
}
