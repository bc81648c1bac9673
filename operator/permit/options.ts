import type { parseArgs } from "node:util";
import { GUID } from "./observe-api.ts";

export const HELP = `Gives the app, and who may call it, what they need in Microsoft Entra. Changes nothing that is there already.

  npm run permit                                        the registration that callers ask tokens for
  npm run permit -- --identity <id>                     and Application.ReadWrite.OwnedBy for the app's identity
  npm run permit -- --identity <id> --runner <id>       and the app role Automation.Run for a pipeline's identity

  --identity <id>     the app's managed identity; APP_IDENTITY_OBJECT_ID of azd env get-values
  --consent           the permissions for POST /api/consent too. They amount to Global Administrator: see the warning
  --policies          Policy.Read.All too: limits of the tenant for client secrets are known beforehand
  --runner <id>       may call everything (Automation.Run); may be repeated
  --reader <id>       may only ask (Automation.Read); may be repeated
  --own <client id>   makes the identity an owner of a registration that was made by hand; may be repeated
  --api <name>        name, or client id, of the API's registration; default openmetadata-entra-api
  --no-api            leave the registration alone, where function keys guard the app
  --dry-run           say what would be done
  --hand-over         do nothing, and write it down for an administrator: az rest and PowerShell
  --tenant <id>       where the sign-in sees several tenants
  --json              the outcome as JSON on standard output, everything else on standard error

<id> is an object id or a client id. Signs in as the Azure CLI, Azure PowerShell or azd is. Permissions need a Privileged
Role Administrator, the rest a Cloud Application Administrator; what is refused is written down for one.
GRAPH_URL names Microsoft Graph of another cloud.

Exit code: 0 when nothing is missing any more (or with --dry-run, --hand-over), 1 when something is, 2 for bad options.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const list = { type: "string", multiple: true, default: [] as string[] } as const;
export const options = {
  identity: text,
  consent: flag,
  policies: flag,
  runner: list,
  reader: list,
  own: list,
  api: { ...text, default: "openmetadata-entra-api" },
  "no-api": flag,
  "dry-run": flag,
  "hand-over": flag,
  tenant: text,
  json: flag,
} as const;

export type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Why the options make no sense together. */
export function faultIn({
  identity,
  runner,
  reader,
  own,
  tenant,
  api,
  consent,
  policies,
  ...rest
}: Values): string | undefined {
  const ids = [identity, tenant, ...runner, ...reader, ...own].filter((id) => id !== undefined);
  const wrong = ids.find((id) => !GUID.test(id));
  if (wrong !== undefined) return `"${wrong}" is not an ID: IDs look like 00000000-0000-0000-0000-000000000000`;
  if (!/^[\w.-]{1,120}$/.test(api)) return "--api takes letters, digits, dots, hyphens and underscores";
  if (!identity && (consent || policies || own.length > 0)) return "--consent, --policies and --own need --identity";
  if (rest["no-api"] && runner.length + reader.length > 0)
    return "--runner and --reader change the registration that --no-api excludes";
  return rest["dry-run"] && rest["hand-over"] ? "use either --dry-run or --hand-over, not both" : undefined;
}
