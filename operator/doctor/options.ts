import type { parseArgs } from "node:util";

export const HELP = `Looks at a running app and at what it needs in Azure and Entra, and says line by line what to do. Changes nothing.

  npm run doctor -- <app url> [options]

  --audience <client id>   of the app's own registration (API_AUDIENCE); default: what the app settings say
  --app <resource id>      of the function app (AZURE_FUNCTION_APP_ID): settings, queues and timer are looked at
  --vault <resource id>    of the vault (KEY_VAULT_ID): rights on it and event subscriptions are looked at
  --tenant <id>            where the sign-in sees several tenants
  --json                   the findings as JSON

Signs in as the Azure CLI, Azure PowerShell or azd is. It takes the app role Automation.Read, and in Azure Reader,
Monitoring Reader, Storage Queue Data Reader, and Website Contributor for the app settings; what you may not see is
"unseen", and nothing else depends on it. The three options are also taken from the environment, by their names above.
ARM_URL and INSIGHTS_URL name Azure Resource Manager and Application Insights' API of another cloud.

Exit code: 0 when nothing is red, 1 when something is, 2 for bad options.
`;

const text = { type: "string" } as const;
export const options = {
  audience: text,
  app: text,
  vault: text,
  tenant: text,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export type Given = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

/** Why the arguments make no sense. */
export function faultIn({ positionals: [url, ...more], values }: Given): string | undefined {
  // The token is sent there: over anything else than https it would travel in clear. Loopback is for tests.
  const good = /^https:\/\/[^/?#@\s]+\/?$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/;
  if (url === undefined || !good.test(url)) return "Give the app's address: https://<app>, without a path";
  if (more.length > 0) return `Unexpected argument "${more[0]}"`;
  const ids = {
    app: /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Web\/sites\/[^/]+$/i,
    vault: /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i,
  };
  for (const [name, pattern] of Object.entries(ids)) {
    const id = values[name as "app" | "vault"];
    if (id !== undefined && !pattern.test(id)) return `--${name} takes a resource id, /subscriptions/...`;
  }
  return undefined;
}
