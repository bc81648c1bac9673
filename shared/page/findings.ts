import type { Judged } from "../status/accepted.ts";
import type { DeploymentStatus } from "../status/deployment-status.ts";
import { type Html, html } from "./html.ts";
import { shape } from "./marks.ts";
import { type Addressee, todo } from "./todo.ts";
import { count } from "./words.ts";

const LEVEL = { critical: "failing", warning: "attention", notice: "unseen" } as const;

/** Findings with what to do, those that count first; those that are accepted, with the reason; and what could not be read. */
export function findings({ drift }: DeploymentStatus, addressee: Addressee): Html {
  const counted = drift.findings.filter(({ accepted }) => accepted === undefined);
  const accepted = drift.findings.filter((one) => one.accepted !== undefined);
  const { unread } = drift;
  if (counted.length + accepted.length + unread.length === 0)
    return html`<h2>Findings</h2><p class="card calm">${shape("healthy")} None.</p>`;
  return html`<h2>Findings</h2>
<ul class="findings">${counted.map((one) => finding(one, addressee))}</ul>
${accepted.length > 0 ? html`<details class="card" id="accepted"><summary>${count(accepted.length, "accepted finding")}</summary><ul>${accepted.map(acceptedOne)}</ul></details>` : ""}
${unread.length > 0 ? html`<details class="card" id="unread"><summary>${count(unread.length, "thing")} could not be looked at</summary><ul>${unread.map(({ what, error }) => html`<li><strong>${what}</strong> ${error}</li>`)}</ul></details>` : ""}`;
}

function finding({ kind, severity, what, do: text }: Judged, addressee: Addressee): Html {
  return html`<li class="card ${LEVEL[severity]}"><p class="label">${shape(LEVEL[severity])}${severity} <code>${kind}</code></p><p class="what">${what}</p>${todo(text, severity === "notice" ? undefined : addressee)}</li>`;
}

function acceptedOne({ kind, what, accepted }: Judged): Html {
  return html`<li><code>${kind}</code> ${what} <span class="quiet">Accepted: ${accepted}</span></li>`;
}
