import { codeOf, NotYetError, ProblemError } from "./errors.ts";
import type { ProblemCode, WaitingCode } from "./problems/problems.ts";
import { messageOf } from "./retry.ts";

/** Who sent a request, by the claims of a verified token. */
export interface CallerIds {
  oid?: string | undefined;
  appId?: string | undefined;
}

/** What every line tells. docs/observability.md describes each field; none ever holds a secret or a token. */
interface Line {
  /** One sentence for people. */
  message: string;
  deployment?: string | undefined;
  /** Which one, as in requests and answers: `bot-token`. */
  credential?: string | undefined;
}

interface Ended extends Line {
  code?: ProblemCode | undefined;
  hint?: string | undefined;
}

/** A step of provisioning, consent, hardening or a rotation. */
export interface StepEvent extends Ended {
  event: "step";
  step: string;
  /** `begun` is written at the level Debug only: whoever looks for a run that died reads it. */
  state: "planned" | "begun" | "done" | "skipped" | "waiting" | "failed";
  because: string;
  /** What it is done to: an id, or a name. */
  target: string;
  keyId?: string | undefined;
  version?: string | undefined;
  durationMs?: number | undefined;
}

/** A run has looked at one credential and done what was due; `failed` when it could not find out what is due. */
export interface LookEvent extends Ended {
  event: "look";
  state: "done" | "waiting" | "failed";
  /** The step that comes next if nothing else happens, and when. */
  next?: string | undefined;
  nextOn?: Date | undefined;
}

/** The deployment of one ingestion pipeline. */
export interface PipelineEvent extends Ended {
  event: "pipeline";
  state: "done" | "failed";
  target: string;
}

/** A POST has been let in. */
export interface AskedEvent extends Line {
  event: "asked";
  caller?: CallerIds | undefined;
  because?: string | undefined;
  dryRun?: boolean | undefined;
}

/** A call was answered with 4xx or 5xx. */
export interface RefusedEvent extends Ended {
  event: "refused";
  status: number;
  caller?: CallerIds | undefined;
  /** Where our own code failed. */
  stack?: string | undefined;
}

/** An event of the vault, or a message of the queue, that asks for nothing here. */
export interface IgnoredEvent extends Line {
  event: "ignored";
  /** It cannot be read, or is about something that is not this app's. */
  foreign?: boolean | undefined;
}

/** Whatever else is worth knowing of a run. */
export interface NoteEvent extends Line {
  event: "note";
}

/** What a run could not do beside its work, or found out of order; the work itself goes on. */
export interface TroubleEvent extends Ended {
  event: "trouble";
}

/** One line of the log. infra/queries/lines.kql reads the fields by these names, and alerts rest on them. */
export type LogEvent =
  | StepEvent
  | LookEvent
  | PipelineEvent
  | AskedEvent
  | RefusedEvent
  | IgnoredEvent
  | NoteEvent
  | TroubleEvent;

/** Where the domains tell what they do. */
export type Log = (event: LogEvent) => void;

interface Step {
  kind: string;
  because: string;
  target: string;
}

/** How a step ended that has not failed; `detail` is for people. Skipped is what turned out to need no change. */
export interface Taken {
  state: "done" | "skipped" | "waiting";
  /** What it waits for. */
  code?: WaitingCode;
  detail: string;
  keyId?: string;
  version?: string;
}

/**
 * Takes a step, and tells of its beginning and of its end. `subject` begins each message: `consent`.
 * @throws what the step throws.
 */
export async function takeStep<T>(
  { kind, because, target }: Step,
  { subject, log, tell }: { subject: string; log: Log; tell?: (taken: T) => Taken },
  take: () => Promise<T>,
): Promise<T> {
  const about = { event: "step", step: kind, because, target } as const;
  log({ ...about, state: "begun", message: `${subject}: starting ${kind} ${target} (${because})` });
  try {
    const taken = await take();
    const { state, code, detail, keyId, version } = tell?.(taken) ?? {
      state: "done",
      detail: `${kind} ${target} (${because})`,
    };
    log({ ...about, state, code, keyId, version, message: `${subject}: ${code ? waiting(kind, code) : ""}${detail}` });
    return taken;
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof NotYetError) {
      log({ ...about, state: "waiting", code, message: `${subject}: ${waiting(kind, code)}${error.message}` });
    } else {
      log({
        ...about,
        state: "failed",
        message: `${subject}: ${kind} failed (${code}): ${messageOf(error)}`,
        ...remedyOf(error),
      });
    }
    throw error;
  }
}

/** A step that must wait for a better moment, and has not begun. */
export function stepWaits(
  { kind, because, target }: Step,
  { subject, log }: { subject: string; log: Log },
  { code, detail }: { code: WaitingCode; detail: string },
): void {
  const message = `${subject}: ${waiting(kind, code)}${detail}`;
  log({ event: "step", step: kind, state: "waiting", because, target, code, message });
}

/** A step that a dry run has found to be due. */
export function stepPlanned({ kind, because, target }: Step, { subject, log }: { subject: string; log: Log }): void {
  const message = `${subject}, dry run: ${kind} ${target} (${because})`;
  log({ event: "step", step: kind, state: "planned", because, target, message });
}

export function eventIgnored(because: string, { foreign }: Pick<IgnoredEvent, "foreign"> = {}): IgnoredEvent {
  return { event: "ignored", message: `event ignored: ${because}`, foreign };
}

/** A message of the queue that cannot be read, or is about something that is no more. */
export function messageIgnored(because: string): IgnoredEvent {
  return { event: "ignored", message: `message ignored: ${because}`, foreign: true };
}

/** A failure that does not end the run. */
export function trouble(what: string, error: unknown): TroubleEvent {
  return { event: "trouble", message: `${what}: ${messageOf(error)}`, ...remedyOf(error) };
}

/** What a failure is told by, and what a person does about it. */
export function remedyOf(error: unknown): { code: ProblemCode; hint: string | undefined } {
  return { code: codeOf(error), hint: error instanceof ProblemError ? error.hint : undefined };
}

function waiting(kind: string, code: ProblemCode): string {
  return `${kind} is waiting (${code}): `;
}
