import { converge } from "../journey/call-app.ts";
import { openSetting, queuesOf, type Setting } from "../journey/setting.ts";
import type { Certificate } from "../local/cloud/certificate.ts";
import { sleep } from "../proof/faults/open-app.ts";
import { recordOf } from "../proof/strikes/record.ts";
import { isWrite } from "../proof/strikes/requests.ts";
import { type CredentialKind, secretName } from "../shared/deployment/credentials.ts";
import { unitOf } from "../shared/engine/message.ts";
import { WORK_QUEUE } from "../shared/engine/queues.ts";
import type { Table } from "./table.ts";

/** What the app asks of each service for one operation. */
export interface Counted {
  operation: string;
  graph: number;
  vault: number;
  openMetadata: number;
  /** Of all services. */
  tokens: number;
  writes: number;
}

/** The oldest and the newest release that the local cloud knows; a credential is rotated where somebody uses it. */
export const WORLDS = [
  {
    release: "1.2.5",
    flow: "implicit",
    looks: ["ingestion-client-secret", "bot-token"],
    rotated: ["ingestion-client-secret"],
  },
  {
    release: "1.12.6",
    flow: "auth-code",
    looks: ["ingestion-client-secret", "server-client-secret", "bot-token"],
    rotated: ["bot-token", "server-client-secret"],
  },
] as const;
type World = (typeof WORLDS)[number];

/** A start that lies after that of the machine, so that a use of the real clock shows. */
const START = new Date("2031-03-03T12:00:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DEPLOYMENT = "openmetadata";

/** What starts by itself would be counted with what is meant; so are the vault's events of a near expiry lost. */
const QUIET = { "AzureWebJobs.rotate-on-schedule.Disabled": "1" };

/** Counts over HTTP what one deployment costs, one operation after the other. */
export async function countRequests({ quick }: { quick: boolean }, progress: (what: string) => void): Promise<Table> {
  const { certificate } = await import("./certificate.ts");
  const rows: Table["rows"] = [];
  for (const world of quick ? WORLDS.slice(0, 1) : WORLDS) {
    for (const { operation, ...counts } of await countOf(world, { certificate }, progress)) {
      rows.push([`OpenMetadata ${world.release}`, operation, ...Object.values(counts)]);
    }
  }
  const columns = ["release", "operation", "Graph", "Key Vault", "OpenMetadata", "tokens from Entra", "of them writes"];
  return { part: "requests", title: "Requests", about: ABOUT, columns, rows };
}

const ABOUT =
  "What the app sends to each service in a process that has its own tokens. The vault's challenge, once in a process, " +
  "is left out, and so is the queue.";

/** One world from an empty tenant to a rotation, sixty days later. */
export async function countOf(
  { release, flow, ...world }: World,
  given: { certificate: Certificate; main?: string },
  progress: (what: string) => void,
): Promise<Counted[]> {
  progress(`requests: OpenMetadata ${release}`);
  const setting = await openSetting({ start: START, release, flow, ...given, settings: QUIET });
  setting.cloud.eventGrid.faults.shape = ({ eventType }) => (eventType.endsWith("NearExpiry") ? [] : [1_000]);
  try {
    const count = counting(setting);
    const call = (path: string) => async () => {
      const { status } = await converge(() => setting.call("POST", path), setting.clock);
      if (status !== 200) throw new Error(`POST /api/${path} answered ${status}`);
    };
    const counted = [
      await count("provision, empty tenant", call("provision")),
      await count("consent, right after it", call("consent")),
      await count("first rotation of all credentials", call("rotate")),
    ];
    await setting.clock.advance(60 * MINUTE); // what follows the delivery has come
    counted.push(await count("provision, nothing to do", call("provision")));
    counted.push(await count("consent, nothing to do", call("consent")));
    for (const credential of world.looks) {
      counted.push(await count(`${credential}: look in the first day`, () => look(setting, credential)));
    }
    counted.push(...(await lookAtEach(setting, world, count)), ...(await rotateEach(setting, world, count)));
    return counted;
  } finally {
    await setting.close();
  }
}

type Count = ReturnType<typeof counting>;

/** By a message as the timer sends it. */
async function look(setting: Setting, credential: CredentialKind): Promise<void> {
  await send(setting, credential);
  await setting.clock.advance(1_000);
}

/** Two looks on another day, in a process that has just begun. */
async function lookAtEach(setting: Setting, { looks }: Pick<World, "looks">, count: Count): Promise<Counted[]> {
  await asleep(setting, 2 * DAY);
  const counted: Counted[] = [];
  for (const credential of looks) {
    counted.push(await count(`${credential}: first look of the day`, () => look(setting, credential)));
    counted.push(await count(`${credential}: idle look`, () => look(setting, credential)));
  }
  return counted;
}

/** From the look that finds it due, which is late, until who uses it has it. */
async function rotateEach(setting: Setting, { rotated }: Pick<World, "rotated">, count: Count): Promise<Counted[]> {
  await asleep(setting, 61 * DAY);
  const counted: Counted[] = [];
  for (const credential of rotated) {
    const earlier = versionsOf(setting, credential);
    const isDelivered = () =>
      versionsOf(setting, credential) > earlier && newest(setting, credential)?.tags.deliveredOn;
    const rotation = await count(`${credential}: rotation, from due to delivered`, async () => {
      await look(setting, credential);
      for (let minutes = 0; minutes < 60 && !isDelivered(); minutes += 1) await setting.clock.advance(MINUTE);
    });
    if (!isDelivered()) throw new Error(`${credential} was not delivered within an hour`);
    counted.push(rotation);
    await queuesOf(setting.cloud).service.getQueueClient(WORK_QUEUE).clearMessages();
  }
  return counted;
}

async function asleep(setting: Setting, milliseconds: number): Promise<void> {
  await sleep(setting, milliseconds);
  const queue = queuesOf(setting.cloud).service.getQueueClient(WORK_QUEUE);
  await queue.clearMessages();
  // Whoever remembers that the timer has run once would have all credentials looked at in its place.
  await queue.setMetadata({});
}

async function send({ cloud, clock }: Setting, credential: CredentialKind): Promise<void> {
  const unit = unitOf({ deployment: DEPLOYMENT, credential }, { until: new Date(clock.now().getTime() + 60 * MINUTE) });
  const text = Buffer.from(JSON.stringify(unit)).toString("base64");
  await queuesOf(cloud).service.getQueueClient(WORK_QUEUE).sendMessage(text);
}

function secretOf({ cloud }: Setting, credential: CredentialKind) {
  return cloud.vault.secrets().find(({ name }) => name === secretName({ name: DEPLOYMENT }, credential));
}
const versionsOf = (setting: Setting, credential: CredentialKind) =>
  secretOf(setting, credential)?.versions.length ?? 0;
const newest = (setting: Setting, credential: CredentialKind) => secretOf(setting, credential)?.versions.at(-1);

function counting({ cloud }: Setting) {
  const record = recordOf(cloud.wire, ({ service }) => service !== "storage-queue");
  return async (operation: string, act: () => Promise<unknown>): Promise<Counted> => {
    record.forget();
    await act();
    const of = (service: string) => record.exchanges.filter((one) => one.service === service).length;
    const tokens = record.exchanges.filter(({ service }) => service === "entra").length;
    const writes = record.exchanges.filter(isWrite).length;
    return { operation, graph: of("graph"), vault: of("key-vault"), openMetadata: of("openmetadata"), tokens, writes };
  };
}
