import { DAY, HOUR, MINUTE } from "../limits.ts";
import { type Html, html } from "./html.ts";

const UNITS = [
  [DAY, "day"],
  [HOUR, "hour"],
  [MINUTE, "minute"],
] as const;

/** A moment as people say it, with the date for whoever looks closer: "in 12 days", "3 hours ago". */
export function when(moment: Date, now: Date): Html {
  return html`<time datetime="${moment.toISOString()}" title="${moment.toISOString()}">${distance(moment, now)}</time>`;
}

/** A date with its distance: "12 Mar 2031, in 12 days". */
export function dated(moment: Date, now: Date): Html {
  return html`<time datetime="${moment.toISOString()}" title="${moment.toISOString()}">${dayOf(moment)}<span class="sep">, </span><span class="far">${distance(moment, now)}</span></time>`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** "12 Mar 2031", in UTC. */
export function dayOf(moment: Date): string {
  return `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
}

/** "12 Mar 2031, 14:05 UTC". */
export function minuteOf(moment: Date): string {
  return `${dayOf(moment)}, ${moment.toISOString().slice(11, 16)} UTC`;
}

/** How far a moment is, in its largest unit. */
export function distance(moment: Date, now: Date): string {
  const away = moment.getTime() - now.getTime();
  const far = Math.abs(away);
  const found = UNITS.find(([length]) => far >= 2 * length) ?? UNITS.find(([length]) => far >= length);
  if (!found) return "now";
  const [length, unit] = found;
  const count = Math.round(far / length);
  const amount = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return away > 0 ? `in ${amount}` : `${amount} ago`;
}

const ISO = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of status in which times are written for people. */
export function humane(sentence: string): Html {
  const parts = sentence.split(ISO);
  return html`${parts.map((part) => (ISO.test(part) ? html`<time datetime="${part}">${minuteOf(new Date(part))}</time>` : part))}`;
}
