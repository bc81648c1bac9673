import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type Clock, installClock, wallClock } from "../local/clock.ts";
import { type Cloud, startCloud } from "../local/cloud/cloud.ts";
import { type Host, startHost } from "../local/host/host.ts";
import { readLocalSettings } from "../local/host/local-settings.ts";
import { watchBundle } from "../scripts/build.ts";
import { NO_SUCH_WISH, RELEASES, readWish, type Wish } from "./release-wish.ts";
import { KEYS, root, subscribe } from "./setting.ts";

const HELP = `Keeps the local cloud and the app up, and loads the app anew when its sources change. Ctrl+C ends it.

  npm run dev                    at http://localhost:7071
  npm run dev -- --port 8080     at another port
  npm run dev -- --openmetadata 1.12 --flow auth-code
                                 another release (1.2 or 1.12), another flow (implicit or auth-code)
  npm run dev -- --help          this text

While it runs, "+60d", "+3h" or "+10m" and Enter moves the clock of cloud and app, with everything that falls due.
Settings in local.settings.json come on top of those of the local cloud.
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean" },
    port: { type: "string", default: "7071" },
    openmetadata: { type: "string" },
    flow: { type: "string" },
  },
});
const [wish] = readWish(values, [{ openMetadata: "1.2", flow: "implicit" }]) ?? [];
if (values.help) process.stdout.write(HELP);
else if (wish) await dev(Number(values.port), wish);
else {
  process.stderr.write(NO_SUCH_WISH);
  process.exitCode = 2;
}

async function dev(port: number, { openMetadata, flow }: Wish): Promise<void> {
  const clock = wallClock((error) => say(`a job of the local cloud failed: ${String(error)}`));
  installClock(clock, { virtualWaits: false });
  const cloud = await startCloud({ clock, release: RELEASES[openMetadata], flow });
  cloud.openMetadata.addPipeline({ name: "warehouse-metadata", deployed: true });
  cloud.ingestion.start();
  cloud.people.start();
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-dev-"));
  const main = join(folder, "main.cjs");
  await writeFile(join(folder, "local-cloud.pem"), cloud.certificate.cert);

  let host: Host | undefined;
  const load = async (): Promise<void> => {
    const again = host !== undefined;
    await host?.stop();
    host = await startHost({
      main,
      root,
      port,
      clock,
      keys: KEYS,
      settings: { ...cloud.settings, ...readLocalSettings(join(root, "local.settings.json")) },
      log: ({ level, message, functionName }) => say(`${level.padEnd(12)}${functionName ?? "host"}: ${message}`),
    });
    await subscribe({ cloud, host, keys: KEYS });
    if (again) say(`loaded anew: ${host.functions.length} functions`);
    else await explain(host, cloud, { port, clock, folder });
  };
  const stopWatching = await watchBundle(main, load);
  createInterface({ input: process.stdin }).on("line", (line) => void move(line, clock));
  const end = async (): Promise<void> => {
    await stopWatching();
    await host?.stop();
    await cloud.close();
    await rm(folder, { recursive: true });
    process.exit(0);
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
}

async function explain(
  host: Host,
  cloud: Cloud,
  { port, clock, folder }: { port: number; clock: Clock; folder: string },
): Promise<void> {
  for (const { name, route, schedule, trigger } of host.functions) {
    say(`${name.padEnd(26)}${route ? `http://localhost:${port}/${route}` : (schedule ?? trigger)}`);
  }
  const exp = Math.floor(clock.now().getTime() / 1000) + 365 * 24 * 3600;
  const token = await cloud.entra.issueToken({ aud: cloud.app.audience, roles: ["Automation.Run"], exp });
  const url = `http://localhost:${port}/api`;
  say(`\nA token of the local tenant, good for a year, and for nothing else:\nTOKEN=${token}\n`);
  say(`curl -X POST -H "Authorization: Bearer $TOKEN" ${url}/provision    # then consent, then rotate`);
  say(`curl -H "Authorization: Bearer $TOKEN" ${url}/status`);
  say(`\nThe certificate of the local cloud (OpenMetadata at ${cloud.urls.openMetadata}): ${folder}/local-cloud.pem\n`);
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

async function move(line: string, clock: Clock): Promise<void> {
  const [, amount, unit] = /^\+(\d+)([mhd])$/.exec(line.trim()) ?? [];
  if (!amount || !unit) return say('Write "+60d", "+3h" or "+10m" to move the clock');
  await clock.advance(Number(amount) * UNITS[unit as keyof typeof UNITS]);
  say(`the clock says ${clock.now().toISOString()}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
