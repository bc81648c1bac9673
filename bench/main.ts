import { availableParallelism } from "node:os";
import { teller } from "../journey/teller.ts";
import { readOptions, refuseOptions } from "../scripts/command-line.ts";
import { writeDocument } from "./document.ts";
import { asMarkdown, asRecords, type Table } from "./table.ts";

const HELP = `Measures the app: counts, ratios and times. docs/performance.md explains the figures and keeps those of the last run.

  npm run bench                              everything, a quarter of an hour
  npm run bench -- --quick                   everything with smaller numbers, in less than a minute
  npm run bench -- --only sweep,delivery     some parts of it: PARTS
  npm run bench -- --json > figures.json     for programs; progress is said on stderr
  npm run bench -- --write                   puts the tables into docs/performance.md

Exit code 0 when everything was measured, 2 when an option is unknown.
`;

interface Size {
  /** Smaller numbers, for CI. */
  quick: boolean;
}
type Measure = (size: Size, progress: (what: string) => void) => Promise<Table>;

/** Each is loaded when it is measured. */
const PARTS: Record<string, () => Promise<Measure>> = {
  "cold-load": async () => (await import("./cold-load.ts")).measureColdLoad,
  "first-answer": async () => (await import("./first-answer.ts")).measureFirstAnswer,
  requests: async () => (await import("./requests.ts")).countRequests,
  sweep: async () => (await import("./sweep.ts")).measureSweeps,
  delivery: async () => (await import("./delivery.ts")).measureDelivery,
};

const HELP_WITH_PARTS = HELP.replace("PARTS", Object.keys(PARTS).join(", "));
const options = readOptions({
  help: HELP_WITH_PARTS,
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});
if (options) await bench(options);

async function bench({ quick, only, json, write }: NonNullable<typeof options>): Promise<void> {
  const parts = only === undefined ? Object.keys(PARTS) : only.split(",").map((part) => part.trim());
  const unknown = parts.filter((part) => !(part in PARTS));
  if (unknown.length > 0) return refuseOptions(`There is no part "${unknown.join('", "')}"`, HELP_WITH_PARTS);
  const { progress } = teller(process.stderr, { everySeconds: 2 });
  const tables: Table[] = [];
  for (const part of parts) {
    progress(part);
    const measure = await PARTS[part]?.();
    const table = await measure?.({ quick }, progress);
    if (!table) continue;
    tables.push(table);
    if (!json) process.stdout.write(`${asMarkdown(table)}\n`);
  }
  const machine = { takenOn: new Date().toISOString(), node: process.version, processors: availableParallelism() };
  if (json) process.stdout.write(`${JSON.stringify({ ...machine, quick, tables: tables.map(asRecords) }, null, 2)}\n`);
  if (write) await writeDocument(tables, machine);
}
