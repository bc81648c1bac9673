import type { Verdict } from "../status/condition.ts";
import { type Html, html } from "./html.ts";
import { VERDICTS } from "./words.ts";

/** A shape of its own for each verdict, so that nobody needs to tell colours apart. */
const SHAPES: Record<Verdict | "unseen", Html> = {
  healthy: html`<circle cx="12" cy="12" r="10"/><path d="m7.5 12.4 3 3 6-6.6"/>`,
  attention: html`<path class="body" d="M12 2.6 22.4 21H1.6Z"/><path d="M12 9.4v5"/><path d="M12 17.6v.2"/>`,
  failing: html`<path class="body" d="M8 2h8l6 6v8l-6 6H8l-6-6V8Z"/><path d="m8.6 8.6 6.8 6.8M15.4 8.6l-6.8 6.8"/>`,
  unseen: html`<circle class="dashed" cx="12" cy="12" r="9.5"/>`,
};

/** The shape alone; what it means stands beside it in words. */
export function shape(verdict: Verdict | "unseen"): Html {
  return html`<svg class="shape ${verdict}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[verdict]}</svg>`;
}

/** Shape and word. */
export function mark(verdict: Verdict): Html {
  return html`<span class="mark ${verdict}">${shape(verdict)}${VERDICTS[verdict]}</span>`;
}
