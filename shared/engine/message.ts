import * as z from "zod";
import { CREDENTIALS, type CredentialKind } from "../deployment/credentials.ts";
import { CLOCK_SKEW } from "../limits.ts";
import { unreadable } from "../problems/unreadable.ts";

/** What a caller asked for beyond the schedule, as far as a message tells it. */
const ask = z.strictObject({ issuedBefore: z.iso.datetime(), revokeOld: z.boolean() });

/** How far the deployment of pipelines has come. */
const progress = z.strictObject({
  of: z.string(),
  from: z.string(),
  upTo: z.string().optional(),
  failed: z.array(z.strictObject({ id: z.string(), times: z.number() })),
  unnamed: z.number().optional(),
  rounds: z.number().optional(),
  atOnce: z.number().optional(),
  as: z.number().optional(),
  noted: z.iso.datetime().optional(),
});

/** A unit of work: look at one credential of one deployment, and do what is due. */
const rotate = z.strictObject({
  version: z.literal(1),
  kind: z.literal("rotate"),
  deployment: z.string(),
  credential: z.enum(CREDENTIALS),
  /** While something must be waited for, messages follow one another until then; afterwards it is the next sweep's. */
  until: z.iso.datetime(),
  /** Since when messages follow one another without any progress: the longer, the seldomer they come. */
  since: z.iso.datetime().optional(),
  ask: ask.optional(),
  progress: progress.optional(),
});

/** Find out whether the timer still runs; `ranOn` is when it had run last as this was sent. */
const watch = z.strictObject({ version: z.literal(1), kind: z.literal("watch"), ranOn: z.iso.datetime() });

const message = z.discriminatedUnion("kind", [rotate, watch]);

/** A message of the queue: a hint where to look. Names and dates, never a secret. */
export type Message = z.output<typeof message>;
export type Unit = z.output<typeof rotate>;

/** What a message may tell beside the name of the credential. */
type More = { until: Date; since?: Date } & Pick<Partial<Unit>, "ask" | "progress">;

/** A message that asks to look at a credential. Takes what a message tells, and nothing else that the values may have. */
export function unitOf(
  { deployment, credential }: { deployment: string; credential: CredentialKind },
  { until, since, ask: asked, progress: made }: More,
): Unit {
  return {
    version: 1,
    kind: "rotate",
    deployment,
    credential,
    until: until.toISOString(),
    ...(since ? { since: since.toISOString() } : {}),
    ...(asked ? { ask: asked } : {}),
    ...(made ? { progress: made } : {}),
  };
}

/** What a message tells of what a caller asked for; not the reason, which may be any text. */
export function askIn(ask: { issuedBefore: Date; revokeOld: boolean } | undefined): Unit["ask"] {
  return ask && { issuedBefore: ask.issuedBefore.toISOString(), revokeOld: ask.revokeOld };
}

/**
 * Reads what the queue hands out. Never throws: what is malformed, or was written by another version of this app, is
 * to be ignored, since another attempt cannot mend it and the next sweep finds the work.
 */
export function readMessage(given: unknown, now: Date): Message | { kind: "ignored"; because: string } {
  const parsed = message.safeParse(given);
  if (!parsed.success) return unreadable(parsed.error, "the message");
  const { data } = parsed;
  // Who has sent it may have a clock that is ahead of ours: then it is put off.
  if (data.kind === "rotate" && data.ask && Date.parse(data.ask.issuedBefore) > now.getTime() + CLOCK_SKEW) {
    return { kind: "ignored", because: "its issuedBefore is in the future" };
  }
  return data;
}
