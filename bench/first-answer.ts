import { type Fleet, openFleet } from "./fleet.ts";
import type { Instance } from "./instances.ts";
import { median, type Table } from "./table.ts";

/** What is asked, in this order, of an instance that has only registered its functions. */
const ASKED = [
  ["GET /api/status, the first answer", "status?deployment=d0"],
  ["GET /api/status?deployment=…, again", "status?deployment=d0"],
] as const;

/** What lazy loading only moves: the processor time until an instance that has just begun has answered. */
export async function measureFirstAnswer(
  { quick }: { quick: boolean },
  progress: (what: string) => void,
): Promise<Table> {
  const fleet = await openFleet(progress);
  try {
    await fleet.grow(1);
    const runs: number[][] = [];
    for (let number = 0; number < (quick ? 1 : 9); number += 1) {
      progress(`first answer: instance ${number + 1}`);
      const instance = await fleet.startInstance();
      runs.push(await costs(fleet, instance));
      await instance.stop();
    }
    const rows = ASKED.map(([what], index) => [what, median(runs.map((run) => run[index] ?? Number.NaN))]);
    return { part: "first-answer", title: "First answer", about: ABOUT, columns: ["call", "CPU, ms"], rows };
  } finally {
    await fleet.close();
  }
}

const ABOUT =
  "Processor time of an instance from the moment at which its functions are registered (the cold load comes before it) " +
  "to its answer, tokens and TLS included; so is what the host that stands in for Azure's does for a call. Medians.";

async function costs({ cloud }: Fleet, instance: Instance): Promise<number[]> {
  const headers = { authorization: `Bearer ${await cloud.callerToken(["Automation.Read"])}` };
  const spent: number[] = [];
  for (const [what, path] of ASKED) {
    const before = await instance.usage();
    const answer = await fetch(`${instance.url}/api/${path}`, { headers });
    await answer.text();
    if (!answer.ok) throw new Error(`${what}: answered ${answer.status}`);
    spent.push((await instance.usage()).cpu - before.cpu);
  }
  return spent;
}
