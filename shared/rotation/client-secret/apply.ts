import { StalledError } from "../../errors.ts";
import { PROOF_TRY } from "../../limits.ts";
import { askedBy } from "../asked.ts";
import { deletedSecretHint } from "../deleted-secret.ts";
import { untilUp } from "../not-up.ts";
import type { Ask, Policy } from "../order.ts";
import type { Notebook } from "../progress.ts";
import type { Kept, Version } from "../secret-store.ts";
import { checkCurrent } from "./check.ts";
import type { Taken } from "./kept.ts";
import type { Sight } from "./observe.ts";
import type { Ports } from "./ports.ts";
import { prove } from "./prove.ts";
import { pushCurrent } from "./push.ts";
import type { Step } from "./step.ts";
import { withinTenantPolicy } from "./tenant-policy.ts";

/** What a step is applied with, and until when. */
export interface Means {
  ports: Ports;
  policy: Policy;
  endsOn: Date;
  ask?: Ask | undefined;
  briefly?: boolean | undefined;
  notebook?: Notebook | undefined;
  called?: boolean | undefined;
}

/** The only writes of a rotation: one step, as planned for what was seen. Decides nothing. */
export async function apply(
  step: Step,
  sight: Sight,
  { ports, policy, endsOn, ask, briefly, notebook, called }: Means,
): Promise<Taken> {
  const { appId, objectId } = sight.holder;
  switch (step.kind) {
    case "issue":
      return issue(step, sight, { ports, policy, ask });
    case "prove": {
      const staged = known(sight.staged);
      const value = await ports.staged.value(staged.version);
      const proof = await prove(ports, { appId, value, endsOn: briefly ? soon(ports.now(), endsOn) : endsOn });
      if (proof.kind === "waiting") return { state: "waiting", code: "proof-pending", detail: proof.because };
      const noted = await ports.staged.note(staged, { provenOn: ports.now() });
      const detail = `proven keyId=${step.target} after ${proof.refusals} refused sign-ins`;
      return { ...done(detail, { keyId: step.target }), wrote: { staged: noted } };
    }
    case "promote":
      return promote(known(sight.staged), sight, ports);
    case "push":
    case "confirm": {
      const pushed = pushCurrent(ports, {
        appId,
        endsOn,
        urgent: ask?.revokeOld === true,
        notebook,
        ...(step.kind === "confirm" ? { confirms: step.version } : {}),
      });
      return called && isFirst(sight) ? untilUp(ports.name, pushed) : pushed;
    }
    case "check":
      return checkCurrent(ports, { appId, current: known(sight.current), issued: sight.issued, endsOn });
    case "retire":
      await ports.credentials.retire(objectId, step.target);
      return done(`retired keyId=${step.target}`, { keyId: step.target });
    default:
      return step satisfies never;
  }
}

/** Nobody has had one before: what a delivered one replaces stays in Entra until it is delivered. */
function isFirst({ current, holder }: Sight): boolean {
  return current?.deliveredOn === undefined && holder.managed.length <= 1;
}

/** A secret that is not known everywhere by then is left to a later run. */
function soon(now: Date, endsOn: Date): Date {
  return new Date(Math.min(endsOn.getTime(), now.getTime() + PROOF_TRY));
}

/**
 * Finds out first what would make the value useless: a policy, a deleted name in the vault, a vault that cannot be
 * written. Then announces the credential, has Entra make it, and stores its value at once. The value exists in memory only between
 * two requests; should it be lost there, the credential is inert, and its announced nonce tells whose it was.
 */
async function issue(
  step: Step & { kind: "issue" },
  sight: Sight,
  { ports, policy, ask }: Pick<Means, "ports" | "policy" | "ask">,
): Promise<Taken> {
  const { objectId, createdOn } = sight.holder;
  const limits = await ports.credentials.limits(objectId, createdOn);
  const allowed = withinTenantPolicy(step.expiresOn, limits, { policy, now: ports.now() });
  if (allowed.kind === "refused") {
    throw new StalledError(
      "tenant-policy-conflict",
      `Cannot issue the next secret for "${ports.name}": ${allowed.because}`,
      { hint: allowed.hint },
    );
  }
  const { expiresOn } = allowed;
  if (!sight.current && (await ports.current.isDeleted())) {
    throw new StalledError(
      "vault-secret-deleted",
      `Cannot issue the next secret for "${ports.name}": the vault still holds a deleted secret of that name`,
      {
        hint: deletedSecretHint(ports.current.vault, ports.name),
      },
    );
  }
  const issuedOn = ports.now();
  // The name of the credential in Entra tells when it was announced by our own clock: Entra's may differ.
  const nonce = `${issuedOn.toISOString()} ${ports.nonce()}`;
  await ports.staged.announce(nonce, { on: issuedOn, expiresOn });
  const { keyId, value } = await ports.credentials.issue(objectId, nonce, expiresOn);
  const asked = ask && askedBy(ask);
  const stored = await ports.staged.store(value, { keyId, nonce, issuedOn, expiresOn, asked });
  const detail = `issued and staged keyId=${keyId}, expires ${expiresOn.toISOString()}`;
  return { ...done(detail, { keyId }), wrote: { staged: stored }, made: { keyId, issuedOn, expiresOn } };
}

/**
 * Signs in once more first: since the proof, somebody may have removed the credential. Then notes on the staged version
 * that it is the one to be current, and reads the vault again at the last moment: a run that was slow until here must
 * not put an older secret in the place of a newer one. Key Vault stores without any precondition, so one that is slower
 * still does so nevertheless; by the note the next run sees which of the two it must be.
 */
async function promote(staged: Version & { keyId: string }, sight: Sight, ports: Ports): Promise<Taken> {
  const value = await ports.staged.value(staged.version);
  const { kind } = await ports.signIn(sight.holder.appId, value);
  if (kind !== "signed-in") {
    await ports.staged.note(staged, { provenOn: undefined });
    return {
      state: "waiting",
      code: "proof-pending",
      detail: `the staged secret no longer signs in (${kind}) and must be proven again`,
    };
  }
  const noted = await ports.staged.note(staged, { promotedOn: ports.now() });
  const [latest, next] = await Promise.all([ports.current.latest(), ports.staged.latest()]);
  if (latest?.version !== sight.current?.version) {
    return {
      state: "waiting",
      code: "changed-meanwhile",
      detail: "another run changed the current secret in the meantime",
    };
  }
  if (next?.version !== staged.version) {
    return {
      state: "waiting",
      code: "changed-meanwhile",
      detail: "another run staged a different secret in the meantime",
    };
  }
  const stored = await ports.current.store(value, kept(staged));
  const { version } = stored;
  const detail = `promoted keyId=${staged.keyId} version=${version}`;
  return { ...done(detail, { keyId: staged.keyId, version }), wrote: { current: stored, staged: noted } };
}

function kept({ keyId, nonce, issuedOn, createdOn, expiresOn, provenOn, asked }: Version & { keyId: string }): Kept {
  return {
    keyId,
    nonce: nonce ?? "",
    issuedOn: issuedOn ?? createdOn,
    expiresOn: expiresOn ?? createdOn,
    provenOn,
    asked,
  };
}

function known(version: Version | undefined): Version & { keyId: string } {
  if (!version?.keyId) throw new Error("A step about a stored secret was planned without one");
  return { ...version, keyId: version.keyId };
}

function done(detail: string, ids: { keyId: string; version?: string }): Taken & { state: "done" } {
  return { state: "done", detail, ...ids };
}
