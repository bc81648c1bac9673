import { type Context, Hono } from "hono";
import type { Authenticated } from "./caller.ts";
import { notFound, refusal } from "./refusal.ts";
import { type Run, runAnswer } from "./runs.ts";
import type { Server } from "./server.ts";
import { type Pipeline, pipelineFqn } from "./state.ts";

/**
 * `/v1/services/ingestionPipelines/{fqn}/pipelineStatus`: the executions of a pipeline, for everybody who is signed in.
 * Queued ones are asked of the runner and come first, whatever their time; then those that began between `startTs` and
 * `endTs` (epoch milliseconds), the newest first. `before` and `after` only repeat the two times: they are no cursors.
 * Whether a release forgives it when one of the times is left out is unverified; here none does.
 */
export function runRoutes({ state }: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();

  routes.get("/:fqn/pipelineStatus", (c) => {
    const { runs } = named(state.pipelines, c.req.param("fqn"));
    const [from, to] = [time(c, "startTs"), time(c, "endTs")];
    const began = runs
      .filter(({ state, timestamp }) => state !== "queued" && timestamp >= from && timestamp <= to)
      .toSorted((one, other) => other.timestamp - one.timestamp);
    const data = [...runs.filter(isQueued), ...began];
    return c.json({
      data: data.map(runAnswer),
      paging: { before: String(from), after: String(to), total: data.length },
    });
  });

  routes.get("/:fqn/pipelineStatus/:runId", (c) => {
    const { runs } = named(state.pipelines, c.req.param("fqn"));
    const run = runs.find(({ runId, state }) => runId === c.req.param("runId") && state !== "queued");
    if (!run) throw refusal(404, `pipelineStatus instance for ${c.req.param("runId")} not found`);
    return c.json(runAnswer(run));
  });
  return routes;
}

/** The last execution that began, as `pipelineStatuses` shows it: one of them in spite of its name, and never a queued one. */
export function lastRun({ runs }: Pipeline): object | undefined {
  const run = runs.findLast((candidate) => !isQueued(candidate));
  return run && runAnswer(run);
}

function isQueued({ state }: Run): boolean {
  return state === "queued";
}

function named(pipelines: readonly Pipeline[], fqn: string): Pipeline {
  const pipeline = pipelines.find((candidate) => pipelineFqn(candidate) === fqn);
  if (!pipeline) throw notFound("ingestionPipeline", fqn);
  return pipeline;
}

function time(c: Context, name: "startTs" | "endTs"): number {
  const text = c.req.query(name);
  if (text === undefined || !/^\d+$/.test(text)) throw refusal(400, `query param ${name} must be a timestamp`);
  return Number(text);
}
