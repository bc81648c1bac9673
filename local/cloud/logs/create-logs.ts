import { Hono } from "hono";
import { z } from "zod";

export interface LogsOptions {
  /** Throws when the bearer token is not good. */
  verify: (token: string) => Promise<unknown>;
  /** The component's ApplicationId. */
  applicationId: string;
}

/** One run of a function, as the host reports it. */
export interface Request {
  name: string;
  timestamp: Date;
  success: boolean;
}

export interface Logs {
  /** Give it to `serve`. */
  app: Hono;
  requests: Request[];
}

const question = z.strictObject({ query: z.string(), timespan: z.string().optional() });
const LATEST = /^requests \| where name == "([\w-]+)" and success == true \| summarize max\(timestamp\)$/;

/** Application Insights' query API (Microsoft Learn: "Query - Execute"), for one form of query and no other. */
export function createLogs({ verify, applicationId }: LogsOptions): Logs {
  const app = new Hono();
  const logs: Logs = { app, requests: [] };
  app.post("/v1/apps/:id/query", async (c) => {
    const token = /^Bearer ([^\s]+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const known = await Promise.resolve(verify(token ?? "")).then(
      () => true,
      () => false,
    );
    if (!known)
      return c.json(
        { error: { code: "AuthorizationRequiredError", message: "Valid authentication was not provided" } },
        403,
      );
    if (c.req.param("id") !== applicationId)
      return c.json({ error: { code: "AppNotFoundError", message: "Not found" } }, 404);
    const name = LATEST.exec(question.parse(await c.req.json()).query)?.[1];
    if (name === undefined)
      return c.json({ error: { code: "NotModelled", message: "this query is not modelled" } }, 501);
    const times = logs.requests
      .filter((one) => one.name === name && one.success)
      .map(({ timestamp }) => timestamp.getTime());
    const latest = times.length > 0 ? new Date(Math.max(...times)).toISOString() : null;
    return c.json({
      tables: [{ name: "PrimaryResult", columns: [{ name: "max_timestamp", type: "datetime" }], rows: [[latest]] }],
    });
  });
  return logs;
}
