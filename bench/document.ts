import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { asMarkdown, type Table } from "./table.ts";

/** Where and when figures were taken. */
interface Machine {
  takenOn: string;
  node: string;
  processors: number;
}

const path = fileURLToPath(new URL("../docs/performance.md", import.meta.url));

/** Puts the tables of the parts that were measured into docs/performance.md, each in place of the one before. */
export async function writeDocument(tables: readonly Table[], machine: Machine): Promise<void> {
  let text = await readFile(path, "utf8");
  for (const table of tables) text = withTable(text, table, machine);
  await writeFile(path, text);
}

/** @throws {Error} where the text has no place for the table. */
export function withTable(text: string, table: Table, { takenOn, node, processors }: Machine): string {
  const [begin, end] = [`<!-- ${table.part} -->`, `<!-- /${table.part} -->`];
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`docs/performance.md has no place for "${table.part}"`);
  const taken = `Taken on ${takenOn.slice(0, 10)} with Node ${node} on ${processors} processors, others at work on them.`;
  return `${text.slice(0, start)}${begin}\n${asMarkdown(table)}\n${taken}\n${text.slice(stop)}`;
}
