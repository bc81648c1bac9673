import { eventIn, PAST } from "./event-in.ts";

/** A step of a rotation that the app says it has taken. */
export interface Step {
  /** The credential, without the deployment's name: `bot-token`. */
  credential: string;
  /** The first digits of its id. */
  keyId: string;
  /** `issued`, `promoted`, … */
  past: string;
  /** What made the function run: `timer`, `call`, … */
  cause: string;
  /** How the app knows that it worked, if it says so. */
  detail: string | undefined;
}

const CAUSES: Record<string, string> = {
  "rotate-client-secret": "call",
  "rotate-credential": "queue",
  "rotate-on-schedule": "timer",
  "rotate-on-near-expiry": "near-expiry event",
  "push-client-secret": "new-version event",
};

/** The step of a rotation that a line of the app's log tells; `undefined` for every other line. */
export function stepIn(line: { message: string }): Step | undefined {
  const { event, step, state, keyId, credential, functionName, message } = eventIn(line) ?? {};
  const past = PAST[step ?? ""];
  if (event !== "step" || state !== "done" || !past || !keyId) return undefined;
  const [, detail] = /\bkeyId=[^ :]+: (.*)$/.exec(message ?? "") ?? [];
  const cause = CAUSES[functionName ?? ""] ?? functionName ?? "";
  return { credential: credential ?? "", keyId: keyId.slice(0, 8), past, cause, detail };
}

/**
 * Steps of one moment in the story as lines, one for each credential: `6bf4bfd0 promoted (near-expiry event), pushed,
 * confirmed (timer): ` and how the app knows.
 */
export function linesOf(steps: Step[]): { credential: string; text: string }[] {
  return [...Map.groupBy(steps, ({ credential, keyId }) => `${credential} ${keyId}`).values()].map((taken) => {
    const [{ credential, keyId }] = taken as [Step];
    const told = taken.map(({ past, cause }, place) =>
      cause === taken[place + 1]?.cause ? past : `${past} (${cause})`,
    );
    const detail = taken.findLast((step) => step.detail)?.detail;
    return { credential, text: `${keyId} ${told.join(", ")}${detail ? `: ${shortened(detail)}` : ""}` };
  });
}

/** Without asides, and with ids by their first digits. */
function shortened(detail: string): string {
  return detail.replace(/ \([^)]*\)/g, "").replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}\b/g, "$1");
}
