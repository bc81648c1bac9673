import { type Api, curl } from "./curl.ts";
import { type Html, html } from "./html.ts";
import { humane } from "./time.ts";

/** For whom commands are written: at which app, about which deployment. */
export interface Addressee extends Api {
  deployment: string;
}

/**
 * What to do, with what can be copied. In a hint commands stand on lines of their own and begin in lower case, or are
 * JSON; a call of this API that a sentence names is spelled out for the addressee, as a dry run.
 */
export function todo(text: string, addressee: Addressee | undefined): Html {
  const [first = "", ...rest] = text.split("\n");
  const lines = rest.map((line) => (isCommand(line) ? command(line) : html`<p>${humane(line)}</p>`));
  const calls = [
    ...new Set([...text.matchAll(/POST \/api\/(provision|consent|rotate|harden)\b/g)].map(([, call]) => call)),
  ];
  const spelled = addressee ? calls.map((call) => command(callCommand(call ?? "", addressee))) : [];
  return html`<div class="todo"><p>${humane(first)}</p>${lines}${spelled}</div>`;
}

function isCommand(line: string): boolean {
  return /^(?:[a-z]|\{)/.test(line);
}

/** With a script a button copies it; without, it is text to select. */
export function command(text: string): Html {
  return html`<pre class="command"><code>${text}</code></pre>`;
}

function callCommand(call: string, { deployment, ...api }: Addressee): string {
  const body = JSON.stringify({ deployment, dryRun: true });
  return `${curl(api)} -X POST -H "Content-Type: application/json" -d '${body}' ${api.origin}/api/${call}`;
}
