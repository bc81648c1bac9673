import type { BotTokenFacts, ClientSecretFacts } from "../status/credential.ts";
import { type Html, html } from "./html.ts";
import { dayOf, distance } from "./time.ts";

/** One credential as a span of time. */
export interface Bar {
  kind: "previous" | "current" | "next";
  from: Date;
  to: Date;
  /** When it is, or was, retired: drawn lighter from then on. */
  retireOn?: Date | undefined;
}

/** Everything that is drawn of one credential's life. */
export interface Life {
  bars: Bar[];
  /** When the next one takes its place. */
  dueOn: Date | undefined;
  now: Date;
}

/** What a client secret's life looks like: its predecessors, itself, its successor. Pure. */
export function lifeOfSecret({ current, staged, inEntra, plan }: ClientSecretFacts, now: Date): Life | undefined {
  const known = new Set([current?.keyId, staged?.keyId]);
  const previous = inEntra.managed
    .filter(({ keyId }) => !known.has(keyId))
    .map(
      ({ issuedOn, expiresOn }): Bar => ({ kind: "previous", from: issuedOn, to: expiresOn, retireOn: plan?.retireOn }),
    );
  const bars = [...previous, ...barOf("current", current), ...barOf("next", staged)];
  return bars.length > 0 ? { bars, dueOn: plan?.dueOn, now } : undefined;
}

/** Of a bot's token there is one at a time. Pure. */
export function lifeOfToken({ current, inOpenMetadata: held, plan }: BotTokenFacts, now: Date): Life | undefined {
  if (typeof held === "string" || !(held.expiresOn instanceof Date)) return undefined;
  const bars = barOf("current", { issuedOn: held.issuedOn ?? current?.issuedOn, expiresOn: held.expiresOn });
  return bars.length > 0 ? { bars, dueOn: plan?.dueOn, now } : undefined;
}

interface Span {
  issuedOn?: Date | undefined;
  storedOn?: Date;
  expiresOn?: Date | undefined;
}

function barOf(kind: Bar["kind"], span: Span | undefined): Bar[] {
  const from = span?.issuedOn ?? span?.storedOn;
  return from && span?.expiresOn ? [{ kind, from, to: span.expiresOn }] : [];
}

const LANE = 20;
const TOP = 40;

/**
 * The life as a drawing as wide as its place: positions across are in percent, so that words keep their size on a phone.
 * It is told in words too: `told` describes it to whoever cannot see it.
 */
export function timeline(life: Life, told: string): Html {
  const { bars, dueOn, now } = life;
  const first = Math.min(...bars.map(({ from }) => from.getTime()), now.getTime());
  const last = Math.max(...bars.map(({ to }) => to.getTime()), now.getTime());
  const x = (moment: Date): number => round(1 + (98 * (moment.getTime() - first)) / Math.max(1, last - first));
  const bottom = TOP + bars.length * LANE;
  const current = bars.find(({ kind }) => kind === "current") ?? bars[0];
  // Words of one row stand above the line of the other.
  const isNear = dueOn !== undefined && Math.abs(x(dueOn) - x(now)) < 16;
  return html`<svg class="life" width="100%" height="${bottom + 24}" role="img" aria-label="${told}">
${overlap(life, { x, bottom })}${bars.map((bar, lane) => drawn(bar, TOP + lane * LANE, x))}
${dueOn && dueOn.getTime() <= last ? tick(x(dueOn), { from: 28, to: bottom, word: `due ${dayOf(dueOn)}`, at: 23, kind: "due" }) : ""}
${tick(x(now), { from: isNear ? 28 : 14, to: bottom + 2, word: "now", at: 10, kind: "now" })}
${current ? ends(current, { x, at: bottom + 17, now }) : ""}
</svg>`;
}

/** While both sign in: from when the current one exists until its predecessor is retired. */
function overlap({ bars }: Life, { x, bottom }: { x: Scale; bottom: number }): Html {
  const current = bars.find(({ kind }) => kind === "current");
  const until = bars.find(({ kind }) => kind === "previous")?.retireOn;
  if (!current || !until || until <= current.from) return html``;
  const width = Math.max(0.6, round(x(until) - x(current.from)));
  return html`<rect class="overlap" x="${x(current.from)}%" y="${TOP - 6}" width="${width}%" height="${bottom - TOP + 4}" rx="3"><title>both sign in until ${dayOf(until)}</title></rect>`;
}

type Scale = (moment: Date) => number;

function drawn({ kind, from, to, retireOn }: Bar, y: number, x: Scale): Html {
  const until = retireOn && retireOn < to ? retireOn : to;
  const width = (one: Date, other: Date): number => Math.max(0.6, round(x(other) - x(one)));
  const rest =
    until < to
      ? html`<rect class="gone" x="${x(until)}%" y="${y}" width="${width(until, to)}%" height="12" rx="3"/>`
      : "";
  return html`<g class="bar ${kind}"><title>${kind}: ${dayOf(from)} to ${dayOf(to)}</title>${rest}<rect x="${x(from)}%" y="${y}" width="${width(from, until)}%" height="12" rx="3"/></g>`;
}

interface Tick {
  from: number;
  to: number;
  word: string;
  at: number;
  kind: string;
}

function tick(x: number, { from, to, word, at, kind }: Tick): Html {
  return html`<g class="tick ${kind}"><line x1="${x}%" x2="${x}%" y1="${from}" y2="${to}"/><text x="${x}%" y="${at}" text-anchor="${anchor(x)}">${word}</text></g>`;
}

function ends({ from, to }: Bar, { x, at, now }: { x: Scale; at: number; now: Date }): Html {
  // So close together there is room for one of them, or on a phone.
  const apart = x(to) - x(from);
  const left =
    apart < 35
      ? ""
      : html`<text${apart < 75 ? html` class="wide"` : ""} x="${x(from)}%" y="${at}">issued ${dayOf(from)}</text>`;
  const words = to > now ? `expires ${distance(to, now)}` : `expired ${distance(to, now)}`;
  return html`<g class="ends">${left}<text x="${x(to)}%" y="${at}" text-anchor="${x(to) > 60 ? "end" : "middle"}">${words}</text></g>`;
}

/** Words near an edge stay inside. */
function anchor(x: number): string {
  if (x < 16) return "start";
  return x > 84 ? "end" : "middle";
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
