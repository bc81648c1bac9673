import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { NOT_APPLICABLE } from "./groups.ts";
import { prepare } from "./open-app.ts";
import type { Outcome } from "./play.ts";
import { runAll } from "./play-all.ts";
import { everyPoint } from "./points/every-point.ts";
import type { Point } from "./points/play-point.ts";
import { STORIES } from "./points/stories.ts";
import { report, rowOf } from "./report.ts";
import { nameOf } from "./scenario.ts";

const HELP = `Plays faults under the app as it is shipped, in its host amid the local cloud, and judges what follows.

  npm run proof -- faults                                 every fault of the list; docs/faults.md must say what came of it
  npm run proof -- faults --only F6,F24                   these
  npm run proof -- faults --write                         all of them, and writes docs/faults.md
  npm run proof -- faults --crash-points                  every write of a change of the bot's token and of the server's
                                                          client secret: the process dies before or after it, its answer
                                                          is lost, it comes twice, it is refused with 429, 500 or 503
  npm run proof -- faults --crash-points --only leaked    stories whose name contains it
  npm run proof -- faults --crash-points --history        with the app's log where a point was not survived

Exit code 0 when everything is as it must be and the document agrees, 1 otherwise.
`;

const OPTIONS = {
  only: { type: "string" },
  write: { type: "boolean" },
  "crash-points": { type: "boolean" },
  history: { type: "boolean" },
} as const;

const DOCUMENT = fileURLToPath(new URL("../../docs/faults.md", import.meta.url));

export async function run(): Promise<number | undefined> {
  const values = readOptions({ help: HELP, options: OPTIONS });
  if (!values) return undefined;
  const { only, write = false, history = false } = values;
  if (values["crash-points"]) return strikeEveryWrite(only ?? "", history);
  if (!only || !write) return playAll(only, write);
  refuseOptions("Cannot write docs/faults.md from a part of the list: leave out --only", HELP);
  return undefined;
}

async function playAll(only: string | undefined, write: boolean): Promise<number> {
  const took = stopwatch();
  const numbers = only?.split(",").map((name) => Number(name.trim().replace(/^F/i, "")));
  process.stdout.write(`${"fault".padEnd(28)}runs  refused  seconds\n`);
  let since = stopwatch();
  const document = await readFile(DOCUMENT, "utf8");
  const isTold = (outcome: Outcome): boolean => document.includes(`${rowOf(outcome)}\n`);
  const groups = await runAll({
    ...(write ? {} : { again: (outcome) => outcome.failures.length === 0 && !isTold(outcome) }),
    ...(numbers ? { only: numbers } : {}),
    onBegin(scenario) {
      since = stopwatch();
      if (process.stdout.isTTY) process.stdout.write(nameOf(scenario));
    },
    onEnd: (outcome) => tellOutcome(outcome, since()),
  });
  const table = report(groups, NOT_APPLICABLE);
  if (write) await writeFile(DOCUMENT, table);
  const agrees = only !== undefined || write || document === table;
  const outcomes = groups.flatMap((group) => group.outcomes);
  for (const outcome of agrees ? [] : outcomes.filter((one) => !isTold(one))) {
    process.stdout.write(`told otherwise in docs/faults.md:\n${rowOf(outcome)}\n`);
  }
  const failed = outcomes.filter(({ failures }) => failures.length > 0);
  process.stdout.write(`${outcomes.length - failed.length} of ${outcomes.length} as expected, in ${took()} s\n`);
  if (!agrees) process.stdout.write("docs/faults.md says otherwise: npm run proof -- faults --write writes it anew\n");
  return failed.length === 0 && outcomes.length > 0 && agrees ? 0 : 1;
}

async function strikeEveryWrite(only: string, history: boolean): Promise<number> {
  const took = stopwatch();
  const stagecraft = await prepare();
  const points: Point[] = [];
  try {
    for (const story of STORIES.filter(({ name }) => name.includes(only))) {
      const played = await everyPoint(story, stagecraft, { tell: (point) => tellPoint(point, history) });
      points.push(...played);
      process.stdout.write(`${story.name}: ${played.length} points\n`);
    }
  } finally {
    await stagecraft.close();
  }
  const failed = points.filter(({ failures }) => failures.length > 0);
  process.stdout.write(`${points.length - failed.length} of ${points.length} survived, in ${took()} s\n`);
  return failed.length === 0 && points.length > 0 ? 0 : 1;
}

function tellOutcome({ scenario, runs, refused, failures }: Outcome, seconds: string): void {
  const clear = process.stdout.isTTY ? "\r" : "";
  const columns = [nameOf(scenario).padEnd(28), String(runs ?? "-").padStart(4), String(refused).padStart(9)];
  process.stdout.write(`${clear}${columns.join("")}${seconds.padStart(9)}\n`);
  for (const failure of failures) process.stdout.write(`    FAILED  ${failure}\n`);
}

function tellPoint({ story, blow, nth, write, failures, lockedOut, history }: Point, isLong: boolean): void {
  const where = `${story}, ${blow}, write ${nth} (${write})`;
  if (lockedOut > 0) process.stdout.write(`    ${where}: consumers were locked out for ${lockedOut} minutes\n`);
  for (const failure of failures) process.stdout.write(`    FAILED  ${where}: ${failure}\n`);
  if (failures.length > 0 && isLong) process.stdout.write(`${history.join("\n")}\n`);
}

/** Tells the seconds since it was made. */
function stopwatch(): () => string {
  const began = performance.now();
  return () => ((performance.now() - began) / 1000).toFixed(1);
}
