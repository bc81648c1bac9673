import { type Context, Hono } from "hono";
import { z } from "zod";
import { requireAdmin } from "./caller.ts";
import { deploy } from "./deploy.ts";
import { noSuchPath, notFound, refusal } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import { lastRun, runRoutes } from "./run-routes.ts";
import { type Authenticated, features, originOf, type Server } from "./server.ts";
import { type Pipeline, pipelineFqn } from "./state.ts";
import { entityAnswer, requestedFields } from "./user-answer.ts";

const PLATFORM = "Airflow";
const MAX_LIMIT = 1_000_000;
/** What a pipeline shows only when it is asked for (unverified: later releases have more of them). */
const FIELDS = ["pipelineStatuses"];

/** `/v1/services/ingestionPipelines`: listing, reading and deploying. Who may deploy is an administrator here (unverified). */
export function pipelineRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  routes.get("/", (c) => c.json(listAnswer(c, server)));
  routes.get("/name/:fqn", (c) => {
    const pipeline = server.state.pipelines.find((candidate) => pipelineFqn(candidate) === c.req.param("fqn"));
    if (!pipeline) throw notFound("ingestionPipeline", c.req.param("fqn"));
    return c.json(pipelineAnswer(c, server, pipeline));
  });
  routes.get("/:id", (c) => c.json(pipelineAnswer(c, server, pipelineById(server, c.req.param("id")))));
  routes.route("/", runRoutes(server));

  routes.post("/deploy/:id", (c) => {
    requireAdmin(c);
    const pipeline = pipelineById(server, c.req.param("id"));
    const failure = deploy(server, pipeline);
    if (failure) throw refusal(400, failure);
    if (features(server).deployAnswer === "pipeline") return c.json(pipelineAnswer(c, server, pipeline));
    return c.json({ code: 200, reason: `Workflow [${pipeline.name}] has been created`, platform: PLATFORM });
  });

  // One pipeline that fails does not make the call fail: the answer is 200, and each item has its own code.
  routes.post("/bulk/deploy", async (c) => {
    if (!features(server).bulkDeploy) throw noSuchPath();
    const ids = await readBody(c, z.array(z.guid()));
    requireAdmin(c);
    return c.json(ids.map((id) => bulkItem(server, id)));
  });
  return routes;
}

function bulkItem(server: Server, id: string): object {
  const pipeline = server.state.pipelines.find((candidate) => candidate.id === id);
  const failure = pipeline ? deploy(server, pipeline) : `ingestionPipeline instance for ${id} not found`;
  if (failure) return { code: 500, reason: `Error deploying [${id}] due to [${failure}]`, platform: PLATFORM };
  return { code: 200, reason: `Workflow [${pipeline?.name}] has been created`, platform: PLATFORM };
}

/** Pages in order of name; `after` is the cursor of the page before. Filters and going backwards are not modelled. */
function listAnswer(c: Context, server: Server): object {
  const limit = Number(c.req.query("limit") ?? 10);
  if (!Number.isInteger(limit)) throw noSuchPath(); // as JAX-RS does with a parameter that is no number
  if (limit < 0) throw refusal(400, "[query param limit must be greater than or equal to 0]");
  if (limit > MAX_LIMIT) throw refusal(400, `[query param limit must be less than or equal to ${MAX_LIMIT}]`);
  const all = c.req.query("include") === "deleted" ? [] : server.state.pipelines.toSorted(byName);
  const after = Buffer.from(c.req.query("after") ?? "", "base64url").toString();
  const rest = all.filter(({ name }) => name > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const cursor = last && rest.length > limit ? { after: Buffer.from(last.name).toString("base64url") } : {};
  return {
    data: page.map((pipeline) => pipelineAnswer(c, server, pipeline)),
    paging: { total: all.length, ...cursor },
  };
}

function byName(one: Pipeline, other: Pipeline): number {
  return one.name < other.name ? -1 : 1;
}

function pipelineById({ state }: Server, id: string): Pipeline {
  const pipeline = state.pipelines.find((candidate) => candidate.id === id);
  if (!pipeline) throw notFound("ingestionPipeline", id);
  return pipeline;
}

function pipelineAnswer(c: Context, server: Server, pipeline: Pipeline): object {
  const shown = requestedFields(c, FIELDS).includes("pipelineStatuses") ? { pipelineStatuses: lastRun(pipeline) } : {};
  // With a token in it only for bots; for others nothing but where the server is.
  const connection = { openMetadataServerConnection: { hostPort: `${originOf(c)}/api` } };
  return {
    ...(features(server).showsConnection ? connection : {}),
    ...entityAnswer(pipeline),
    fullyQualifiedName: pipelineFqn(pipeline),
    pipelineType: "metadata",
    sourceConfig: { config: { type: "DatabaseMetadata" } },
    airflowConfig: { scheduleInterval: "*/30 * * * *" },
    deployed: pipeline.deployed,
    enabled: true,
    deleted: false,
    ...shown,
    href: `${originOf(c)}/api/v1/services/ingestionPipelines/${pipeline.id}`,
  };
}
