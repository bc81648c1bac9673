import type { Answer } from "./send.ts";

/** How an attempt ended, in the words of Event Grid's dead-letter records; `Delivered` is ours. */
export type Outcome =
  | "Delivered"
  | "BadRequest"
  | "Unauthorized"
  | "Forbidden"
  | "NotFound"
  | "PayloadTooLarge"
  | "Busy"
  | "TimedOut"
  | "SocketError"
  | "GenericError";

/** Why Event Grid gave an event up. The names for 403 and 413 are built like the one known for 400 (unverified). */
export type DeadLetterReason =
  | "MaxDeliveryAttemptsExceeded"
  | "TimeToLiveExceeded"
  | "UndeliverableDueToHttpBadRequest"
  | "UndeliverableDueToHttpForbidden"
  | "UndeliverableDueToHttpPayloadTooLarge";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses after the first, second … failure. Microsoft Learn: "Event Grid message delivery and retry". */
const PAUSES = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];

/**
 * The pause after so many failures; the last one repeats. Azure adds some seconds at random, and waits longer for an
 * endpoint that keeps failing: both are left out, so that a run is like another.
 */
export function pauseAfter(failures: number): number {
  return PAUSES[failures - 1] ?? 12 * HOUR;
}

/** What an answer means: 200 to 204 are success, everything else is not. */
export function outcomeOf(answer: Answer): Outcome {
  if (answer.kind === "failed") return answer.outcome;
  if (answer.status >= 200 && answer.status <= 204) return "Delivered";
  switch (answer.status) {
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 408:
      return "TimedOut";
    case 413:
      return "PayloadTooLarge";
    case 503:
      return "Busy";
    default:
      return "GenericError";
  }
}

/** Why an outcome ends all attempts, if it does: 400, 403 and 413 do at an Azure Function; 401 only at other webhooks. */
export function finalReason(outcome: Outcome): DeadLetterReason | undefined {
  switch (outcome) {
    case "BadRequest":
    case "Forbidden":
    case "PayloadTooLarge":
      return `UndeliverableDueToHttp${outcome}`;
    default:
      return undefined;
  }
}
