import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { LogEntry } from "../local/host/log.ts";
import { readOptions, refuseOptions } from "../scripts/command-line.ts";
import { CHOICE_OPTIONS, NO_SUCH_CHOICE, type ReleaseChoice, readChoice } from "./release-choice.ts";
import { tellJourney } from "./tell-journey.ts";
import { type Teller, teller } from "./teller.ts";
import { unpack } from "./unpack.ts";

const HELP = `Shows the whole job in a local cloud: provision, consent, rotate, deliver, and the next rotation two months on.
No Azure subscription is needed; nothing leaves this machine.

  npm start                              OpenMetadata 1.2, and then 1.12 with the authorization-code flow
  npm start -- --openmetadata 1.2        only this release (1.2 or 1.12)
  npm start -- --openmetadata 1.12 --flow implicit
                                         how people sign in: implicit, or auth-code (1.12 only)
  npm start -- --package dist/openmetadata-entra.zip
                                         with the app as npm run package has packed it, from the zip
  npm start -- --log                     show the app's own log as well
  npm start -- --help                    this text

Exit code 0 when the job was done and no sign-in was refused, 1 otherwise, 2 when the arguments make no sense.
`;

/** Both releases and both flows, where nothing is asked for. */
const EVERYTHING: ReleaseChoice[] = [
  { openMetadata: "1.2", flow: "implicit" },
  { openMetadata: "1.12", flow: "auth-code" },
];

const options = {
  ...CHOICE_OPTIONS,
  log: { type: "boolean" },
  package: { type: "string" },
  /** Not for people: one of several journeys, whose end is not the end. */
  part: { type: "boolean" },
} as const;
const values = readOptions({ help: HELP, options });
if (values) {
  const chosen = readChoice(values, EVERYTHING);
  const missing = values.package !== undefined && !existsSync(values.package);
  if (!chosen) refuseOptions(NO_SUCH_CHOICE, HELP);
  else if (missing) refuseOptions(`There is no package ${values.package}: npm run package makes one`, HELP);
  else process.exitCode = await start(chosen, values);
}

type Values = NonNullable<typeof values>;

async function start(chosen: ReleaseChoice[], values: Values): Promise<number> {
  const began = performance.now();
  const tell = teller(process.stdout);
  const [first, ...others] = chosen;
  // A journey keeps one core busy: the others are made beside it, and told after it.
  const meanwhile = others.map((other) => goBeside(other, values));
  let faults = first ? await play(first, tell, values) : 0;
  for (const other of meanwhile) faults += await other.tell();
  if (faults > 0 || values.part) return faults > 0 ? 1 : 0;
  const took = ((performance.now() - began) / 1000).toFixed(1);
  tell.line("done", "", `in ${took} s; npm run dev keeps everything running at http://localhost:7071`);
  return 0;
}

/** Plays one journey, with the package where one is named. */
async function play(choice: ReleaseChoice, tell: Teller, values: Values): Promise<number> {
  const unpacked = values.package === undefined ? undefined : await unpack(values.package);
  if (unpacked) tell.line(`${values.package}, unpacked and started from there`, "", "");
  try {
    return await tellJourney(choice, tell, { onLog: values.log ? writeLog : () => {}, unpacked });
  } finally {
    if (unpacked) await rm(unpacked.folder, { recursive: true });
  }
}

/** The app's own log, for those who asked for it. */
function writeLog({ level, message, functionName }: LogEntry): void {
  process.stderr.write(`${level} ${functionName ?? "host"}: ${message}\n`);
}

/** Makes a journey in a process of its own; `tell` writes what it has told so far, and the rest as it comes. */
function goBeside({ openMetadata, flow }: ReleaseChoice, values: Values): { tell(): Promise<number> } {
  const passed = [...(values.log ? ["--log"] : []), ...(values.package ? ["--package", values.package] : [])];
  const chosen = ["--openmetadata", openMetadata, "--flow", flow, "--part", ...passed];
  const beside = spawn(process.execPath, [import.meta.filename, ...chosen], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(beside, "close");
  process.once("exit", () => beside.kill());
  return {
    async tell() {
      beside.stdout.pipe(process.stdout, { end: false });
      const [code] = await ended;
      return code === 0 ? 0 : 1;
    },
  };
}
