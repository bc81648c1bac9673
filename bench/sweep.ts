import { queuesOf } from "../journey/setting.ts";
import { CREDENTIALS, type CredentialKind } from "../shared/deployment/credentials.ts";
import { unitOf } from "../shared/engine/message.ts";
import { WORK_QUEUE } from "../shared/engine/queues.ts";
import { type Fleet, openFleet } from "./fleet.ts";
import type { Told } from "./instance.ts";
import type { Instance } from "./instances.ts";
import { rounded, type Table } from "./table.ts";

/** What a deployment of the implicit flow has. */
const HELD = CREDENTIALS.filter((kind) => kind !== "server-client-secret");
/** Each answer takes so long, as over a network. */
const LATENCY = 50;
/** Microsoft Graph gives an app in the smallest tenants so many resource units in ten seconds (Microsoft Learn: "Throttling"). */
const GRAPH_BUDGET = 3_500;
/** At most, of what an idle look asks for. */
const UNITS_PER_REQUEST = 2;
/** A sweep is spread over so many times ten seconds. */
const WINDOWS_IN_AN_HOUR = 360;
/** The host that stands in for Azure's is told when to look; it looks as often as a busy one. */
const POLL = 1_000;
const MEBIBYTE = 1024 * 1024;

/** One sweep: what was asked for, how long it took, and what the instances have used. */
interface Sweep {
  deployments: number;
  instances: number;
  units: number;
  failed: number;
  /** Seconds, until the last one was worked off, and until the last look at each deployment. */
  seconds: number;
  looked: ReadonlyMap<string, number>;
  requests: number;
  graph: number;
  /** Bytes, of the instance that needed most. */
  peak: number;
  /** Bytes of its heap afterwards, also of the instance that needed most. */
  kept: number;
  /** Milliseconds of processor time of all instances together. */
  cpu: number;
}

/** Works off every credential of fleets of several sizes, all at once, with one and with several instances. */
export async function measureSweeps({ quick }: { quick: boolean }, progress: (what: string) => void): Promise<Table> {
  const [sizes, several, troubled] = quick ? [[8], 2, 8] : [[10, 100, 200, 1_000], 4, 100];
  const fleet = await openFleet(progress);
  const rows: Table["rows"] = [];
  const measure = async (what: string, instances: readonly Instance[], broken: readonly string[] = []) => {
    const about = `sweep of ${fleet.names.length} deployments, ${instances.length} instances, ${what}`;
    const swept = await sweep(fleet, instances, (done) => progress(`${about}: ${done}`));
    rows.push(rowOf(what, swept, broken));
  };
  try {
    for (const size of sizes) {
      await fleet.grow(size);
      fleet.delayAnswers(0);
      await amid(fleet, 1, (settling) => sweep(fleet, settling, progress)); // what the first rotations still wait for
      fleet.delayAnswers(LATENCY);
      for (const count of [1, several]) {
        await amid(fleet, count, async (instances) => {
          await measure("first after a start", instances);
          await measure("idle", instances);
          if (size !== troubled || count > 1) return;
          for (const [index, way] of WAYS.entries()) way.breaks(fleet, `d${index}`);
          const broken = WAYS.map((_, index) => `d${index}`);
          await measure(`${WAYS.length} deployments broken`, instances, broken);
          for (const [index, way] of WAYS.entries()) way.mends(fleet, `d${index}`);
        });
      }
    }
    return { part: "sweep", title: "Sweeps", about: ABOUT, columns: COLUMNS, rows };
  } finally {
    await fleet.close();
  }
}

/** With so many instances, which end with it. */
async function amid(fleet: Fleet, count: number, act: (instances: readonly Instance[]) => Promise<unknown>) {
  const instances = await Promise.all(Array.from({ length: count }, () => fleet.startInstance()));
  await act(instances);
  await Promise.all(instances.map((one) => one.stop()));
}

const COLUMNS = [
  "deployments",
  "instances",
  "what",
  "looks",
  "of them failed",
  "requests",
  "a look",
  "s",
  "s, healthy ones",
  "looks/s",
  "CPU a look, ms",
  "peak memory, MiB",
  "heap kept, MiB",
  "Graph's budget, spread over the hour, %",
  "at once, %",
];
/** Ways in which a deployment may be broken while the others are not. */
const WAYS: { name: string; breaks(fleet: Fleet, name: string): void; mends(fleet: Fleet, name: string): void }[] = [
  {
    name: "its server fails",
    breaks: ({ servers }, name) => servers.replace(name, () => new Response("broken", { status: 500 })),
    mends: ({ servers }, name) => servers.restore(name),
  },
  {
    name: "its server never answers",
    breaks: ({ servers }, name) => servers.replace(name, () => new Promise(() => {})),
    mends: ({ servers }, name) => servers.restore(name),
  },
  {
    name: "its server lists without end",
    breaks: ({ servers }, name) => servers.replace(name, () => Response.json({ data: [{}], paging: { after: "x" } })),
    mends: ({ servers }, name) => servers.restore(name),
  },
  {
    name: "its registration is gone",
    breaks: ({ cloud }, name) => cloud.directory.deleteApplication(`${name}-ingestion`),
    mends: ({ cloud }, name) => cloud.directory.restoreApplication(`${name}-ingestion`),
  },
];

