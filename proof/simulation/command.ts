import { randomInt } from "node:crypto";
import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { crashPoints } from "./crash-points.ts";
import type { Broken } from "./journal.ts";
import { shrink } from "./shrink.ts";
import { add, describe, nothing } from "./summary.ts";
import { type Report, simulate } from "./year.ts";
import { simulateMany } from "./years-in-parallel.ts";

const HELP = `Plays years of the rotation in memory, with random faults, and holds it to its promises.

  npm run proof -- simulation [--seeds 100] [--from 1] [--days 365]    many years
  npm run proof -- simulation --fresh 100 [--days 365]                 years that nobody has seen yet
  npm run proof -- simulation --seed 7 [--days 365] [--history]        one year again, with its history if it fails
  npm run proof -- simulation --crash-points [--history]               every request of a rotation, struck in every way

The same seed gives the same year. Of a year that breaks a promise everything is left out that it can do without: told
is the history of what is left. Exit code 0 when every promise held, 1 when one was broken.
`;

const OPTIONS = {
  seed: { type: "string" },
  seeds: { type: "string", default: "100" },
  from: { type: "string", default: "1" },
  fresh: { type: "string" },
  days: { type: "string", default: "365" },
  history: { type: "boolean", default: false },
  "crash-points": { type: "boolean", default: false },
} as const;

/** So much of a history is shown; --history shows all. */
const LAST_LINES = 150;

/** What of the options the plays need. */
interface Choice {
  days: number;
  history: boolean;
}

export async function run(): Promise<number | undefined> {
  const values = readOptions({ help: HELP, options: OPTIONS });
  if (!values) return undefined;
  const { history } = values;
  if (values["crash-points"]) return everyCrashPoint(history);
  const numbers = [values.seed, values.seeds, values.from, values.fresh, values.days].map((text) =>
    text === undefined ? undefined : Number(text),
  );
  if (numbers.some((value) => value !== undefined && !(Number.isInteger(value) && value > 0))) {
    refuseOptions("Seeds and days are whole numbers above 0", HELP);
    return undefined;
  }
  const [seed, seeds = 0, from = 1, fresh, days = 0] = numbers;
  const choice = { days, history };
  if (seed !== undefined) return oneYear(seed, choice);
  if (fresh !== undefined) return manyYears(randomInt(10_000, 1_000_000_000), fresh, choice);
  return manyYears(from, seeds, choice);
}

async function oneYear(seed: number, choice: Choice): Promise<number> {
  const report = await simulate({ seed, days: choice.days });
  const total = nothing();
  add(total, report);
  if (choice.history && !report.broken) console.log(report.history.join("\n"));
  console.log(describe(total).join("\n"));
  if (report.broken) await tellFailure(report, choice);
  return report.broken ? 1 : 0;
}

async function manyYears(from: number, seeds: number, choice: Choice): Promise<number> {
  const { days } = choice;
  const total = nothing();
  console.log(`seeds ${from} to ${from + seeds - 1}`);
  const tasks = Array.from({ length: seeds }, (_, index) => ({ seed: from + index, days }));
  await simulateMany(tasks, (report) => {
    add(total, report);
    progress(`${total.seeds} of ${seeds} seeds, ${total.broken.length} failed`);
  });
  progress("");
  console.log(describe(total).join("\n"));
  const [first] = total.broken.toSorted((one, other) => one.seed - other.seed);
  for (const { seed, broken } of total.broken) console.log(`seed ${seed}: ${say(broken)}`);
  if (first) await tellFailure(first, choice);
  return first ? 1 : 0;
}

async function everyCrashPoint(history: boolean): Promise<number> {
  const { points, broken } = await crashPoints({ progress: (line) => console.log(line) });
  const tried = Object.values(points).reduce((sum, count) => sum + count, 0);
  console.log(`${tried} crash points tried, ${broken.length} broke a promise`);
  for (const one of broken) {
    console.log(`${one.scenario}, request ${one.call} (${one.request}), ${one.crash}: ${say(one.broken)}`);
  }
  const [first] = broken;
  if (first) console.log(first.history.slice(history ? 0 : -LAST_LINES).join("\n"));
  return first ? 1 : 0;
}

/** A year in which hundreds of things went wrong tells nothing; one with the few that were decisive does. */
async function tellFailure(report: Report, choice: Choice): Promise<void> {
  const { seed, days, broken } = report;
  progress(`leaving out what seed ${seed} can do without`);
  const { misfortunes, history } = await shrink(report);
  progress("");
  console.log(history.slice(choice.history ? 0 : -LAST_LINES).join("\n"));
  console.log(`Of ${report.misfortunes.length} misfortunes ${misfortunes.length} were decisive:`);
  for (const one of misfortunes) console.log(`  ${one}`);
  console.log(`seed ${seed} broke a promise: ${say(broken)}`);
  console.log(`replay: npm run proof -- simulation --seed ${seed} --days ${days}`);
}

function say(broken: Broken | undefined): string {
  return broken ? `${broken.promise}: ${broken.what} (${broken.on.toISOString()})` : "";
}

/** Rewrites one line, on a terminal only. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}
