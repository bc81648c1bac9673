import { converge } from "../journey/call-app.ts";
import { openSetting, type Setting } from "../journey/setting.ts";
import { recordOf } from "../proof/strikes/record.ts";
import { certificate } from "./certificate.ts";
import type { Table } from "./table.ts";

const START = new Date("2031-03-03T12:00:00Z");
const MINUTE = 60_000;
const TOKEN = "openmetadata-bot-token";
/** What servers were reported to take for one pipeline (open-metadata/OpenMetadata #32004); one after the other. */
const SECONDS_EACH = [1, 12, 24];

/** A new token of the bot reaches every pipeline of one server, by messages of the queue, on the clock of the local cloud. */
export async function measureDelivery({ quick }: { quick: boolean }, progress: (what: string) => void): Promise<Table> {
  const rows: Table["rows"] = [];
  for (const seconds of quick ? [12] : SECONDS_EACH) {
    const pipelines = quick ? 50 : 500;
    progress(`delivery to ${pipelines} pipelines of ${seconds} s each`);
    rows.push(await deliver(pipelines, seconds));
  }
  return { part: "delivery", title: "Delivery to many pipelines", about: ABOUT, columns: COLUMNS, rows };
}

const ABOUT =
  "A bot's token is replaced because somebody left; the call works for its 150 s, the queue goes on. The server's own time " +
  "is what it takes to deploy all pipelines one after the other: less cannot be had.";
const COLUMNS = [
  "pipelines",
  "s each",
  "server's own time, min",
  "until delivered, min",
  "ratio",
  "runs",
  "calls that deploy",
  "pipelines deployed",
  "of them twice",
  "other requests",
];

async function deliver(pipelines: number, seconds: number): Promise<Table["rows"][number]> {
  const settings = { "AzureWebJobs.rotate-on-schedule.Disabled": "1" };
  const setting = await openSetting({ start: START, release: "1.12.6", certificate, settings });
  try {
    const { cloud, clock, log } = setting;
    for (let number = 0; number < pipelines; number += 1) {
      cloud.openMetadata.addPipeline({ name: `pipeline-${number}`, deployed: true });
    }
    for (const path of ["provision", "consent", "rotate"]) await converge(() => setting.call("POST", path), clock);
    await clock.advance(60 * MINUTE);
    cloud.openMetadata.options.deployMilliseconds = seconds * 1_000;
    const record = recordOf(cloud.wire, ({ service }) => service !== "storage-queue");
    const [began, since] = [clock.now().getTime(), log.length];
    await setting.call("POST", "rotate", { credential: "bot-token", because: "somebody left" });
    const most = began + 2 * pipelines * seconds * 1_000 + 60 * MINUTE;
    while (!isDelivered(setting, began) && clock.now().getTime() < most) await clock.advance(MINUTE / 4);
    if (!isDelivered(setting, began)) throw new Error(`The token did not reach ${pipelines} pipelines`);
    const minutes = (clock.now().getTime() - began) / MINUTE;
    const own = (pipelines * seconds) / 60;
    const calls = record.exchanges.filter(({ method, path }) => method === "POST" && /deploy/.test(path));
    const ids = calls.flatMap(({ body, path }) => (body.startsWith("[") ? (JSON.parse(body) as string[]) : [path]));
    const runs = log.slice(since).filter(({ message }) => message.startsWith("Executed 'Functions.rotate-credential'"));
    const twice = ids.length - new Set(ids).size;
    const others = record.exchanges.length - calls.length;
    return [pipelines, seconds, own, minutes, minutes / own, runs.length, calls.length, ids.length, twice, others];
  } finally {
    await setting.close();
  }
}

/** Since that moment. */
function isDelivered({ cloud }: Setting, since: number): boolean {
  const latest = cloud.vault
    .secrets()
    .find(({ name }) => name === TOKEN)
    ?.versions.at(-1);
  const { issuedOn, deliveredOn } = latest?.tags ?? {};
  return deliveredOn !== undefined && issuedOn !== undefined && new Date(issuedOn).getTime() >= since;
}
