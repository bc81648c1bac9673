import { change } from "./change.ts";
import { features, type Server } from "./server.ts";
import { INGESTION_BOT, type Pipeline, userOfBot } from "./state.ts";

/**
 * Deploys a pipeline: from now on it signs in with what the ingestion bot holds at this moment (OpenMetadata issues
 * #14720 and #24806). Returns why it failed, if it did; a pipeline that was deployed before then keeps what it had.
 */
export function deploy(server: Server, pipeline: Pipeline): string | undefined {
  const mechanism = userOfBot(server.state, INGESTION_BOT)?.mechanism;
  if (!mechanism) return `Please, verify that the ingestion bot [${INGESTION_BOT}] has an authentication mechanism`;
  if (mechanism.authType === "SSO" && features(server).ssoForBots !== "used") {
    return "Not supported authentication mechanism type: [SSO]";
  }
  if (pipeline.deployFails) return `Failed to deploy ingestion pipeline [${pipeline.name}]: Airflow is unreachable`;
  const now = server.options.clock.now();
  change(pipeline, { deployed: true, pinned: mechanism }, { now, name: "admin" });
  return undefined;
}
