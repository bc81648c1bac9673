import { parseArgs } from "node:util";
import { prepare } from "../faults/run-all.ts";
import { everyPoint } from "./every-point.ts";
import type { Point } from "./play.ts";
import { STORIES } from "./stories.ts";

const HELP = `Strikes every write of a change of the bot's token and of the server's client secret, in every way: the process
dies before it or after it, the answer is lost, it comes twice, it is refused with 429, 500 or 503. Two runs later
everybody must hold the same and sign in.

  npm run crashes                      all
  npm run crashes -- --only leaked     stories whose name contains it
  npm run crashes -- --history         with the app's log where a point was not survived
  npm run crashes -- --help            this text

Exit code 0 when every point was survived, 1 otherwise.
`;

const { values } = parseArgs({
  options: { help: { type: "boolean" }, only: { type: "string", default: "" }, history: { type: "boolean" } },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await main(values.only);

async function main(only: string): Promise<number> {
  const began = performance.now();
  const stagecraft = await prepare();
  const points: Point[] = [];
  try {
    for (const story of STORIES.filter(({ name }) => name.includes(only))) {
      const played = await everyPoint(story, stagecraft, { tell });
      points.push(...played);
      process.stdout.write(`${story.name}: ${played.length} points\n`);
    }
  } finally {
    await stagecraft.close();
  }
  const failed = points.filter(({ failures }) => failures.length > 0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${points.length - failed.length} of ${points.length} survived, in ${seconds} s\n`);
  return failed.length === 0 && points.length > 0 ? 0 : 1;
}

function tell({ story, strike, nth, write, failures, lockedOut, history }: Point): void {
  const where = `${story}, ${strike}, write ${nth} (${write})`;
  if (lockedOut > 0) process.stdout.write(`    ${where}: consumers were locked out for ${lockedOut} minutes\n`);
  for (const failure of failures) process.stdout.write(`    FAILED  ${where}: ${failure}\n`);
  if (failures.length > 0 && values.history) process.stdout.write(`${history.join("\n")}\n`);
}
