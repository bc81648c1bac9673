import { type Context, Hono } from "hono";
import { z } from "zod";
import { type Authenticated, requireAdmin } from "./caller.ts";
import { deploy } from "./deploy.ts";
import { masked, masks } from "./masking.ts";
import { page } from "./page.ts";
import { noSuchPath, notFound, refusal } from "./refusal.ts";
import { ID, readBody } from "./request-body.ts";
import { lastRun, runRoutes } from "./run-routes.ts";
import { features, originOf, type Server } from "./server.ts";
import { INGESTION_BOT, type Pipeline, pipelineFqn, userOfBot } from "./state.ts";
import { entityAnswer, requestedFields } from "./user-answer.ts";

const PLATFORM = "Airflow";
/** The answer of a pipeline service that is switched off, which is no failure by its code. */
const DISABLED = { code: 200, reason: "Pipeline Client Disabled", platform: PLATFORM };
/** What a pipeline shows only when it is asked for (unverified: later releases have more of them). */
const FIELDS = ["pipelineStatuses"];

/** `/v1/services/ingestionPipelines`: listing, reading and deploying. Who may deploy is an administrator here (unverified). */
export function pipelineRoutes(server: Server): Hono<Authenticated> {
  const routes = new Hono<Authenticated>();
  routes.get("/", (c) => {
    const listed = c.req.query("include") === "deleted" ? [] : server.state.pipelines;
    return c.json(page(c, listed, (pipeline) => pipelineAnswer(c, server, pipeline)));
  });
  routes.get("/name/:fqn", (c) => {
    const pipeline = server.state.pipelines.find((candidate) => pipelineFqn(candidate) === c.req.param("fqn"));
    if (!pipeline) throw notFound("ingestionPipeline", c.req.param("fqn"));
    return c.json(pipelineAnswer(c, server, pipeline));
  });
  routes.get(`/${ID}`, (c) => c.json(pipelineAnswer(c, server, pipelineById(server, c.req.param("id")))));
  routes.route("/", runRoutes(server));

  routes.post(`/deploy/${ID}`, async (c) => {
    requireAdmin(c);
    const pipeline = pipelineById(server, c.req.param("id"));
    if (server.options.runnerDisabled) return c.json(DISABLED);
    await takeTime(server);
    const failure = deploy(server, pipeline);
    if (failure && !server.options.failureInBody) throw refusal(400, failure);
    if (failure) return c.json({ code: 500, reason: failure, platform: PLATFORM });
    if (features(server).deployAnswer === "pipeline") return c.json(pipelineAnswer(c, server, pipeline));
    return c.json({ code: 200, reason: `Workflow [${pipeline.name}] has been created`, platform: PLATFORM });
  });

  // One pipeline that fails does not make the call fail: the answer is 200, and each item has its own code. Whoever
  // asks for none that exists is not refused either.
  routes.post("/bulk/deploy", async (c) => {
    if (!features(server).bulkDeploy) throw noSuchPath();
    const ids = await readBody(c, z.array(z.guid()));
    if (server.state.pipelines.some(({ id }) => ids.includes(id))) requireAdmin(c);
    const items: object[] = [];
    for (const id of ids) {
      if (!server.options.runnerDisabled) await takeTime(server);
      items.push(server.options.runnerDisabled ? DISABLED : bulkItem(server, id));
    }
    return c.json(items);
  });
  return routes;
}

/** One after the other, each as long as the options say. */
async function takeTime({ options: { clock, deployMilliseconds = 0 } }: Server): Promise<void> {
  if (deployMilliseconds > 0) await clock.advance(deployMilliseconds);
}

function bulkItem(server: Server, id: string): object {
  const pipeline = server.state.pipelines.find((candidate) => candidate.id === id);
  const failure = pipeline ? deploy(server, pipeline) : `ingestionPipeline instance for ${id} not found`;
  if (failure) return { code: 500, reason: `Error deploying [${id}] due to [${failure}]`, platform: PLATFORM };
  return { code: 200, reason: `Workflow [${pipeline?.name}] has been created`, platform: PLATFORM };
}

function pipelineById({ state }: Server, id: string): Pipeline {
  const pipeline = state.pipelines.find((candidate) => candidate.id === id);
  if (!pipeline) throw notFound("ingestionPipeline", id);
  return pipeline;
}

function pipelineAnswer(c: Context<Authenticated>, server: Server, pipeline: Pipeline): object {
  const shown = requestedFields(c, FIELDS).includes("pipelineStatuses") ? { pipelineStatuses: lastRun(pipeline) } : {};
  return {
    ...(features(server).showsConnection ? { openMetadataServerConnection: connection(c, server) } : {}),
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

/**
 * What pipelines sign in with, for everybody to see: a client secret is masked, a token never. Where none can sign in
 * with what the bot holds nothing is shown (unverified).
 */
function connection(c: Context<Authenticated>, server: Server): object | undefined {
  const common = {
    clusterName: "openmetadata",
    type: "OpenMetadata",
    hostPort: `${originOf(c)}/api`,
    verifySSL: "no-ssl",
  };
  const held = userOfBot(server.state, INGESTION_BOT)?.mechanism;
  const shown = held && masks(server.options) && !c.get("caller").isBot ? masked(held) : held;
  if (shown?.authType === "SSO" && features(server).ssoForBots !== "used") return undefined;
  if (shown?.authType !== "SSO") {
    const securityConfig = { jwtToken: shown?.config.JWTToken ?? "" };
    return { ...common, authProvider: "openmetadata", securityConfig };
  }
  return { ...common, authProvider: "azure", securityConfig: shown.config.authConfig };
}
