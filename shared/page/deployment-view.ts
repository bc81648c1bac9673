import { type Condition, rank, type Verdict, worst } from "../status/condition.ts";
import type { DeploymentStatus } from "../status/deployment-status.ts";
import { appTroubles } from "./app-troubles.ts";
import { credentialCard } from "./credential.ts";
import type { Api } from "./curl.ts";
import { findings } from "./findings.ts";
import { type Html, html } from "./html.ts";
import { lately } from "./lately.ts";
import { mark, shape } from "./marks.ts";
import { dated } from "./time.ts";
import { type Addressee, command, todo } from "./todo.ts";
import { queryOf } from "./wish.ts";
import { VERDICTS } from "./words.ts";

interface Around {
  api: Api;
  /** There is no other deployment to go back to. */
  alone: boolean;
  /** Conditions of the app itself: whoever has one deployment sees no other page. */
  app: readonly Condition[];
}

/** One deployment with everything that is known of it. */
export function deploymentView(told: DeploymentStatus, { api, alone, app }: Around): Html {
  const addressee = { ...api, deployment: told.deployment };
  const back = alone ? "" : html`<nav aria-label="Breadcrumb"><a href="${queryOf({})}">All deployments</a></nav>`;
  const cards = told.credentials.toSorted(unusedLast).map((one) => credentialCard(one, told.on, addressee));
  const credentials = html`<h2>Credentials</h2><div class="cards">${cards}</div>`;
  const found = findings(told, addressee);
  // The worst stands first.
  const isWorse = rank(hardened(told)) < rank(worst(told.credentials.map(({ verdict }) => verdict)));
  return html`${back}
${appTroubles(app)}
${hero(told)}
${conditions(told, addressee)}
${isWorse ? [found, credentials] : [credentials, found]}
${history(told)}
${details(told)}`;
}

function hardened({ conditions }: DeploymentStatus): Verdict {
  return conditions.find(({ type }) => type === "Hardened")?.verdict ?? "healthy";
}

function unusedLast(one: object, other: object): number {
  return Number("unused" in one) - Number("unused" in other);
}

function hero({ deployment, verdict, conditions: [ready], openMetadata, on }: DeploymentStatus): Html {
  const version = "version" in openMetadata ? `OpenMetadata ${openMetadata.version}` : "OpenMetadata";
  return html`<div class="hero ${verdict}">${shape(verdict)}<div><h1>${deployment}</h1><p class="verdict"><strong>${VERDICTS[verdict]}.</strong> ${sentence(ready?.message ?? "")}</p><p class="quiet">${version} at <a href="${openMetadata.url}" rel="noreferrer">${openMetadata.url}</a></p></div></div>
<p class="sr">Looked at ${on.toISOString()}</p>`;
}

/** The first sentence: what to do about it stands below. */
function sentence(message: string): string {
  const [first = ""] = message.split(/\n|(?<=\.) (?=[A-Z])/);
  return /[.:]$/.test(first) ? first : `${first}.`;
}

const TOLD_BELOW: Condition["type"][] = ["Ready", "Hardened"];

function conditions(told: DeploymentStatus, addressee: Addressee): Html {
  const own = told.conditions.filter(({ type }) => type !== "Ready");
  const troubles = own.filter(({ verdict, type }) => verdict !== "healthy" && !TOLD_BELOW.includes(type));
  return html`<ul class="conditions" aria-label="Conditions">${own.map(condition)}</ul>
${troubles.map((one) => html`<section class="card trouble ${one.verdict}"><header><h2>${one.type} <code>${one.reason}</code></h2>${mark(one.verdict)}</header>${todo(one.message, addressee)}${grants(one, told)}</section>`)}`;
}

function condition({ type, status, verdict, message }: Condition): Html {
  const said = { True: "yes", False: "no", Unknown: "unknown" }[status];
  return html`<li title="${message}">${shape(status === "Unknown" && verdict === "healthy" ? "unseen" : verdict)}<span>${type}<span class="sr">: ${said}</span></span></li>`;
}

function grants({ type }: Condition, { identity }: DeploymentStatus): Html {
  if (type !== "Permitted" || !("graphPermissions" in identity)) return html``;
  const needed = identity.graphPermissions.missing.filter(
    ({ permission }) => permission === "Application.ReadWrite.OwnedBy",
  );
  return html`${needed.map((one) => command(one.command))}`;
}

function history(told: DeploymentStatus): Html {
  const { deployment, on } = told;
  const events = lately(told);
  if (events.length === 0 && !told.history) return html``;
  const more = told.history
    ? told.history.unread.map(({ error }) => html`<p class="quiet">${error}</p>`)
    : html`<p><a href="${queryOf({ deployment, history: true })}">All that is known</a></p>`;
  return html`<section class="card lately" aria-labelledby="lately"><h2 id="lately">${told.history ? "What happened" : "What happened lately"}</h2><ol>${events.map(
    (event) =>
      html`<li>${dated(event.on, on)} <span><strong>${event.what}</strong> <span class="quiet">${event.of}</span></span></li>`,
  )}</ol>${more}</section>`;
}

function details({ identity, registrations, authority, openMetadata }: DeploymentStatus): Html {
  const rows: [name: string, value: string | undefined][] = [
    ["Authority", authority],
    ["Identity of this app", "objectId" in identity ? identity.objectId : undefined],
    ["Server registration", "clientId" in registrations.server ? registrations.server.clientId : undefined],
    ["Ingestion registration", "clientId" in registrations.ingestion ? registrations.ingestion.clientId : undefined],
    ["Bot", "bot" in openMetadata ? openMetadata.bot : undefined],
    ["The bot signs in by", "botCredential" in openMetadata ? openMetadata.botCredential.because : undefined],
    ["Known to the server as", "user" in openMetadata.access ? openMetadata.access.user : undefined],
  ];
  return html`<details class="card" id="details"><summary>Ids and addresses</summary><dl>${rows.map(([name, value]) =>
    value === undefined ? "" : html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`,
  )}</dl></details>`;
}
