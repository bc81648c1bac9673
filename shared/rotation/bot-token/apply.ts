import { storeTokenCommand } from "../../deployment/stored-token.ts";
import { StalledError } from "../../errors.ts";
import { DAY, SECOND, TOKEN_NEEDS } from "../../limits.ts";
import { askedBy } from "../asked.ts";
import { deletedSecretHint } from "../deleted-secret.ts";
import { leaveDelivery } from "../leave-delivery.ts";
import type { Policy } from "../order.ts";
import type { Applied } from "../outcome.ts";
import { leftTo, type Notebook } from "../progress.ts";
import { deliver } from "./deliver.ts";
import { generate, revoke } from "./generate.ts";
import type { Sight } from "./observe.ts";
import type { Run } from "./observed.ts";
import type { Ports, ShownToken } from "./ports.ts";
import type { Step } from "./step.ts";

export interface Means {
  ports: Ports;
  policy: Policy;
  endsOn: Date;
  run: Run;
  briefly?: boolean | undefined;
  notebook?: Notebook | undefined;
}

/** The only writes of a token's rotation: one step, as planned for what was seen. Decides nothing. */
export async function apply(step: Step, sight: Sight, means: Means): Promise<Applied> {
  const { ports, endsOn, policy, run } = means;
  switch (step.kind) {
    case "issue":
      return issue(step, sight, { ports, endsOn, policy });
    case "promote":
      return promote(sight, { ports, policy, run });
    case "push":
    case "confirm":
      return push(step, sight, means);
    default:
      return step satisfies never;
  }
}

/**
 * Everything that can fail is tried before the old token ends: whether the server takes us for an administrator other
 * than the bot itself, whether the vault can be written.
 */
async function issue(
  step: Step & { kind: "issue" },
  { held, current }: Sight,
  { ports, endsOn, policy }: Omit<Means, "run">,
): Promise<Applied> {
  const subject = `Cannot issue a token for bot "${ports.botName}"`;
  const left = endsOn.getTime() - ports.now().getTime();
  // One that holds none is served no worse by a new one.
  if (left < TOKEN_NEEDS && held.keyId !== undefined) {
    const detail = `not enough time: ${Math.round(left / SECOND)} s left, but the pipelines must be redeployed after a new token, which needs ${TOKEN_NEEDS / SECOND} s`;
    return { state: "waiting", code: "out-of-time", detail, lookOn: ports.now() };
  }
  await ports.admitted(subject);
  if ((await ports.whoAmI()).id === held.userId) {
    throw new StalledError(
      "app-signs-in-as-bot",
      `${subject}: the app itself signs in to OpenMetadata as this bot, so it would lock itself out`,
      { hint: anotherOwnToken(ports) },
    );
  }
  if (!current && (await ports.current.isDeleted())) {
    throw new StalledError(
      "vault-secret-deleted",
      `${subject}: the vault still holds a deleted secret "${ports.name}"`,
      {
        hint: deletedSecretHint(ports.current.vault, ports.name),
      },
    );
  }
  await ports.staged.announce(ports.nonce(), { on: ports.now(), expiresOn: endOf(policy, ports.now()) });
  // Past the cache, in which a leaked token would live on for two minutes.
  if (step.because === "compromised") await revoke(ports, held.userId);
  const issued = await generate(ports, { subject, before: held, lifetime: step.lifetime, endsOn });
  const expiry = issued.expiresOn ? `expires ${issued.expiresOn.toISOString()}` : "no expiry";
  return done(`issued keyId=${issued.keyId}, ${expiry}`, { keyId: issued.keyId });
}

/** Reads the token anew: it may have been replaced since it was seen, and what is stored must be what is held. */
async function promote({ held }: Sight, { ports, policy, run }: Omit<Means, "endsOn">): Promise<Applied> {
  const shown = await ports.tokens.held(held.userId);
  if (!isHeld(shown))
    return { state: "waiting", code: "changed-meanwhile", detail: "somebody revoked the bot's token in the meantime" };
  const { version } = await ports.current.store(shown.token, {
    keyId: shown.keyId,
    nonce: "",
    userId: shown.userId,
    issuedOn: run.issuedOn ?? shown.issuedOn ?? ports.now(),
    // A vault may refuse what has no end. One that never ends is not due because of that: only the server's own counts.
    expiresOn: shown.expiresOn ?? endOf(policy, ports.now()),
    asked: run.ask && run.issuedOn && askedBy(run.ask),
  });
  return done(`promoted keyId=${shown.keyId} version=${version}`, { keyId: shown.keyId, version });
}

/** Delivered is what the server still holds when the pipelines are deployed and the token was taken for the bot. */
async function push(
  step: Step & { kind: "push" | "confirm" },
  { held, current }: Sight,
  { ports, endsOn, briefly, notebook }: Means,
): Promise<Applied> {
  const shown = await ports.tokens.held(held.userId);
  if (!isHeld(shown) || shown.keyId !== step.target) {
    return { state: "waiting", code: "changed-meanwhile", detail: "the token changed in the meantime" };
  }
  const { token, userId } = shown;
  const of = deliveryOf(step);
  const leave = async (left: ReturnType<typeof leftTo>): Promise<void> => {
    if (current) await leaveDelivery(ports.current, current, { left, notebook, now: ports.now() });
  };
  const delivered = await deliver(ports, { token, userId, endsOn, briefly, of, notebook }).catch(async (error) => {
    await leave(leftTo(notebook, error));
    throw error;
  });
  if (delivered.kind === "waiting") {
    await leave(leftTo(notebook));
    const { code, because: detail, lookOn } = delivered;
    return { state: "waiting", code, detail, ...(lookOn ? { lookOn } : {}) };
  }
  if (notebook) notebook.left = undefined;
  const after = await ports.tokens.held(held.userId);
  const latest = await ports.current.latest();
  if (after?.keyId !== step.target || latest?.version !== step.version) {
    return { state: "waiting", code: "changed-meanwhile", detail: "the token changed during delivery" };
  }
  const milestone = step.kind === "confirm" ? { confirmedOn: ports.now() } : { deliveredOn: ports.now() };
  await ports.current.note(latest, { ...milestone, pushOn: undefined, pushFailed: undefined });
  const { version, target: keyId } = step;
  const detail = `${step.kind === "confirm" ? "confirmed" : "pushed"} keyId=${keyId}: ${delivered.detail}`;
  return { state: "done", detail, delivery: "verified", keyId, version };
}

/** A confirmation repeats what was delivered, so that what was done for the delivery does not count for it. */
export function deliveryOf({ kind, version }: { kind: string; version: string }): string {
  return kind === "confirm" ? `${version} again` : version;
}

function endOf({ lifetimeDays }: Policy, now: Date): Date {
  return new Date(now.getTime() + lifetimeDays * DAY);
}

function isHeld(shown: ShownToken | undefined): shown is ShownToken & { keyId: string; token: string } {
  return shown?.keyId !== undefined && shown.token !== undefined;
}

function done(detail: string, ids: { keyId: string; version?: string }): Applied {
  return { state: "done", detail, ...ids };
}

function anotherOwnToken({ ownTokenSecret: secret, current: { vault } }: Ports): string {
  const instead = "Store the token of another administrator's bot in the vault secret";
  if (secret === undefined) return `${instead} that OPENMETADATA_TOKEN_SECRET names`;
  return `${instead} "${secret}"; this asks for it:\n${storeTokenCommand({ vault, secret })}`;
}
