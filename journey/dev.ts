import { open as openInspector } from "node:inspector";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { installClock, wallClock } from "../local/clock.ts";
import { readOptions, refuseOptions } from "../scripts/command-line.ts";
import { openDevPage } from "./dev-page.ts";
import { openDevSession } from "./dev-session.ts";
import { CHOICE_OPTIONS, NO_SUCH_CHOICE, type ReleaseChoice, readChoice } from "./release-choice.ts";
import { teller } from "./teller.ts";

const HELP = `Keeps the local cloud and the app running, and reloads the app after every edit. Ctrl+C ends it.

  npm run dev                    at http://localhost:7071
  npm run dev -- --port 8080     at another port
  npm run dev -- --openmetadata 1.12 --flow auth-code
                                 another release (1.2 or 1.12), another flow (implicit or auth-code)
  npm run dev -- --inspect       a debugger may attach, at port 9229
  npm run dev -- --help          this text

It prints the address of a page on which the app's own page stands beside buttons that do the same as the lines below, and
break things.

While it runs, type "+60d", "+3h" or "+10m" and Enter: the clock of cloud and app moves, and everything that falls due
happens. Settings in local.settings.json are used, except for those that say where the cloud is; an empty API_AUDIENCE
there makes function keys guard the API.

Exit code 0 after Ctrl+C, 1 when the port is in use, 2 when the arguments make no sense.
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const values = readOptions({
  help: HELP,
  options: { ...CHOICE_OPTIONS, port: { type: "string", default: "7071" }, inspect: { type: "boolean" } },
});
if (values) {
  const [choice] = readChoice(values, [{ openMetadata: "1.2", flow: "implicit" }]) ?? [];
  const port = Number(values.port);
  if (!choice) refuseOptions(NO_SUCH_CHOICE, HELP);
  else if (!/^\d+$/.test(values.port) || port > 65_535) refuseOptions("--port takes a number up to 65535", HELP);
  else if (await isInUse(port)) {
    process.stderr.write(
      `Port ${port} is in use, perhaps by another npm run dev. End that program, or choose another port:\n\n` +
        `  npm run dev -- --port ${port === 65_535 ? 7071 : port + 1}\n`,
    );
    process.exitCode = 1;
  } else {
    if (values.inspect) openInspector(9229, "127.0.0.1");
    await dev(port, choice);
  }
}

async function dev(port: number, choice: ReleaseChoice): Promise<void> {
  const tell = teller(process.stdout, { everySeconds: 5 });
  const clock = wallClock((error) => tell.text(`a job of the local cloud failed: ${String(error)}`));
  let moving = false;
  // What waits while the clock is moved waits by that clock, or weeks would take as long as their waits.
  installClock(clock, { virtualWaits: () => moving });
  const session = await openDevSession({ root, port, choice, clock, tell });
  let turn = Promise.resolve();
  /** One after the other, whoever asks. */
  const move = (line: string): Promise<void> => {
    turn = turn.then(async () => {
      moving = true;
      await session.move(line);
      moving = false;
    });
    return turn;
  };
  createInterface({ input: process.stdin }).on("line", (line) => void move(line));
  const page = await openDevPage({
    port: await freePortFrom(port + 1),
    appUrl: session.url,
    cloud: session.cloud,
    clock,
    move,
  });
  tell.text(`The app's page, and buttons that move the clock and break things: ${page.url}`);
  tell.text("");
  const end = async (): Promise<void> => {
    await page.close();
    await session.close();
    process.exit(0);
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

/** The next port that nobody uses; any where there is none nearby. */
async function freePortFrom(port: number): Promise<number> {
  for (let candidate = port; candidate < port + 10 && candidate <= 65_535; candidate += 1) {
    if (!(await isInUse(candidate))) return candidate;
  }
  return 0;
}

/** Asks before anything is started, because it takes seconds until the host would find out. */
async function isInUse(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return true;
    throw error;
  } finally {
    probe.close();
  }
}
