import { StalledError } from "../../errors.ts";
import { eventIgnored, takeStep } from "../../log.ts";
import { leaveDelivery } from "../leave-delivery.ts";
import type { Applied } from "../outcome.ts";
import { isAhead, leftTo, type Notebook } from "../progress.ts";
import type { Version } from "../secret-store.ts";
import type { Taken } from "./kept.ts";
import type { Ports } from "./ports.ts";

/** More changes of the current secret during one push would mean that something promotes without end. */
const MOST_PUSHES = 3;

interface Push {
  appId: string;
  endsOn: Date;
  /** What is current, where that has just been read. */
  seen?: Version;
  confirms?: string;
  urgent?: boolean;
  notebook?: Notebook | undefined;
}

/**
 * Pushes what is current, whatever was asked for, and reads the vault again afterwards: of two overlapping pushes the
 * later secret must win, so a change meanwhile means another push. `confirms` names the version whose earlier delivery
 * this push repeats; another one is delivered, not confirmed.
 */
export async function pushCurrent(
  { name, current, consumer, now }: Ports,
  { appId, endsOn, seen, confirms, urgent = false, notebook }: Push,
): Promise<Taken> {
  let secret = seen ?? (await current.latest());
  for (let pushes = 0; secret?.enabled && secret.keyId && pushes < MOST_PUSHES; pushes += 1) {
    const handedOn = secret;
    const { version, keyId, createdOn: storedOn } = secret;
    const value = await current.value(version);
    const again = confirms === version;
    const handed = { appId, value, version, storedOn, again, urgent, endsOn, notebook };
    const pushed = await consumer.push(handed).catch(async (error: unknown) => {
      await leaveDelivery(current, handedOn, { left: leftTo(notebook, error), notebook, now: now() });
      throw error;
    });
    if (pushed.kind === "waiting") {
      const { code, because: detail, until, lookOn, readUntil } = pushed;
      const isTold = readUntil === undefined || secret.readUntil?.getTime() === readUntil.getTime();
      const left = leftTo(notebook);
      await leaveDelivery(current, secret, { left: isTold ? left : { ...left, readUntil }, notebook, now: now() });
      return { state: "waiting", code, detail, ...(until ? { until } : {}), ...(lookOn ? { lookOn } : {}) };
    }
    if (notebook) notebook.left = undefined;
    const latest = await current.latest();
    if (latest?.version === version) {
      const confirmed = confirms === version && latest.deliveredOn !== undefined;
      const noted = await current.note(latest, {
        ...(confirmed ? { confirmedOn: now() } : { deliveredOn: now() }),
        pushOn: undefined,
        pushFailed: undefined,
        readUntil: pushed.readUntil,
      });
      const detail = `${confirmed ? "confirmed" : "pushed"} keyId=${keyId}: ${pushed.detail}`;
      const delivery = pushed.readUntil ? "assumed" : "verified";
      return { state: "done", detail, delivery, keyId, version, wrote: { current: noted } };
    }
    secret = latest;
  }
  if (!secret?.enabled || !secret.keyId) {
    // Somebody stored, disabled or deleted it by hand: nobody has proven it, and the next run replaces it.
    const detail = `"${name}" has no enabled secret from this app; the next run replaces it`;
    return { state: "waiting", code: "current-secret-missing", detail };
  }
  throw new StalledError(
    "current-secret-unstable",
    `Cannot push "${name}": something stored a new version during each push`,
    {
      hint: `Find out what else writes the secret:\naz keyvault secret list-versions --vault-name ${current.vault} --name ${name}`,
    },
  );
}

/**
 * What the event handler does: the current secret, if it is one of ours that nobody has delivered yet, is pushed.
 * Which version the event named does not matter, so that late, double or reordered events do nothing: undefined. Entra is
 * asked whose secret it is only where nobody in this process has found out: that of another registration is refused.
 */
export async function deliverCurrent(ports: Ports, endsOn: Date, notebook?: Notebook): Promise<Applied | undefined> {
  const { name, current, clientId, log } = ports;
  const latest = await current.latest();
  if (!latest?.enabled || !latest.keyId) return void log(eventIgnored(`"${name}" has no secret to push`));
  if (latest.deliveredOn) return void log(eventIgnored(`"${name}" is already delivered`));
  if (isAhead(latest.pushOn, ports.now())) return void log(eventIgnored(`the queue is pushing "${name}"`));
  const push = async (): Promise<Applied> => {
    const appId = await clientId.find();
    if (appId === undefined) {
      const detail = `Entra does not show the registration of "${name}" yet`;
      return { state: "waiting", code: "replication-pending", detail };
    }
    return pushCurrent(ports, { appId, endsOn, seen: latest, notebook }).catch((error: unknown) => {
      clientId.forget();
      throw error;
    });
  };
  const step = { kind: "push", because: "not delivered", target: latest.keyId };
  return takeStep(step, { subject: `push of "${name}"`, log, tell: (applied) => applied }, push);
}

/**
 * Has the next run push again what is current, and confirm it again: the consumer has become somebody else. Nothing is
 * written where nothing was delivered.
 */
export async function takeBackDelivery(
  current: Ports["current"],
  { name, log }: Pick<Ports, "name" | "log">,
): Promise<void> {
  const latest = await current.latest();
  if (!latest?.keyId || !latest.deliveredOn) return;
  await current.note(latest, {
    deliveredOn: undefined,
    confirmedOn: undefined,
    pushOn: undefined,
    pushFailed: undefined,
    readUntil: undefined,
  });
  log({ event: "note", message: `the service principal is new, so the next run pushes "${name}" again` });
}
