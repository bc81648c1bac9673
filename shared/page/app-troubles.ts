import type { Condition } from "../status/condition.ts";
import { type Html, html } from "./html.ts";
import { mark } from "./marks.ts";

/** What of the app itself is not as it ought to be, whatever it serves. */
export function appTroubles(conditions: readonly Condition[]): Html[] {
  return conditions.filter(({ verdict }) => verdict !== "healthy").map(appTrouble);
}

function appTrouble({ type, reason, message, verdict }: Condition): Html {
  return html`<section class="card trouble ${verdict}"><header><h2>${type} <code>${reason}</code></h2>${mark(verdict)}</header><p>${message}</p></section>`;
}
