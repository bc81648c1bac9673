import type { Action } from "./dev-actions.ts";

/** The development page: the app's page beside the buttons. It is served by the development host, never by the app. */
export function devPageView(
  actions: readonly Action[],
  { now, trouble }: { now: Date; trouble?: string | undefined },
): string {
  const groups = [...Map.groupBy(actions, ({ group }) => group)];
  const forms = groups.map(
    ([group, members]) => `<fieldset><legend>${group}</legend>${members.map(formOf).join("")}</fieldset>`,
  );
  const clock = `${now.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Development · OpenMetadata Entra</title><style>${STYLE}</style></head>
<body><aside><h1>Local cloud</h1><p>Nothing here is Azure. The clock says<br><strong>${clock}</strong></p>
${trouble === undefined ? "" : `<p role="alert">${escaped(trouble)}</p>`}
${forms.join("\n")}
<p id="busy" role="status"></p></aside>
<iframe src="/api/page" title="The app's page"></iframe>
<script>addEventListener("submit",(event)=>{document.getElementById("busy").textContent="Working…";
for(const one of document.querySelectorAll("button"))if(one!==event.submitter)one.disabled=true})</script></body></html>
`;
}

function formOf({ name, label, isOn }: Action): string {
  const pressed = isOn === undefined ? "" : ` aria-pressed="${isOn()}"`;
  return `<form method="post" action="/do/${encodeURIComponent(name)}"><button${pressed}>${escaped(label)}</button></form>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;display:grid;grid-template-columns:17rem 1fr;height:100vh;font:15px/1.45 system-ui,sans-serif}
aside{padding:1rem;overflow:auto;border-right:1px solid #8886}
h1{font-size:1.1rem;margin:0 0 .5rem}fieldset{border:0;padding:0;margin:1.25rem 0 0;display:flex;flex-wrap:wrap;gap:.4rem}
legend{font-weight:600;padding:0;margin-bottom:.4rem}button{font:inherit;padding:.35rem .7rem;border:1px solid #8888;border-radius:7px;cursor:pointer;text-align:left}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}[role=alert]{color:#b3261e;font-weight:600}
iframe{border:0;width:100%;height:100%}
@media (max-width:50rem){body{grid-template-columns:1fr;grid-template-rows:auto 70vh;height:auto}}
`;
