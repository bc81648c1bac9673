import { UpstreamError } from "../errors.ts";
import { DEPLOYMENT_TAKES, HOUR, LONGEST_RETRY, MINUTE, SECOND } from "../limits.ts";
import type { Redeployed, Redeployment } from "../rotation/bot-token/ports.ts";
import { known, MOST_FAILED, type Progress } from "../rotation/progress.ts";
import { begun, worklist } from "./deployment-order.ts";
import type { Deployed, Pipeline, Ports } from "./ports.ts";

/** So many are deployed with one call at most, as OpenMetadata's own tool does (open-metadata/OpenMetadata #24508). */
const BATCH = 20;
/** What a call takes beside the deployments in it. */
const CALL_TAKES = 10 * SECOND;

/** A pipeline that cannot be deployed is tried again after these pauses, the last of which then stays: four times a day. */
const TRIES = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, LONGEST_RETRY];

/** A message names no more of them; the log has a line for each. */
const MOST_NAMED = 20;

interface Needs extends Pick<Ports, "log" | "now"> {
  openMetadata: Pick<Ports["openMetadata"], "pipelines" | "deploy">;
}

/**
 * Deploys every pipeline anew that is deployed: it keeps the credential that the bot had at its last deployment
 * (open-metadata/OpenMetadata #24806). Servers take 10 to 24 s for each, one after the other, and go on after a caller
 * has hung up (open-metadata/OpenMetadata #32004). So a call gets time by the number of pipelines in it, and as many as
 * fit into the time that is left, by what the last ones took; fewer, down to one, from then on where a call came to no end.
 * What was deployed is noted, and not deployed again; one that fails is tried again by later runs, ever more seldom, with
 * twice the time, and does not keep the others waiting. Each answer is logged.
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
  const work = worklist(pinned, progress.unnamed ? { ...progress, failed: [] } : progress);
  // Repeated within a run it is still one attempt.
  const counts = notebook?.left?.of !== of;
  const walk = { counts, speed: DEPLOYMENT_TAKES, done: 0 };
  for (let calls = 0; walk.done < work.length; calls += 1) {
    const time = endsOn.getTime() - now().getTime();
    if (time <= 0 || (calls > 0 && time < Math.max(walk.speed, patienceFor(work[walk.done], progress)))) {
      keep(now());
      const because = `out of time after deploying ${deployedOf(pinned, progress, work.slice(walk.done))} of ${pinned.length} pipelines`;
      return { kind: "waiting", code: "out-of-time", because, lookOn: now() };
    }
    const most = progress.atOnce ?? BATCH;
    const size = Math.max(1, Math.min(most, Math.floor(time / Math.max(1, walk.speed))));
    await deployNext(ports, work.slice(walk.done, walk.done + size), { time, walk, progress });
    keep(now());
  }
  const failed = pinned.filter(({ id }) => progress.failed.some((one) => one.id === id));
  const count = failed.length + (progress.unnamed ?? 0);
  if (count === 0) return { kind: "deployed", pipelines: pinned.length };
  if (progress.unnamed) beginAnew(progress);
  keep(new Date(now().getTime() + pauseAfter(progress, failed)));
  throw notDeployed(subject, { failed, count, of: pinned.length });
}

/** Since it is not known which have failed. */
function beginAnew(progress: Progress): void {
  Object.assign(progress, { upTo: undefined, failed: [], unnamed: undefined, rounds: (progress.rounds ?? 0) + 1 });
}

/** How many hold the credential, as far as is known. */
function deployedOf(pinned: readonly Pipeline[], { failed, unnamed = 0 }: Progress, left: readonly Pipeline[]): number {
  const not = new Set([...failed, ...left].map(({ id }) => id));
  return Math.max(0, pinned.filter(({ id }) => !not.has(id)).length - unnamed);
}

/** Where the first run begins: another place each time, where there are more than it can deploy. */
function turn(pinned: readonly Pipeline[], { endsOn }: Redeployment, now: Date): number {
  const fit = (endsOn.getTime() - now.getTime()) / DEPLOYMENT_TAKES;
  return pinned.length > fit ? Math.floor(now.getTime() / MINUTE) : 0;
}

