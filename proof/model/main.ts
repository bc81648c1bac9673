import { parseArgs } from "node:util";
import { modelCheck } from "./check.ts";

const HELP = `Explores all interleavings of overlapping runs, events, crashes, lost answers and people, breadth-first.

  npm run model                           every scenario, up to 60,000 states each
  npm run model -- --states 1000000       further
  npm run model -- --depth 12             at most so many moves from the start
  npm run model -- --scenario leak        one of them
  npm run model -- --help                 this text

Exit code 1 when a promise can be broken; the shortest way there is told.
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    depth: { type: "string" },
    scenario: { type: "string" },
    states: { type: "string", default: "60000" },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
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
