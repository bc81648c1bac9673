import type { Condition } from "../status/condition.ts";
import type { CredentialStatus } from "../status/deployment-status.ts";
import { inBrackets } from "../status/rotating.ts";
import { type Html, html } from "./html.ts";
import { mark } from "./marks.ts";
import { milestonesOfSecret, milestonesOfToken, steps } from "./steps.ts";
import { dated, dayOf, humane } from "./time.ts";
import { type Life, lifeOfSecret, lifeOfToken, timeline } from "./timeline.ts";
import { type Addressee, todo } from "./todo.ts";
import { CREDENTIALS, comes } from "./words.ts";

/** One credential: how it is, how far it has come, what comes next. */
export function credentialCard(told: CredentialStatus, now: Date, addressee: Addressee): Html {
  const title = html`<h3 id="${told.credential}">${CREDENTIALS[told.credential]}</h3>`;
  if ("unused" in told) {
    return html`<section class="card unused" aria-labelledby="${told.credential}"><header>${title}<span class="quiet">Not used</span></header><p>${told.unused}.</p></section>`;
  }
  return html`<section class="card ${told.verdict}" aria-labelledby="${told.credential}">
<header>${title}${mark(told.verdict)}</header>
<p class="secret">Vault secret <code>${told.secret}</code></p>
${told.conditions
  .filter(({ verdict }) => verdict !== "healthy")
  .filter(isFirstOfItsMessage)
  .map((one) => trouble(one, addressee))}
${"later" in told ? life(told, now) : ""}
</section>`;
}

/** Two conditions may say the same, as where a credential cannot be read. */
function isFirstOfItsMessage({ message }: Condition, place: number, all: readonly Condition[]): boolean {
  return all.findIndex((one) => one.message === message) === place;
}

function trouble({ type, reason, message, verdict }: Condition, addressee: Addressee): Html {
  // Said once, with the deployment.
  const spelled = reason === "registration-missing" ? undefined : addressee;
  return html`<div class="trouble ${verdict}"><p class="label">${type} <code>${reason}</code></p>${todo(message, spelled)}</div>`;
}

function life(told: Extract<CredentialStatus, { later: unknown }>, now: Date): Html {
  const isSecret = "inEntra" in told;
  const drawn = isSecret ? lifeOfSecret(told, now) : lifeOfToken(told, now);
  const milestones = isSecret ? milestonesOfSecret(told, now) : milestonesOfToken(told);
  const calm = told.conditions.filter(
    ({ type, verdict }) => verdict === "healthy" && (type === "Delivered" || type === "Rotating"),
  );
  return html`${drawn ? html`<figure>${timeline(drawn, inWords(drawn))}${legend(drawn)}</figure>` : ""}
${milestones.length > 0 ? steps(milestones, now) : ""}
<ul class="says">${calm.map(({ type, message }) => html`<li><span class="label">${type === "Delivered" ? "Delivery" : "Rotation"}</span><span>${humane(message)}</span></li>`)}</ul>
${next(told, now)}
${"hint" in told && told.hint ? html`<details id="${told.credential}-hint"><summary>About this token</summary>${hintOf(told.hint)}</details>` : ""}`;
}

function hintOf(hint: string): Html {
  const [words = "", ...commands] = hint.split("\n");
  return html`<p>${words}</p>${commands.map((line) => html`<pre class="command"><code>${line}</code></pre>`)}`;
}

function next({ later, dueNow }: Extract<CredentialStatus, { later: unknown }>, now: Date): Html {
  if (later.length === 0 && !dueNow) return html`<p class="quiet">Nothing is scheduled.</p>`;
  const due = dueNow
    ? html`<li class="due"><strong>Due now</strong> ${comes({ kind: dueNow.kind })}${inBrackets(dueNow.because)}</li>`
    : "";
  const all = later.map((one) => html`<li>${dated(one.on, now)} <span>${comes(one)}</span></li>`);
  return html`<h4>What comes next</h4><ol class="next">${due}${all}</ol>`;
}

function legend({ bars }: Life): Html {
  const kinds = [...new Set(bars.map(({ kind }) => kind))];
  if (kinds.length < 2) return html``;
  return html`<figcaption>${kinds.map((kind) => html`<span class="key ${kind}">${kind}</span>`)}${bars.some(({ retireOn }) => retireOn !== undefined) ? html`<span class="key overlap">both sign in</span>` : ""}</figcaption>`;
}

/** The drawing for whoever cannot see it. */
function inWords({ bars, dueOn }: Life): string {
  const spans = bars.map(({ kind, from, to }) => `the ${kind} one from ${dayOf(from)} to ${dayOf(to)}`);
  return `Timeline: ${spans.join("; ")}${dueOn ? `; due ${dayOf(dueOn)}` : ""}`;
}
