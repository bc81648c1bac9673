import { credentialsOf } from "../deployment/credentials.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Leaving } from "../engine/leave.ts";
import type { Message } from "../engine/message.ts";
import type { WorkQueue } from "../engine/ports.ts";
import { QUEUES, WORK_QUEUE } from "../engine/queues.ts";
import { type Named, sweep } from "../engine/sweep.ts";
import { silenceOf, silentTimer } from "../engine/timer-watch.ts";
import { HOUR } from "../limits.ts";
import { type Log, trouble } from "../log.ts";
import type { Queues } from "../status/engine.ts";
import { clock } from "./clock.ts";
import { openQueue } from "./connections.ts";
import { memoized } from "./memoize.ts";
import { storageSettings } from "./settings.ts";

/** The queue of the work, opened when it is first used. */
export const queue: () => WorkQueue = memoized(() => openQueue(storageSettings(), WORK_QUEUE));

/** All that messages are taken from. */
export const queues: () => Queues = memoized(() => {
  const all = QUEUES.map((name) => [name, name === WORK_QUEUE ? queue() : openQueue(storageSettings(), name)] as const);
  return { work: queue(), all: Object.fromEntries(all) };
});

/** With what a run leaves work to the queue. */
export function leaving(log: Log, now: Date): Leaving {
  return { queue: queue(), now, random: clock.random, log };
}

/** Every credential of every deployment. */
export function everyCredential(deployments: readonly Deployment[]): Named[] {
  return deployments.flatMap((one) => credentialsOf(one).map((credential) => ({ deployment: one.name, credential })));
}

/** Where the timer is silent, sends what it would have sent, and says so. @throws {UpstreamError} */
export async function sweepInstead(
  deployments: readonly Deployment[],
  log: Log,
  watch?: Extract<Message, { kind: "watch" }>,
): Promise<void> {
  const silent = await silentTimer(queue(), { now: clock.now(), random: clock.random }, watch);
  if (!silent) return;
  log({ event: "trouble", message: silenceOf(silent, { replaced: true }) });
  await sweep(queue(), everyCredential(deployments), { now: clock.now(), period: HOUR, random: clock.random });
}

/** The same for whom it is no duty: what the storage account refuses is only told. */
export async function lookAfterTimer(deployments: readonly Deployment[], log: Log) {
  try {
    await sweepInstead(deployments, log);
  } catch (error) {
    log(trouble("cannot find out whether the timer runs", error));
  }
}
