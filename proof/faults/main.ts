import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { NOT_APPLICABLE } from "./list.ts";
import type { Outcome } from "./play.ts";
import { report, rowOf } from "./report.ts";
import { runAll } from "./run-all.ts";
import { nameOf } from "./scenario.ts";

const HELP = `Injects every fault of the list under the running app, in its host amid the local cloud, and judges what follows.

  npm run faults                       all of them; docs/faults.md must say what came of it
  npm run faults -- --only F6,F24      these
  npm run faults -- --write            all of them, and writes docs/faults.md
  npm run faults -- --help             this text

Exit code 0 when every expectation holds and the document agrees, 1 otherwise.
`;

const DOCUMENT = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));

const { values } = parseArgs({
  options: { help: { type: "boolean" }, write: { type: "boolean" }, only: { type: "string" } },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await main(values);

async function main({ only, write }: { only?: string; write?: boolean }): Promise<number> {
  if (only && write) {
    process.stderr.write("Cannot write docs/faults.md from a part of the list: leave out --only\n");
    return 1;
  }
  const began = performance.now();
  const numbers = only?.split(",").map((name) => Number(name.trim().replace(/^F/i, "")));
  process.stdout.write(`${"fault".padEnd(28)}runs  refused  seconds\n`);
  let since = began;
  const document = await readFile(DOCUMENT, "utf8");
  const isTold = (outcome: Outcome): boolean => document.includes(`${rowOf(outcome)}\n`);
  const groups = await runAll({
    ...(write ? {} : { again: (outcome) => outcome.failures.length === 0 && !isTold(outcome) }),
    ...(numbers ? { only: numbers } : {}),
    onBegin(scenario) {
      since = performance.now();
      if (process.stdout.isTTY) process.stdout.write(nameOf(scenario));
    },
    onEnd: (outcome) => tell(outcome, (performance.now() - since) / 1000),
  });
  const table = report(groups, NOT_APPLICABLE);
  if (write) await writeFile(DOCUMENT, table);
  const agrees = only !== undefined || write || document === table;
  const outcomes = groups.flatMap((group) => group.outcomes);
  for (const outcome of agrees ? [] : outcomes.filter((one) => !isTold(one))) {
    process.stdout.write(`told otherwise in docs/faults.md:\n${rowOf(outcome)}\n`);
  }
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${outcomes.length - failed.length} of ${outcomes.length} as expected, in ${seconds} s\n`);
  if (!agrees) process.stdout.write("docs/faults.md says otherwise: npm run faults -- --write writes it anew\n");
  return failed.length === 0 && outcomes.length > 0 && agrees ? 0 : 1;
}

function tell({ scenario, runs, refused, failures }: Outcome, seconds: number): void {
  const clear = process.stdout.isTTY ? "\r" : "";
  const columns = [nameOf(scenario).padEnd(28), String(runs ?? "-").padStart(4), String(refused).padStart(9)];
  process.stdout.write(`${clear}${columns.join("")}${seconds.toFixed(1).padStart(9)}\n`);
  for (const failure of failures) process.stdout.write(`    FAILED  ${failure}\n`);
}
