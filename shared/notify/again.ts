import { DAY, HOUR, MINUTE } from "../limits.ts";
import type { Notice } from "./notice.ts";

/** So long a receiver may be down before a person has to look. */
const PATIENCE = 3 * DAY;
const SOONEST = 5 * MINUTE;
const LATEST = 6 * HOUR;

/**
 * Milliseconds until a notice is sent again whose receiver does not answer: a quarter of the time that it has waited, so
 * that it comes soon after the receiver is back. undefined when it has waited too long. Pure.
 */
export function againIn({ on }: Pick<Notice, "on">, now: Date): number | undefined {
  const waited = now.getTime() - Date.parse(on);
  return waited < PATIENCE ? Math.min(Math.max(waited / 4, SOONEST), LATEST) : undefined;
}
