import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { crashPoints } from "./crash-points.ts";
import type { Broken } from "./journal.ts";
import { simulateMany } from "./many.ts";
import { type Report, simulate } from "./simulate.ts";
import { add, describe, nothing } from "./total.ts";

const HELP = `Runs the rotation through simulated years with random faults and holds it to its promises.

  node proof/simulation/main.ts [--seeds 100] [--from 1] [--days 365]   many years
  node proof/simulation/main.ts --fresh 100 [--days 365]                so many years that nobody has seen yet
  node proof/simulation/main.ts --seed 7 [--days 365] [--history]       one year again, with its history if it fails
  node proof/simulation/main.ts --crash-points                          every request of a rotation, struck in every way

The exit code is 1 when a promise was broken. The same seed gives the same year.`;

/** So much of a history is shown; --history shows all. */
const LAST_LINES = 150;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    fresh: { type: "string" },
    days: { type: "string", default: "365" },
    history: { type: "boolean", default: false },
    "crash-points": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else if (values["crash-points"]) await everyCrashPoint();
else if (values.seed !== undefined) await oneYear(whole(values.seed, "--seed"));
else if (values.fresh !== undefined) await manyYears(randomInt(10_000, 1_000_000_000), whole(values.fresh, "--fresh"));
else await manyYears(whole(values.from, "--from"), whole(values.seeds, "--seeds"));

async function oneYear(seed: number): Promise<void> {
  const report = await simulate({ seed, days: whole(values.days, "--days") });
  const total = nothing();
  add(total, report);
  if (values.history && !report.broken) console.log(report.history.join("\n"));
  console.log(describe(total).join("\n"));
  if (report.broken) fail(report);
}

async function manyYears(from: number, seeds: number): Promise<void> {
  const days = whole(values.days, "--days");
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
  if (first) fail(first);
}

async function everyCrashPoint(): Promise<void> {
  const { points, broken } = await crashPoints({ progress: (line) => console.log(line) });
  const tried = Object.values(points).reduce((sum, count) => sum + count, 0);
  console.log(`${tried} crash points tried, ${broken.length} broke a promise`);
  for (const one of broken) {
    console.log(`${one.scenario}, request ${one.call} (${one.request}), ${one.crash}: ${say(one.broken)}`);
  }
  const [first] = broken;
  if (!first) return;
  console.log(first.history.slice(values.history ? 0 : -LAST_LINES).join("\n"));
  process.exitCode = 1;
}

function fail({ seed, days, broken, history }: Report): void {
  console.log(history.slice(values.history ? 0 : -LAST_LINES).join("\n"));
  console.log(`seed ${seed} broke a promise: ${say(broken)}`);
  console.log(`replay: npm run simulate -- --seed ${seed} --days ${days}`);
  process.exitCode = 1;
}

function say(broken: Broken | undefined): string {
  return broken ? `${broken.promise}: ${broken.what} (${broken.on.toISOString()})` : "";
}

/** Rewrites one line, on a terminal only. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function whole(text: string, option: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`${option} must be a whole number above 0, not "${text}"`);
  process.exit(2);
}
