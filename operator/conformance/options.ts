import type { parseArgs } from "node:util";
import type { Need } from "./case.ts";
import { CASES } from "./cases/all.ts";
import type { Wanted } from "./run.ts";

export const HELP = `Tries against a real tenant what the stand-ins of the local cloud take for granted, with objects of its own that it
removes again, and writes a report that can be pasted into an issue. Use a tenant for tests.

  npm run conformance -- --dry-run             what it would make
  npm run conformance                          Entra and Microsoft Graph
  npm run conformance -- --vault <url>         and Key Vault

  --vault <url>          a vault for tests; takes Key Vault Secrets Officer on it. What purge protection keeps stays deleted
  --site <resource id>   an App Service with Key Vault references; they are only read
  --event <file>         events of a vault as they were received, JSON; may be repeated
  --consent              cases that assign a role and consent, on the throw-away application itself
  --only <case>          one case; may be repeated
  --prefix <text>        names of what is made begin so; default openmetadata-entra-conformance
  --report <file>        where the report goes; default standard output
  --tenant <id>          where the sign-in sees several tenants
  --dry-run              list cases and what they make, and sign in nowhere

Signs in as the Azure CLI, Azure PowerShell or azd is. It takes Application.ReadWrite.OwnedBy, or the right to register
applications, and nothing more unless asked. AUTHORITY_HOST, GRAPH_URL and ARM_URL name another cloud.

Exit code: 0 when nothing differs, 1 when something does or could not be tried, 2 for bad options.
`;

const text = { type: "string" } as const;
const list = { type: "string", multiple: true, default: [] as string[] } as const;
const flag = { type: "boolean" } as const;
export const options = {
  vault: text,
  site: text,
  event: list,
  consent: flag,
  only: list,
  prefix: { ...text, default: "openmetadata-entra-conformance" },
  report: text,
  tenant: text,
  "dry-run": flag,
} as const;

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Why the options make no sense. */
export function faultIn({ vault, site, only, prefix }: Values): string | undefined {
  if (vault !== undefined && !/^https:\/\/[^/?#@\s]+\/?$/.test(vault))
    return "--vault takes https://<vault>, without a path";
  if (site !== undefined && !/^\/subscriptions\/.+\/providers\/Microsoft\.Web\/sites\/[^/]+$/i.test(site))
    return "--site takes a resource id, /subscriptions/...";
  if (!/^[a-z][a-z0-9-]{2,60}$/.test(prefix)) return "--prefix takes 3 to 60 lower-case letters, digits and hyphens";
  const unknown = only.find((id) => !CASES.some((one) => one.id === id));
  return unknown === undefined ? undefined : `There is no case "${unknown}"`;
}

/** What may be used, and which cases. */
export function wanted({ vault, site, event, consent, only }: Values): Wanted {
  const offered: Need[] = [];
  if (vault) offered.push("vault");
  if (site) offered.push("site");
  if (event.length > 0) offered.push("event");
  if (consent) offered.push("consent");
  return { offered, only };
}
