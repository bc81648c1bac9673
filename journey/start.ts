import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { LogEntry } from "../local/host/log.ts";
import { NO_SUCH_WISH, readWish, type Wish } from "./release-wish.ts";
import { type Teller, teller } from "./tell.ts";
import { tellJourney } from "./tell-journey.ts";
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
const EVERYTHING: Wish[] = [
  { openMetadata: "1.2", flow: "implicit" },
  { openMetadata: "1.12", flow: "auth-code" },
];

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    log: { type: "boolean" },
    openmetadata: { type: "string" },
    flow: { type: "string" },
    package: { type: "string" },
    /** Not for people: one of several journeys, whose end is not the end. */
    part: { type: "boolean" },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await start(readWish(values, EVERYTHING));

async function start(chosen: Wish[] | undefined): Promise<number> {
  if (!chosen) {
    process.stderr.write(NO_SUCH_WISH);
    return 2;
  }
  if (values.package !== undefined && !existsSync(values.package)) {
    process.stderr.write(`There is no package ${values.package}: npm run package makes one\n`);
    return 2;
  }
  const began = performance.now();
  const tell = teller(process.stdout);
  const [first, ...others] = chosen;
  // A journey keeps one core busy: the others are made beside it, and told after it.
  const meanwhile = others.map(goBeside);
  let faults = first ? await play(first, tell) : 0;
  for (const other of meanwhile) faults += await other.tell();
  if (faults > 0 || values.part) return faults > 0 ? 1 : 0;
  const took = ((performance.now() - began) / 1000).toFixed(1);
  tell.line("done", "", `in ${took} s; npm run dev keeps everything up at http://localhost:7071`);
  return 0;
}

/** Plays one journey, with the package where one is named. */
async function play(wish: Wish, tell: Teller): Promise<number> {
  const unpacked = values.package === undefined ? undefined : await unpack(values.package);
  if (unpacked) tell.line("package", "", `${values.package}, unpacked and started from there`);
  try {
    return await tellJourney(wish, tell, { onLog, unpacked });
  } finally {
    if (unpacked) await rm(unpacked.folder, { recursive: true });
  }
}

/** The app's own log, for those who asked for it. */
function onLog({ level, message, functionName }: LogEntry): void {
  if (values.log) process.stderr.write(`${level} ${functionName ?? "host"}: ${message}\n`);
}

/** Makes a journey in a process of its own; `tell` writes what it has told so far, and the rest as it comes. */
function goBeside({ openMetadata, flow }: Wish): { tell(): Promise<number> } {
  const passed = [...(values.log ? ["--log"] : []), ...(values.package ? ["--package", values.package] : [])];
  const wish = ["--openmetadata", openMetadata, "--flow", flow, "--part", ...passed];
  const beside = spawn(process.execPath, [import.meta.filename, ...wish], { stdio: ["ignore", "pipe", "inherit"] });
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
