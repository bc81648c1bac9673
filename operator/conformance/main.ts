import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { blotted } from "../../shared/errors.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { holderOf, signedIn } from "../sign-in.ts";
import type { Need } from "./case.ts";
import { CASES } from "./cases/all.ts";
import { report } from "./report.ts";
import { chosen, type Outcome, runCases, type Wanted } from "./run.ts";
import type { Access } from "./tenant.ts";

const HELP = `Tries against a real tenant what the stand-ins of the local cloud take for granted, with objects of its own that it
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
const options = {
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

const values = readOptions({ help: HELP, options });
if (values) {
  const fault = faultIn(values);
  if (fault) refuseOptions(fault, HELP);
  else if (values["dry-run"]) listCases(values);
  else await main(values).catch(failed);
}

type Values = NonNullable<typeof values>;

function faultIn({ vault, site, only, prefix }: Values): string | undefined {
  if (vault !== undefined && !/^https:\/\/[^/?#@\s]+\/?$/.test(vault))
    return "--vault takes https://<vault> and nothing behind";
  if (site !== undefined && !/^\/subscriptions\/.+\/providers\/Microsoft\.Web\/sites\/[^/]+$/i.test(site))
    return "--site takes a resource id, /subscriptions/...";
  if (!/^[a-z][a-z0-9-]{2,60}$/.test(prefix)) return "--prefix takes 3 to 60 small letters, digits and hyphens";
  const unknown = only.find((id) => !CASES.some((one) => one.id === id));
  return unknown === undefined ? undefined : `There is no case "${unknown}"`;
}

function wanted({ vault, site, event, consent, only }: Values): Wanted {
  const offered: Need[] = [];
  if (vault) offered.push("vault");
  if (site) offered.push("site");
  if (event.length > 0) offered.push("event");
  if (consent) offered.push("consent");
  return { offered, only };
}

function listCases(values: Values): void {
  for (const { id, claim, makes = [] } of chosen(wanted(values))) {
    process.stdout.write(
      `${id.padEnd(26)} ${claim}\n${makes.length > 0 ? `${" ".repeat(27)}makes: ${makes.join(", ")}\n` : ""}`,
    );
  }
  process.stdout.write(`Names begin with ${values.prefix}-; everything is removed again.\n`);
}

async function main(values: Values): Promise<void> {
  const ending = new AbortController();
  // What was made is removed before the process ends; a second Ctrl+C does not wait for that.
  process.once("SIGINT", () => ending.abort());
  const access = await accessOf(values);
  const tell = ({ id, state, seen }: { id: string; state: string; seen: string }): void =>
    void process.stderr.write(blotted(`${state.padEnd(8)} ${id.padEnd(26)} ${seen.replace(/\p{Cc}+/gu, " ")}\n`));
  const outcome = await runCases(access, wanted(values), { tell, signal: ending.signal });
  await conclude(outcome, access, values.report);
}

async function accessOf(values: Values): Promise<Access> {
  const { env } = process;
  const origin = (given: string | undefined, usual: string): string => (given || usual).replace(/\/$/, "");
  const graphUrl = origin(env.GRAPH_URL, "https://graph.microsoft.com");
  const { tokenFor } = signedIn(values.tenant);
  const { objectId, tenantId, name } = holderOf(await tokenFor(`${graphUrl}/.default`));
  process.stderr.write(`signed in as ${name}, tenant ${tenantId}\n`);
  const read = await Promise.all(values.event.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  return {
    graphUrl,
    authorityUrl: origin(env.AUTHORITY_HOST, "https://login.microsoftonline.com"),
    armUrl: origin(env.ARM_URL, "https://management.azure.com"),
    vaultUrl: values.vault?.replace(/\/$/, ""),
    siteId: values.site,
    events: read.flat(),
    tenantId,
    ownId: objectId,
    prefix: `${values.prefix}-${randomBytes(3).toString("hex")}`,
    tokenFor,
    clock,
  };
}

async function conclude(outcome: Outcome, access: Access, file: string | undefined): Promise<void> {
  const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const hosts = access.vaultUrl
    ? [new URL(access.vaultUrl).host, new URL(access.vaultUrl).host.split(".")[0] ?? ""]
    : [];
  const written = report(outcome, { release: String(manifest.version), on: clock.now(), hosts, prefix: access.prefix });
  if (file === undefined) process.stdout.write(written);
  else await writeFile(file, written);
  const bad = outcome.results.some(({ state }) => state === "differs" || state === "untried");
  if (bad || outcome.left.some((one) => one.includes("not deleted"))) process.exitCode = 1;
}
