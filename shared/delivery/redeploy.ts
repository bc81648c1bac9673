import { UpstreamError } from "../errors.ts";
import { DEPLOY_TIME_OUT } from "../limits.ts";
import type { Redeployed } from "../rotation/bot-token/ports.ts";
import type { Ports } from "./ports.ts";

/** So many are deployed with one call, as OpenMetadata's own tool does (open-metadata/OpenMetadata #24508). */
const BATCH = 20;

/**
 * Deploys every pipeline anew that is deployed: it keeps the credential that the bot had at its last deployment
 * (open-metadata/OpenMetadata #24806). Each answer is logged.
 * @throws {UpstreamError} that names those that still hold the old credential.
 */
export async function redeploy(
  { openMetadata, log, now }: Pick<Ports, "openMetadata" | "log" | "now">,
  subject: string,
  endsOn: Date,
): Promise<Redeployed> {
  const pinned = (await openMetadata.pipelines()).filter(({ deployed }) => deployed);
  const failed: string[] = [];
  for (let first = 0; first < pinned.length; first += BATCH) {
    const left = endsOn.getTime() - now().getTime();
    if (left <= 0) {
      const because = `out of time after deploying ${first} of ${pinned.length} pipelines`;
      return { kind: "waiting", code: "out-of-time", because };
    }
    const batch = pinned.slice(first, first + BATCH);
    for (const { pipeline, ok, reason } of await openMetadata.deploy(batch, Math.min(left, DEPLOY_TIME_OUT))) {
      log(ok ? `pipeline "${pipeline}" was deployed` : `pipeline "${pipeline}" was not deployed: ${reason}`);
      if (!ok) failed.push(`"${pipeline}"`);
    }
  }
  if (failed.length === 0) return { kind: "deployed", pipelines: pinned.length };
  throw new UpstreamError(
    `${subject}: ${failed.length} of ${pinned.length} pipelines were not deployed and still use the old credential: ${failed.join(", ")}`,
    { service: "OpenMetadata", status: 502, code: "pipelines-not-deployed" },
  );
}
