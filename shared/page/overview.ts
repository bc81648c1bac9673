import type { Condition, Verdict } from "../status/condition.ts";
import { appTroubles } from "./app-troubles.ts";
import { type Html, html } from "./html.ts";
import { shape } from "./marks.ts";
import { type Listed, type Sighting, worstFirst } from "./sighting.ts";
import { when } from "./time.ts";
import { queryOf, type Wish } from "./wish.ts";
import { CREDENTIALS, comes, count, VERDICTS } from "./words.ts";

const PAGE = 25;
const ALL: Verdict[] = ["failing", "attention", "healthy"];

/** What the overview shows. */
export interface Overview {
  listed: readonly Listed[];
  /** Conditions of the app itself. */
  app: readonly Condition[];
  wish: Extract<Wish, { kind: "overview" }>;
  now: Date;
}

/** All deployments, the worst first: how it stands with them, and those that fit, page by page. */
export function overview({ listed, app, wish, now }: Overview): Html {
  const fits = worstFirst(listed).filter(
    (one) => (wish.verdict === undefined || (one.on && one.verdict === wish.verdict)) && found(one, wish.search),
  );
  const pages = Math.max(1, Math.ceil(fits.length / PAGE));
  const page = Math.min(wish.page, pages);
  const shown = fits.slice((page - 1) * PAGE, page * PAGE);
  return html`${hero(listed, app)}
${appTroubles(app)}
${filters(listed, wish)}
${shown.length > 0 ? html`<ul class="rows">${shown.map((one) => row(one, now))}</ul>` : html`<p class="card calm">Nothing fits. <a href="${queryOf({})}">Show all</a></p>`}
${pages > 1 ? pager(page, pages, wish) : ""}`;
}

function found({ deployment, url }: Listed, search: string): boolean {
  // A phone puts a blank behind each word that it completes.
  const wanted = search.trim().toLowerCase();
  return deployment.includes(wanted) || url.toLowerCase().includes(wanted);
}

/** How many there are of each verdict, and of those that nobody has seen yet. */
export function tally(listed: readonly Listed[]): Record<Verdict | "unseen", number> {
  const of = (verdict: Verdict): number => listed.filter((one) => one.on && one.verdict === verdict).length;
  return {
    failing: of("failing"),
    attention: of("attention"),
    healthy: of("healthy"),
    unseen: listed.filter(({ on }) => !on).length,
  };
}

function hero(listed: readonly Listed[], app: readonly Condition[]): Html {
  const { failing, attention, unseen } = tally(listed);
  const appVerdict = ALL.find((verdict) => app.some((one) => one.verdict === verdict)) ?? "healthy";
  const verdict = failing > 0 || appVerdict === "failing" ? "failing" : attention > 0 ? "attention" : appVerdict;
  const words =
    failing > 0
      ? `${failing.toLocaleString("en")} failing${attention > 0 ? `, ${attention.toLocaleString("en")} to look at` : ""}`
      : attention > 0
        ? `${count(attention, "deployment")} to look at`
        : verdict === "healthy"
          ? unseen > 0
            ? "Healthy so far"
            : "All is well"
          : "The app needs a look";
  const progress =
    unseen > 0
      ? html` <span class="quiet">${(listed.length - unseen).toLocaleString("en")} looked at so far.</span>`
      : "";
  const calm = `${count(listed.length, "deployment")} of OpenMetadata.`;
  return html`<div class="hero ${verdict}">${shape(verdict)}<div><h1>${words}</h1><p class="verdict">${calm}${progress}</p></div></div>`;
}

function filters(listed: readonly Listed[], { verdict, search }: Overview["wish"]): Html {
  const counted = tally(listed);
  const one = (which: Verdict | undefined, words: string, amount: number): Html =>
    html`<li><a href="${queryOf({ verdict: which, search })}"${which === verdict ? html` aria-current="true"` : ""}>${which ? shape(which) : ""}${words} <span class="amount">${amount.toLocaleString("en")}</span></a></li>`;
  return html`<div class="tools"><nav aria-label="By verdict"><ul class="tabs">${one(undefined, "All", listed.length)}${ALL.map((each) => one(each, VERDICTS[each], counted[each]))}</ul></nav>
<form role="search" method="get" action="page">${verdict ? html`<input type="hidden" name="verdict" value="${verdict}">` : ""}<label><span class="sr">Name or address</span><input type="search" name="search" value="${search}" placeholder="Name or address" maxlength="100"></label><button type="submit">Find</button></form></div>`;
}

function row(one: Listed, now: Date): Html {
  if (!one.on) {
    return html`<li class="row unseen">${shape("unseen")}<div class="who"><a href="${queryOf({ deployment: one.deployment })}">${one.deployment}</a><span class="sr">: not looked at yet</span><span class="url">${one.url}</span></div><p class="quiet">Not looked at yet</p></li>`;
  }
  return html`<li class="row ${one.verdict}">${shape(one.verdict)}<div class="who"><a href="${queryOf({ deployment: one.deployment })}">${one.deployment}</a><span class="sr">: ${VERDICTS[one.verdict]}</span><span class="url">${one.url}</span></div>${said(one, now)}${one.verdict === "healthy" ? "" : dots(one)}</li>`;
}

function said({ verdict, message, next }: Sighting, now: Date): Html {
  if (verdict !== "healthy") return html`<p class="why">${message.split(/\n|(?<=\.) (?=[A-Z])/)[0]}</p>`;
  return html`<p class="quiet">${next ? html`${comes(next)} ${when(next.on, now)}` : "Nothing is scheduled"}</p>`;
}

function pager(page: number, pages: number, wish: Overview["wish"]): Html {
  const to = (target: number, words: string, rel: string): Html =>
    target < 1 || target > pages
      ? html`<span class="quiet">${words}</span>`
      : html`<a href="${queryOf({ ...wish, page: target })}" rel="${rel}">${words}</a>`;
  return html`<nav class="pager" aria-label="Pages">${to(page - 1, "Previous", "prev")}<span>Page ${page} of ${pages}</span>${to(page + 1, "Next", "next")}</nav>`;
}

function dots({ credentials }: Sighting): Html {
  return html`<ul class="dots" aria-label="Credentials">${credentials.map(
    ({ credential, verdict }) =>
      html`<li>${shape(verdict)}<span>${CREDENTIALS[credential]}<span class="sr">: ${VERDICTS[verdict]}</span></span></li>`,
  )}</ul>`;
}
