import * as z from "zod";
import type { Deployed, OpenMetadata, Pipeline } from "../../delivery/ports.ts";
import { DAY } from "../../limits.ts";
import { flag, type OpenMetadataCalls, text } from "./calls.ts";
import { messageIn } from "./words.ts";

const PATH = "/v1/services/ingestionPipelines";
const pipeline = z.object({ id: z.string(), name: z.string(), deployed: flag });
const execution = z.object({ pipelineState: text, startDate: z.number().nullish(), timestamp: z.number().nullish() });
const executed = z.object({
  name: z.string(),
  deployed: flag,
  // The last execution, or a list of them: releases differ.
  pipelineStatuses: z.union([execution, z.array(execution)]).nullish(),
});
const deployAnswer = z.object({ code: z.number(), reason: text });
/** The answer for one pipeline: the same, or up to 1.1 the pipeline itself. */
const oneAnswer = deployAnswer.partial().extend({ deployed: z.boolean().optional() });

/** What a server says, with success, whose pipeline service is switched off: nothing was deployed. */
const RUNNER_DISABLED = "Pipeline Client Disabled";
const LOST_AFTER = DAY;

interface Pipelines extends Pick<OpenMetadata, "pipelines" | "deploy"> {
  /** Names of the pipelines whose last execution is queued or running, and how many are deployed; an execution of over a day ago is taken for lost. */
  running(now: Date): Promise<{ running: string[]; deployed: number }>;
}

/** The ingestion pipelines that a server deploys and runs. */
export function pipelines(calls: OpenMetadataCalls): Pipelines {
  return {
    pipelines: () => calls.list("list the ingestion pipelines", `${PATH}?limit=100`, pipeline),
    async deploy(wanted, timeoutMilliseconds) {
      if (wanted.length === 0) return [];
      return (
        (await deployTogether(calls, wanted, timeoutMilliseconds)) ?? deployEach(calls, wanted, timeoutMilliseconds)
      );
    },
    async running(now) {
      const found = await calls.list(
        "list the running pipelines",
        `${PATH}?fields=pipelineStatuses&limit=100`,
        executed,
      );
      const deployed = found.filter((one) => one.deployed);
      const running = deployed.filter(({ pipelineStatuses }) => {
        const executions = pipelineStatuses ? [pipelineStatuses].flat() : [];
        return executions.some((one) => isRunning(one, now));
      });
      return { running: running.map(({ name }) => name), deployed: deployed.length };
    },
  };
}

const DEPLOYING = "deploy the ingestion pipelines";

/** With one call; undefined where the release has none for that. */
async function deployTogether(
  { send, read, quote }: OpenMetadataCalls,
  wanted: readonly Pipeline[],
  timeoutMilliseconds: number,
): Promise<Deployed[] | undefined> {
  const body = wanted.map(({ id }) => id);
  const answer = await send(DEPLOYING, `${PATH}/bulk/deploy`, { method: "POST", body, timeoutMilliseconds });
  if (answer.status === 404 || answer.status === 405) return undefined;
  const answers = read(DEPLOYING, answer, z.array(deployAnswer));
  return wanted.map(({ name }, index) => {
    const { code, reason } = answers[index] ?? { code: 0, reason: "OpenMetadata returned no result for it" };
    const ok = code === 200 && reason !== RUNNER_DISABLED;
    return { pipeline: name, ok, reason: quote(reason ?? "") };
  });
}

async function deployEach(
  { send, quote }: OpenMetadataCalls,
  wanted: readonly Pipeline[],
  timeoutMilliseconds: number,
): Promise<Deployed[]> {
  const answers: Deployed[] = [];
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  for (const { id, name } of wanted) {
    const options = { method: "POST", timeoutMilliseconds, signal };
    const answer = await send(DEPLOYING, `${PATH}/deploy/${id}`, options).catch((error: unknown) => {
      if (answers.length === 0) throw error;
      return undefined;
    });
    // The rest comes with the next call, or its failure does.
    if (!answer) break;
    const { status, json } = answer;
    const { code = status, reason, deployed = true } = oneAnswer.safeParse(json).data ?? {};
    const ok = status === 200 && code === 200 && reason !== RUNNER_DISABLED && deployed;
    answers.push({ pipeline: name, ok, reason: quote(reason ?? messageIn(json) ?? "") });
  }
  return answers;
}

function isRunning({ pipelineState, startDate, timestamp }: z.output<typeof execution>, now: Date): boolean {
  if (pipelineState !== "running" && pipelineState !== "queued") return false;
  const began = startDate ?? timestamp;
  return !began || now.getTime() - began < LOST_AFTER;
}
