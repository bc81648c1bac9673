import { z } from "zod";
import { ask } from "../ask.ts";
import { type Finding, ok, red, unseen } from "./finding.ts";

const table = z.object({ tables: z.array(z.object({ rows: z.array(z.array(z.unknown())) })) });

/** The latest run of the timer that Application Insights knows of. Microsoft Learn: "Application Insights query API". */
const QUERY = 'requests | where name == "rotate-on-schedule" and success == true | summarize max(timestamp)';
const HOUR = 60 * 60 * 1000;

/** `connection`: the app's APPLICATIONINSIGHTS_CONNECTION_STRING, which names the component and holds no secret that is used. */
export async function lookAtTimer(
  connection: string | undefined,
  { origin, token, now }: { origin: string; token(): Promise<string>; now: Date },
): Promise<Finding[]> {
  const id = /ApplicationId=([0-9a-f-]{36})/i.exec(connection ?? "")?.[1];
  if (!id)
    return connection === undefined
      ? []
      : [unseen("timer", "the connection string of Application Insights names no ApplicationId")];
  const answer = await ask(`${origin}/v1/apps/${id}/query`, {
    method: "POST",
    token: await token(),
    body: { query: QUERY, timespan: "P2D" },
  });
  if (answer.kind === "silent" || answer.status !== 200) {
    return [unseen("timer", "you may not query Application Insights", "Ask as a Monitoring Reader")];
  }
  const value = table.safeParse(answer.json).data?.tables[0]?.rows[0]?.[0];
  return [judgeTimer(typeof value === "string" ? new Date(value) : undefined, now)];
}

/** It looks every hour unless ROTATION_SCHEDULE says otherwise; three hours without are what the alert waits for. Pure. */
export function judgeTimer(last: Date | undefined, now: Date): Finding {
  const todo =
    "Check the exceptions in Application Insights, and restart the app; one wrong setting makes every run fail";
  if (!last || Number.isNaN(last.getTime())) return red("timer", "no successful run in two days", todo);
  const hours = (now.getTime() - last.getTime()) / HOUR;
  const said = `last successful run at ${last.toISOString()}`;
  return hours > 3 ? red("timer", said, todo) : ok("timer", said);
}
