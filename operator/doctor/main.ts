import { parseArgs } from "node:util";
import { refuseOptions } from "../../scripts/command-line.ts";
import { blotted } from "../../shared/errors.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { signedIn } from "../sign-in.ts";
import { examine, type Patient } from "./examine.ts";
import { type Finding, shown } from "./finding.ts";

const HELP = `Looks at a running app and at what it needs in Azure and Entra, and says line by line what to do. Changes nothing.

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
const options = {
  audience: text,
  app: text,
  vault: text,
  tenant: text,
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const given = read();
if (given?.values.help) process.stdout.write(HELP);
else if (given) await main(given).catch(failed);

function read() {
  try {
    const given = parseArgs({ options, allowPositionals: true });
    const fault = given.values.help ? undefined : faultIn(given);
    if (fault === undefined) return given;
    refuseOptions(fault, HELP);
  } catch (error) {
    refuseOptions(error instanceof Error ? error.message : String(error), HELP);
  }
  return undefined;
}

type Given = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

function faultIn({ positionals: [url, ...more], values }: Given): string | undefined {
  // The token is sent there: over anything else than https it would travel in clear. Loopback is for tests.
  const good = /^https:\/\/[^/?#@\s]+\/?$|^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/;
  if (url === undefined || !good.test(url)) return "Give the app's address: https://<app> and nothing behind";
  if (more.length > 0) return `"${more[0]}" is one argument too many`;
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

async function main({ positionals: [url = ""], values }: Given): Promise<void> {
  const { env } = process;
  const patient: Patient = {
    url: url.replace(/\/$/, ""),
    audience: values.audience ?? env.API_AUDIENCE,
    appId: values.app ?? env.AZURE_FUNCTION_APP_ID,
    vaultId: values.vault ?? env.KEY_VAULT_ID,
  };
  const findings = await examine(patient, {
    tokenFor: signedIn(values.tenant).tokenFor,
    arm: origin(env.ARM_URL, "https://management.azure.com"),
    insights: origin(env.INSIGHTS_URL, "https://api.applicationinsights.io"),
    now: clock.now,
    tell: (finding) => void (values.json || process.stdout.write(blotted(shown(finding)))),
  });
  conclude(findings, values.json === true);
}

function origin(given: string | undefined, usual: string): string {
  return (given || usual).replace(/\/$/, "");
}

function conclude(findings: readonly Finding[], json: boolean): void {
  const count = (state: Finding["state"]): number => findings.filter((one) => one.state === state).length;
  if (json) process.stdout.write(blotted(`${JSON.stringify(findings, null, 2)}\n`));
  else
    process.stdout.write(
      `${count("red")} red, ${count("notice")} to know, ${count("unseen")} unseen, ${count("ok")} ok\n`,
    );
  if (count("red") > 0) process.exitCode = 1;
}
