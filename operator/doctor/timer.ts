import { z } from "zod";
import { longestPause, readSchedule } from "../../shared/deployment/schedule.ts";
import { ask } from "../ask.ts";
import { type Finding, ok, red, unseen } from "./finding.ts";

const table = z.object({ tables: z.array(z.object({ rows: z.array(z.array(z.unknown())) })) });

/** The latest run of the timer that Application Insights knows of. Microsoft Learn: "Application Insights query API". */
const QUERY = 'requests | where name == "rotate-on-schedule" and success == true | summarize max(timestamp)';
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Three of its periods without a run are what the alert waits for too. `schedule`: the app's ROTATION_SCHEDULE; undefined: every hour. */
export function patienceWith(schedule: string | undefined): number {
  const read = schedule === undefined ? undefined : readSchedule(schedule);
  return 3 * Math.max(HOUR, (read && longestPause(read)) ?? 0);
}

/** `connection`: the app's APPLICATIONINSIGHTS_CONNECTION_STRING, which names the component and holds no secret that is used. */
export async function lookAtTimer(
  connection: string | undefined,
  { origin, token, now, patience }: { origin: string; token(): Promise<string>; now: Date; patience: number },
): Promise<Finding[]> {
  const id = /ApplicationId=([0-9a-f-]{36})/i.exec(connection ?? "")?.[1];
  if (!id)
    return connection === undefined
      ? []
      : [unseen("timer", "the connection string of Application Insights names no ApplicationId")];
  const answer = await ask(`${origin}/v1/apps/${id}/query`, {
    method: "POST",
    token: await token(),
    body: { query: QUERY, timespan: `P${daysFor(patience)}D` },
  });
  if (answer.kind === "silent" || answer.status !== 200) {
    return [unseen("timer", "you may not query Application Insights", "Ask as a Monitoring Reader")];
  }
  const value = table.safeParse(answer.json).data?.tables[0]?.rows[0]?.[0];
  return [judgeTimer(typeof value === "string" ? new Date(value) : undefined, now, patience)];
}

function daysFor(patience: number): number {
  return Math.max(2, Math.ceil(patience / DAY));
}

/** `patience`: milliseconds. Pure. */
export function judgeTimer(last: Date | undefined, now: Date, patience: number): Finding {
  const todo =
    "Check the exceptions in Application Insights, and restart the app; one wrong setting makes every run fail";
  if (!last || Number.isNaN(last.getTime()))
    return red("timer", `no successful run in ${daysFor(patience)} days`, todo);
  const said = `last successful run at ${last.toISOString()}`;
  return now.getTime() - last.getTime() > patience ? red("timer", said, todo) : ok("timer", said);
}
