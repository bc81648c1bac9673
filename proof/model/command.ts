import { readOptions } from "../../scripts/command-line.ts";
import { modelCheck } from "./model-check.ts";

const HELP = `Explores every order in which overlapping runs, events, crashes, lost answers and people can follow each other.

  npm run proof -- model                         every scenario, up to 60,000 states each
  npm run proof -- model --states 1000000        further
  npm run proof -- model --depth 12              at most so many moves from the start
  npm run proof -- model --scenario leak         one of them
  npm run proof -- model --help                  this text

Exit code 1 when a promise can be broken; the shortest way there is told.
`;

const OPTIONS = {
  depth: { type: "string" },
  scenario: { type: "string" },
  states: { type: "string", default: "60000" },
} as const;

export async function run(): Promise<number | undefined> {
  const values = readOptions({ help: HELP, options: OPTIONS });
  if (!values) return undefined;
  const { ok, scenarios } = await modelCheck({
    states: Number(values.states),
    ...(values.depth ? { depth: Number(values.depth) } : {}),
    ...(values.scenario ? { scenarios: [values.scenario] } : {}),
    report: (line) => process.stderr.isTTY && process.stderr.write(`\r\u001B[K${line}`),
  });
  let states = 0;
  for (const one of scenarios) {
    states += one.states;
    const reach = one.exhausted ? "exhausted" : `to depth ${one.depth}`;
    const counts = `${one.states} states, ${one.transitions} moves, ${reach}, ${one.rested.worlds} worlds brought to rest`;
    process.stdout.write(`${one.name.padEnd(21)}${counts}, ${one.seconds.toFixed(1)} s\n`);
    for (const { breach, times, story } of one.violations) {
      process.stdout.write(`  ${breach.promise} ${breach.rule} (${times} times)\n`);
      for (const [index, line] of story.entries())
        process.stdout.write(`  ${String(index + 1).padStart(3)}. ${line}\n`);
    }
  }
  process.stdout.write(
    `${scenarios.length} scenarios, ${states} states, ${ok ? "no promise can be broken" : "a promise can be broken"}\n`,
  );
  return ok ? 0 : 1;
}
