import { UpstreamError } from "../errors.ts";
import { DEPLOYMENT_TAKES, HOUR, LONGEST_RETRY, MINUTE, SECOND } from "../limits.ts";
import type { Redeployed, Redeployment } from "../rotation/bot-token/ports.ts";
import { known, type Progress } from "../rotation/progress.ts";
import { begun, worklist } from "./deployment-order.ts";
import type { Deployed, Pipeline, Ports } from "./ports.ts";

/** So many are deployed with one call at most, as OpenMetadata's own tool does (open-metadata/OpenMetadata #24508). */
const BATCH = 20;
/** What a call takes beside the deployments in it. */
const CALL_TAKES = 10 * SECOND;

/** A pipeline that cannot be deployed is tried again after these pauses, the last of which then stays: four times a day. */
const TRIES = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, LONGEST_RETRY];

interface Needs extends Pick<Ports, "log" | "now"> {
  openMetadata: Pick<Ports["openMetadata"], "pipelines" | "deploy">;
}

/**
 * Deploys every pipeline anew that is deployed: it keeps the credential that the bot had at its last deployment
 * (open-metadata/OpenMetadata #24806). Servers take 10 to 24 s for each, one after the other, and go on after a caller
 * has hung up (open-metadata/OpenMetadata #32004). So a call gets time by the number of pipelines in it, and as many as
 * fit into the time that is left, by what the last ones took; what was deployed is noted, and not deployed again; one
 * that fails is tried again by later runs, ever more seldom, and does not keep the others waiting. Each answer is logged.
 * @throws {UpstreamError} that names those that still hold the old credential.
 */
export async function redeploy(ports: Needs, subject: string, how: Redeployment): Promise<Redeployed> {
  const { openMetadata, now } = ports;
  const { endsOn, of, as, was, notebook } = how;
  const pinned = (await openMetadata.pipelines()).filter(({ deployed }) => deployed);
  const before = known(notebook, of);
  const progress =
    before && before.as === was ? { ...before, as } : begun(pinned, { ...how, at: turn(pinned, how, now()) });
  const keep = (lookOn: Date): void => {
    if (notebook) notebook.left = { ...progress, lookOn };
  };
  const work = worklist(pinned, progress);
  // Repeated within a run it is still one attempt.
  const counts = notebook?.left?.of !== of;
  const walk = { counts, speed: DEPLOYMENT_TAKES, most: BATCH, done: 0 };
  for (let calls = 0; walk.done < work.length; calls += 1) {
    const time = endsOn.getTime() - now().getTime();
    if (time <= 0 || (calls > 0 && time < walk.speed)) {
      keep(now());
      const done = pinned.length - (work.length - walk.done);
      const because = `out of time after deploying ${done} of ${pinned.length} pipelines`;
      return { kind: "waiting", code: "out-of-time", because, lookOn: now() };
    }
    const size = Math.max(1, Math.min(walk.most, Math.floor(time / Math.max(1, walk.speed))));
    await deployNext(ports, work.slice(walk.done, walk.done + size), { time, walk, progress });
    keep(now());
  }
  const names = new Map(pinned.map(({ id, name }) => [id, name]));
  const failed = progress.failed.filter(({ id }) => names.has(id));
  if (failed.length === 0) return { kind: "deployed", pipelines: pinned.length };
  keep(new Date(now().getTime() + pauseAfter(failed)));
  throw notDeployed(subject, { names: failed.map(({ id }) => names.get(id) ?? id), of: pinned.length });
}

/** Where the first run begins: another place each time, where there are more than it can deploy. */
function turn(pinned: readonly Pipeline[], { endsOn }: Redeployment, now: Date): number {
  const fit = (endsOn.getTime() - now.getTime()) / DEPLOYMENT_TAKES;
  return pinned.length > fit ? Math.floor(now.getTime() / MINUTE) : 0;
}

/** How fast it goes, with how many at once, and how many of the work are done. */
interface Walk {
  speed: number;
  most: number;
  done: number;
  /** Whether a failure is one more attempt. */
  counts: boolean;
}

async function deployNext(
  { openMetadata, log, now }: Needs,
  batch: readonly Pipeline[],
  { time, walk, progress }: { time: number; walk: Walk; progress: Progress },
): Promise<void> {
  const deadline = Math.min(time, CALL_TAKES + batch.length * DEPLOYMENT_TAKES);
  const startedOn = now().getTime();
  const answers = await openMetadata.deploy(batch, deadline).catch((error: unknown) => {
    const hungUp = error instanceof UpstreamError && error.status === 0 && now().getTime() - startedOn >= deadline;
    if (!hungUp) throw error;
    return undefined;
  });
  if (answers === undefined && batch.length > 1) {
    const message = `${batch.length} pipelines were not deployed within ${seconds(deadline)}: trying fewer at once`;
    log({ event: "note", message });
    walk.most = Math.ceil(batch.length / 2);
    return;
  }
  walk.speed = (now().getTime() - startedOn) / Math.max(1, batch.length);
  const heard: Deployed[] = answers ?? [
    { pipeline: batch[0]?.name ?? "", ok: false, reason: `no answer within ${seconds(deadline)}` },
  ];
  walk.done += heard.length;
  for (const [index, answer] of heard.entries())
    note(progress, { id: batch[index]?.id ?? "", counts: walk.counts, ...answer }, log);
}

function note(progress: Progress, answer: Deployed & { id: string; counts: boolean }, log: Needs["log"]): void {
  const { id, pipeline, ok, reason, counts } = answer;
  log({ event: "pipeline", target: pipeline, ...deploymentOf(pipeline, { ok, reason }) });
  const times = progress.failed.find((one) => one.id === id)?.times ?? 0;
  const others = progress.failed.filter((one) => one.id !== id);
  progress.failed = ok ? others : [...others, { id, times: Math.max(1, times + (counts ? 1 : 0)) }];
  // Those that failed before come after all others, and do not take the place back.
  if (times === 0) progress.upTo = id;
}

function deploymentOf(pipeline: string, { ok, reason }: { ok: boolean; reason: string }) {
  if (ok) return { state: "done", message: `pipeline "${pipeline}" was deployed` } as const;
  const message = `pipeline "${pipeline}" was not deployed: ${reason}`;
  return { state: "failed", code: "pipelines-not-deployed", message } as const;
}

/** The least often tried one counts. */
function pauseAfter(failed: Progress["failed"]): number {
  const times = Math.min(...failed.map((one) => one.times));
  return TRIES[Math.min(times, TRIES.length) - 1] ?? 0;
}

function notDeployed(subject: string, { names, of }: { names: readonly string[]; of: number }): UpstreamError {
  const which = names.map((name) => `"${name}"`).join(", ");
  return new UpstreamError(
    `${subject}: ${names.length} of ${of} pipelines were not deployed and still use the old credential: ${which}`,
    { service: "OpenMetadata", status: 502, code: "pipelines-not-deployed" },
  );
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / SECOND)} s`;
}
