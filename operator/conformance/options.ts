import type { parseArgs } from "node:util";
import { NEEDS, type Need } from "./case.ts";
import { CASES } from "./cases/all.ts";
import type { Wanted } from "./run.ts";

export const HELP = `Tries against a real tenant what the stand-ins of the local cloud take for granted, with objects of its own that it
removes again, and writes a report that can be pasted into an issue. Use a tenant and a vault for tests.

  npm run conformance -- --dry-run             what would be tried, made and asked for; signs in nowhere
  npm run conformance                          Entra and Microsoft Graph
  npm run conformance -- --vault <url>         and Key Vault
  npm run conformance -- --app <id> --topic <id>   and an app that infra/ has made; it is only looked at

What it may look at, and nothing of it is changed:
  --app <resource id>    a function app on Flex Consumption; takes Reader on its resource group (its network, if it has
                         one), Monitoring Reader, and Automation.Read where it asks the app itself
  --topic <resource id>  the system topic of a vault; takes Reader and Monitoring Reader on it, and Reader on the
                         storage account that it sends to
  --site <resource id>   an App Service with Key Vault references; takes Reader on it
  --signed-in            with --app: what is passed on of a person in a browser (signInPeople). APP_SESSION holds the
                         cookie AppServiceAuthSession of a browser in which you have signed in to the app's page
  --event <file>         events of a vault as they were received, JSON; may be repeated

What it may make things in, which it removes again, also after a failure and after Ctrl+C:
  --vault <url>          secrets; takes Key Vault Secrets Officer on it. What purge protection keeps stays deleted
  --consent              a role and a grant of the throw-away application on itself; takes AppRoleAssignment.ReadWrite.All
                         and DelegatedPermissionGrant.ReadWrite.All
  --subscribe <resource id>   a storage account: a queue in it, a role on that queue for the topic, and event
                         subscriptions of the topic. With --topic and --vault; takes EventGrid Contributor on the topic,
                         and on the account Storage Account Contributor, Storage Queue Data Reader and Role Based Access
                         Control Administrator. Waits up to half an hour for events
  --assign <resource id> the vault of --vault: a role on it for the throw-away application, with a condition on names;
                         takes Role Based Access Control Administrator on it
  --settings             of --app: an app setting that it is thought to refuse. If it is taken, the app starts anew, and
                         once more when it is taken away; takes Website Contributor on it
  --directory-role       a custom role of Entra for the throw-away application, over another one; takes
                         RoleManagement.ReadWrite.Directory (where the token of your sign-in has it not, sign in as an
                         application that has it) and Entra ID P1

  --only <case>          one case; may be repeated
  --prefix <text>        names of what is made begin so; default openmetadata-entra-conformance
  --report <file>        where the report goes; default standard output
  --tenant <id>          where the sign-in sees several tenants
  --dry-run              list cases and what they make, and sign in nowhere

Signs in as the Azure CLI, Azure PowerShell or azd is. It takes Application.ReadWrite.OwnedBy, or the right to register
applications, and nothing more unless asked. A case whose right you lack is "untried", and the others go on.
AUTHORITY_HOST, GRAPH_URL and ARM_URL name another cloud. If the process was killed, whatever is left has a name that
begins with the prefix: app registrations, secrets, queues, event subscriptions.

Exit code: 0 when nothing differs, 1 when something does, could not be tried or could not be removed, 2 for bad options.
`;

const text = { type: "string" } as const;
const list = { type: "string", multiple: true, default: [] as string[] } as const;
const flag = { type: "boolean" } as const;
export const options = {
  vault: text,
  app: text,
  topic: text,
  site: text,
  event: list,
  consent: flag,
  subscribe: text,
  assign: text,
  settings: flag,
  "signed-in": flag,
  "directory-role": flag,
  only: list,
  prefix: { ...text, default: "openmetadata-entra-conformance" },
  report: text,
  tenant: text,
  "dry-run": flag,
} as const;

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** What the options take that name a resource. */
const KINDS = {
  app: "Microsoft.Web/sites",
  topic: "Microsoft.EventGrid/systemTopics",
  site: "Microsoft.Web/sites",
  subscribe: "Microsoft.Storage/storageAccounts",
  assign: "Microsoft.KeyVault/vaults",
} as const;
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

/** Why the options make no sense. */
export function faultIn(values: Values): string | undefined {
  const { vault, app, topic, subscribe, assign, settings, only, prefix } = values;
  if (vault !== undefined && !/^https:\/\/[^/?#@\s]+\/?$/.test(vault))
    return "--vault takes https://<vault>, without a path";
  for (const name of NAMES) {
    const id = values[name];
    const pattern = new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${KINDS[name]}/[^/?#\\s]+$`, "i");
    if (id !== undefined && !pattern.test(id))
      return `--${name} takes a resource id, /subscriptions/.../providers/${KINDS[name]}/<name>`;
  }
  if (subscribe !== undefined && !(vault && topic)) return "--subscribe needs --vault and --topic";
  if (settings && !app) return "--settings needs --app";
  if (values["signed-in"] && !app) return "--signed-in needs --app";
  if (assign !== undefined && !vault) return "--assign needs --vault, the address of the same vault";
  if (assign !== undefined && vault !== undefined && !isSame(assign, vault))
    return "--assign and --vault name two vaults";
  if (!/^[a-z](-?[a-z0-9]){2,}$/.test(prefix) || prefix.length > 40)
    return "--prefix takes 3 to 40 lower-case letters, digits and single hyphens";
  const unknown = only.find((id) => !CASES.some((one) => one.id === id));
  return unknown === undefined ? undefined : `There is no case "${unknown}"; --dry-run lists them`;
}

function isSame(id: string, url: string): boolean {
  return id.split("/").at(-1)?.toLowerCase() === new URL(url).hostname.split(".")[0]?.toLowerCase();
}

/** What may be used, and which cases. */
export function wanted({ event, only, ...values }: Values): Wanted {
  return { offered: NEEDS.filter((need) => (need === "event" ? event.length > 0 : values[need])), only };
}

/** The resources that were named, by their option. */
export function idsIn(values: Values): Partial<Record<Need, string>> {
  return Object.fromEntries(NAMES.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}
