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
  const spelled = addressee ? callsIn(text).map((call) => command(callCommand(call, addressee))) : [];
  const dry = spelled.length > 0 ? html`<p class="quiet">${DRY}</p>` : "";
  return html`<div class="todo"><p>${humane(first)}</p>${lines}${spelled}${dry}</div>`;
}

const DRY = 'With "dryRun":true a call only tells what would be done. To have it done, send false.';

function isCommand(line: string): boolean {
  return /^(?:[a-z]|\{)/.test(line);
}

/** With a script a button copies it; without, it is text to select. */
export function command(text: string): Html {
  return html`<pre class="command"><code>${text}</code></pre>`;
}

interface Call {
  name: string;
  /** What the sentence says to send. */
  fields: object;
}

/** Each call once, with the JSON that stands behind its first name and before the next one's. */
function callsIn(text: string): Call[] {
  const calls = new Map<string, object>();
  for (const part of text.split(/(?=POST \/api\/)/)) {
    const [, name] = /^POST \/api\/(provision|consent|rotate|harden)\b/.exec(part) ?? [];
    if (name !== undefined && !calls.has(name)) calls.set(name, fieldsIn(part));
  }
  return [...calls].map(([name, fields]) => ({ name, fields }));
}

/** What a service has said may stand in the text too: nothing that a shell would take for more than letters. */
function fieldsIn(text: string): object {
  const [json = "{}"] = /\{"[\w":, -]*\}/.exec(text) ?? [];
  try {
    return JSON.parse(json) as object;
  } catch {
    return {};
  }
}

function callCommand({ name, fields }: Call, { deployment, ...api }: Addressee): string {
  const body = JSON.stringify({ ...fields, deployment, dryRun: true });
  return `${curl(api)} -X POST -H "Content-Type: application/json" -d '${body}' ${api.origin}/api/${name}`;
}
