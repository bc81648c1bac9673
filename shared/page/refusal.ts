import { PROBLEMS, type ProblemCode } from "../problems/problems.ts";
import { type Api, curl } from "./curl.ts";
import { documentOf } from "./document.ts";
import { html } from "./html.ts";
import { shape } from "./marks.ts";
import { command } from "./todo.ts";

/** Why there is no page, by the problem's code. */
export interface Refusal {
  code: ProblemCode;
  detail: string;
  hint: string;
  /** Whether the platform signs people in (Easy Auth). */
  signsIn: boolean;
  /** The page that was asked for, below the host. */
  path: string;
  api: Api;
}

/** The page that stands in the place of the one that was asked for. */
export function refusalPage({ code, detail, hint, signsIn, path, api }: Refusal): string {
  if (code === "caller-unknown") return signInPage({ signsIn, path, api });
  const { title } = PROBLEMS[code];
  const [words = "", ...lines] = hint.split("\n");
  // The token of a session is from before.
  const anew =
    signsIn && code === "caller-role-missing"
      ? html`<p>Whoever has just got the role <a href="/.auth/logout">signs out</a> and in again.</p>`
      : "";
  return documentOf({
    title: `${title} · OpenMetadata Entra`,
    main: html`<div class="hero attention">${shape("attention")}<div><h1>${title}</h1><p class="verdict">${detail}.</p></div></div>
<section class="card"><h2>What to do</h2><p>${words}</p>${lines.map(command)}${anew}<p class="quiet"><code>${code}</code></p></section>`,
  });
}

function signInPage({ signsIn, path, api }: Pick<Refusal, "signsIn" | "path" | "api">): string {
  const query = new URLSearchParams({ post_login_redirect_uri: path });
  const person = signsIn
    ? html`<p><a class="button" href="/.auth/login/aad?${query.toString()}">Sign in with Microsoft Entra ID</a></p><p class="quiet">You need the app role <code>Automation.Read</code> of this API.</p>`
    : html`<p>Sign-in is not switched on for this function app. Somebody who may change it turns on Authentication (Easy Auth) with the registration that <code>API_AUDIENCE</code> names, and lets requests without a session through; docs/page.md says how.</p>`;
  const call = `${curl(api)} -H "Accept: text/html" '${api.origin}${path}'`;
  return documentOf({
    title: "Sign in · OpenMetadata Entra",
    main: html`<div class="hero signin"><div><h1>Sign in to see this page</h1><p class="verdict">It shows how the credentials of your OpenMetadata deployments are, and changes nothing.</p></div></div>
<section class="card"><h2>In a browser</h2>${person}</section>
<section class="card"><h2>With a token</h2><p>Send a bearer token for this API, as whoever is signed in to az:</p>${command(call)}</section>`,
  });
}
