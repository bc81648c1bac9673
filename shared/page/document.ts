import { type Html, html, verbatim } from "./html.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { minuteOf } from "./time.ts";

/** A whole page. */
export interface Page {
  title: string;
  main: Html;
  /** When the app has looked; absent where it has not. */
  on?: Date | undefined;
  /** Seconds after which the page looks again by itself. */
  refresh?: number | undefined;
  /** Where the same stands as JSON, below /api. */
  json?: string | undefined;
  /** Whether whoever sees the page gets it there too: a session of Easy Auth does not open it. */
  opensJson?: boolean | undefined;
}

/** The document: one answer, which fetches nothing from anywhere else. */
export function documentOf({ title, main, on, refresh, json, opensJson }: Page): string {
  const looked = on
    ? html`<p class="looked"><span id="looked">Looked at ${minuteOf(on)}</span> <a href="" id="again">Look again</a></p>`
    : "";
  const machine = json
    ? opensJson
      ? html` · <a href="${json}">The same as JSON</a>`
      : html` · The same as JSON: <code>GET /api/${json}</code>`
    : "";
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${verbatim(STYLE)}</style>
</head>
<body${refresh ? html` data-refresh="${refresh}"` : ""}>
<a class="skip" href="#main">To the content</a>
<header class="top"><p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><circle cx="8.5" cy="12" r="5.5"/><path d="M14 12h8M19 12v4M22 12v3"/></svg>OpenMetadata Entra</p>${looked}</header>
<main id="main" tabindex="-1">${main}</main>
<footer><p>Nothing on this page changes anything${machine}</p></footer>
<p id="said" class="sr" role="status"></p>
<script>${verbatim(SCRIPT)}</script>
</body>
</html>`.markup
  }\n`;
}