const ABOUT = `All looks are in the queue at once, which the timer spreads over an hour; each answer takes ${LATENCY} ms. Instances are processes, with a host that stands in for Azure's; the services share one process. Graph's budget is that of the smallest tenants, ${GRAPH_BUDGET} units in 10 s, each request taken for ${UNITS_PER_REQUEST}. Broken are: ${WAYS.map(({ name }) => name).join("; ")}.`;

function rowOf(what: string, one: Sweep, broken: readonly string[]): (string | number)[] {
  const { deployments, instances, units, failed, requests, seconds, looked, cpu, peak, kept, graph } = one;
  const healthySeconds = Math.max(...[...looked].flatMap(([name, on]) => (broken.includes(name) ? [] : [on])));
  const asked = (graph * UNITS_PER_REQUEST) / GRAPH_BUDGET;
  const spread = (asked / WINDOWS_IN_AN_HOUR) * 100;
  const atOnce = (asked / Math.max(1, seconds / 10)) * 100;
  const figures = [
    requests / units,
    seconds,
    healthySeconds,
    units / seconds,
    cpu / units,
    peak / MEBIBYTE,
    kept / MEBIBYTE,
  ];
  return [deployments, instances, what, units, failed, requests, ...[...figures, spread, atOnce].map(rounded)];
}

/** Sends one message for each credential and waits until each was looked at. */
async function sweep(fleet: Fleet, instances: readonly Instance[], progress: (what: string) => void): Promise<Sweep> {
  const named = fleet.names.flatMap((deployment) => HELD.map((credential) => ({ deployment, credential })));
  // An instance that is just looking once more finds the first ones before all are there.
  const runs = counting(instances, named.length, progress);
  await fill(fleet, named);
  fleet.asked.splice(0);
  const before = await Promise.all(instances.map((one) => one.usage()));
  const began = performance.now();
  await runs.workedOff();
  const seconds = (runs.endedOn - began) / 1_000;
  const after = await Promise.all(instances.map((one) => one.usage()));
  const cpu = after.reduce((sum, one, index) => sum + one.cpu - (before[index]?.cpu ?? 0), 0);
  return {
    deployments: fleet.names.length,
    instances: instances.length,
    units: named.length,
    failed: runs.failed,
    seconds,
    looked: new Map([...runs.lookedOn].map(([name, on]) => [name, (on - began) / 1_000])),
    requests: fleet.asked.length,
    graph: fleet.asked.filter((service) => service === "graph").length,
    peak: Math.max(...after.map((one) => one.peak)),
    kept: Math.max(...after.map((one) => one.kept)),
    cpu,
  };
}

/** Empties the queue, and puts in one message for each. */
async function fill({ cloud }: Fleet, named: { deployment: string; credential: CredentialKind }[]): Promise<void> {
  const queue = queuesOf(cloud).service.getQueueClient(WORK_QUEUE);
  await queue.clearMessages();
  const until = new Date(Date.now() + 1_000);
  for (let start = 0; start < named.length; start += 16) {
    const texts = named.slice(start, start + 16).map((one) => JSON.stringify(unitOf(one, { until })));
    await Promise.all(texts.map((text) => queue.sendMessage(Buffer.from(text).toString("base64"))));
  }
}

/** Counts the looks from now on. */
function counting(instances: readonly Instance[], units: number, progress: (what: string) => void) {
  const done = Promise.withResolvers<void>();
  let left = units;
  const receive = (): void => {
    progress(`${units - left} of ${units} looks`);
    for (const instance of instances) instance.receive(WORK_QUEUE);
  };
  const runs = {
    failed: 0,
    endedOn: 0,
    /** When each deployment was looked at last. */
    lookedOn: new Map<string, number>(),
    /** Has the instances receive, again and again as a host polls, until there is none left. */
    async workedOff(): Promise<void> {
      receive();
      const polling = setInterval(receive, POLL);
      await done.promise;
      clearInterval(polling);
      for (const instance of instances) instance.onTold.splice(instance.onTold.indexOf(onTold), 1);
    },
  };
  const onTold = (told: Told): void => {
    if (told.kind === "looked") runs.lookedOn.set(told.deployment, performance.now());
    if (told.kind !== "ran" || told.name !== WORK_QUEUE) return;
    left -= 1;
    runs.endedOn = performance.now();
    if (!told.succeeded) runs.failed += 1;
    if (left === 0) done.resolve();
  };
  for (const instance of instances) instance.onTold.push(onTold);
  return runs;
}