/** One that has failed gets twice the time at each further attempt; no run begins that without having it, except as its first. */
function patienceFor(one: Pipeline | undefined, { failed }: Progress): number {
  const times = failed.find(({ id }) => id === one?.id)?.times;
  return times === undefined ? 0 : DEPLOYMENT_TAKES * 2 ** times;
}

/** How fast it goes, and how many of the work are done. */
interface Walk {
  speed: number;
  done: number;
  /** Whether a failure is one more attempt. */
  counts: boolean;
}

async function deployNext(
  { openMetadata, log, now }: Needs,
  batch: readonly Pipeline[],
  { time, walk, progress }: { time: number; walk: Walk; progress: Progress },
): Promise<void> {
  const patience = batch.reduce((sum, one) => sum + Math.max(DEPLOYMENT_TAKES, patienceFor(one, progress)), CALL_TAKES);
  const deadline = Math.min(time, patience);
  const startedOn = now().getTime();
  const took = (): number => now().getTime() - startedOn;
  const answers = await openMetadata.deploy(batch, deadline).catch((error: unknown) => {
    if (!cameToNoEnd(error) || took() < Math.min(deadline, CALL_TAKES)) throw error;
    return undefined;
  });
  if (answers === undefined && batch.length > 1) {
    const message = `${batch.length} pipelines were not deployed within ${seconds(took())}: trying fewer at once`;
    log({ event: "note", message });
    progress.atOnce = Math.ceil(batch.length / 2);
    return;
  }
  walk.speed = took() / Math.max(1, batch.length);
  const heard: Deployed[] = answers ?? [
    { pipeline: batch[0]?.name ?? "", ok: false, reason: `no answer within ${seconds(took())}` },
  ];
  walk.done += heard.length;
  for (const [index, answer] of heard.entries())
    note(progress, { id: batch[index]?.id ?? "", counts: walk.counts, ...answer }, log);
}

/** Nobody answered in time, or what stands before the server did not wait so long. */
function cameToNoEnd(error: unknown): boolean {
  return error instanceof UpstreamError && [0, 408, 502, 504].includes(error.status);
}

function note(progress: Progress, answer: Deployed & { id: string; counts: boolean }, log: Needs["log"]): void {
  const { id, pipeline, ok, reason, counts } = answer;
  log({ event: "pipeline", target: pipeline, ...deploymentOf(pipeline, { ok, reason }) });
  const times = progress.failed.find((one) => one.id === id)?.times ?? 0;
  const others = progress.failed.filter((one) => one.id !== id);
  if (ok) progress.failed = others;
  else if (others.length >= MOST_FAILED) progress.unnamed = (progress.unnamed ?? 0) + 1;
  else progress.failed = [...others, { id, times: Math.max(1, times + (counts ? 1 : 0)) }];
  // Those that failed before come after all others, and do not take the place back.
  if (times === 0) progress.upTo = id;
}

function deploymentOf(pipeline: string, { ok, reason }: { ok: boolean; reason: string }) {
  if (ok) return { state: "done", message: `pipeline "${pipeline}" was deployed` } as const;
  const message = `pipeline "${pipeline}" was not deployed: ${reason}`;
  return { state: "failed", code: "pipelines-not-deployed", message } as const;
}

/** Of several the least often tried one counts. */
function pauseAfter({ failed, rounds = 0 }: Progress, still: readonly Pipeline[]): number {
  const tries = failed.filter(({ id }) => still.some((one) => one.id === id)).map(({ times }) => times);
  const times = tries.length > 0 ? Math.min(...tries) : rounds;
  return TRIES[Math.min(times, TRIES.length) - 1] ?? 0;
}

function notDeployed(
  subject: string,
  { failed, count, of }: { failed: readonly Pipeline[]; count: number; of: number },
): UpstreamError {
  const named = failed.slice(0, MOST_NAMED);
  const which = named.map(({ name }) => `"${name}"`).join(", ");
  const more = count > named.length ? `, and ${count - named.length} more` : "";
  return new UpstreamError(
    `${subject}: ${count} of ${of} pipelines were not deployed and still use the old credential: ${which}${more}`,
    { service: "OpenMetadata", status: 502, code: "pipelines-not-deployed" },
  );
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / SECOND)} s`;
}
