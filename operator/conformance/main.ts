import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { blotted } from "../../shared/errors.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { holderOf, signedIn } from "../sign-in.ts";
import { faultIn, HELP, options, type Values, wanted } from "./options.ts";
import { report } from "./report.ts";
import { chosen, type Outcome, runCases } from "./run.ts";
import type { Access } from "./tenant.ts";

const values = readOptions({ help: HELP, options });
if (values) {
  const fault = faultIn(values);
  if (fault) refuseOptions(fault, HELP);
  else if (values["dry-run"]) listCases(values);
  else await main(values).catch(failed);
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
