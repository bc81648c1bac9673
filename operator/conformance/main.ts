import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { blotted } from "../../shared/errors.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { OperatorError } from "../operator-error.ts";
import { holderOf, signedIn } from "../sign-in.ts";
import { dryRun } from "./dry-run.ts";
import { endedBySignal } from "./ending.ts";
import { faultIn, HELP, idsIn, options, type Values, wanted } from "./options.ts";
import { remembering } from "./remember.ts";
import { inSum, knownIn, report } from "./report.ts";
import { type Listener, type Outcome, runCases } from "./run.ts";
import type { Access } from "./tenant.ts";

const values = readOptions({ help: HELP, options });
if (values) {
  const fault = faultIn(values);
  if (fault) refuseOptions(fault, "npm run conformance -- --help tells what it takes\n");
  else if (values["dry-run"]) process.stdout.write(dryRun(wanted(values), values.prefix));
  else await main(values).catch(failed);
}

async function main(values: Values): Promise<void> {
  const access = await accessOf(values);
  const outcome = await runCases(access, wanted(values), listener());
  await conclude(outcome, access, values.report);
}

/** Tells how it goes on stderr, as the report may go to standard output; what is being tried only to a person. */
function listener(): Listener {
  const watched = process.stderr.isTTY === true;
  const blank = watched ? "\r\u001b[K" : "";
  const say = (line: string): void =>
    void process.stderr.write(`${blank}${blotted(line.replace(/\p{Cc}+/gu, " ")).trimEnd()}\n`);
  return {
    signal: endedBySignal(say, clock.now),
    begin({ id, waits }) {
      if (waits) say(`${"waiting".padEnd(12)} ${id}: up to ${waits} minutes`);
      else if (watched) process.stderr.write(`${blank}${"trying".padEnd(12)} ${id}`);
    },
    tell: ({ id, state, seen }) => say(`${state.padEnd(12)} ${id.padEnd(34)} ${seen}`),
    remove: (count) => say(`removing what was made (${count})`),
  };
}

async function accessOf(values: Values): Promise<Access> {
  const { env } = process;
  const origin = (given: string | undefined, usual: string): string => (given || usual).replace(/\/$/, "");
  const read = await Promise.all(values.event.map(readEvents));
  const graphUrl = origin(env.GRAPH_URL, "https://graph.microsoft.com");
  const tokenFor = remembering(signedIn(values.tenant).tokenFor, clock.now);
  const { objectId, tenantId, name } = holderOf(await tokenFor(`${graphUrl}/.default`));
  process.stderr.write(blotted(`signed in as ${name}, tenant ${tenantId}\n`));
  return {
    graphUrl,
    authorityUrl: origin(env.AUTHORITY_HOST, "https://login.microsoftonline.com"),
    armUrl: origin(env.ARM_URL, "https://management.azure.com"),
    vaultUrl: values.vault?.replace(/\/$/, ""),
    ids: idsIn(values),
    session: values["signed-in"] ? sessionIn(env.APP_SESSION) : undefined,
    events: read.flat(),
    tenantId,
    ownId: objectId,
    prefix: `${values.prefix}-${randomBytes(3).toString("hex")}`,
    tokenFor,
    clock,
  };
}

/** @throws {OperatorError} */
function sessionIn(given: string | undefined): string {
  const session = (given ?? "").trim().replace(/^AppServiceAuthSession=/, "");
  if (/^[\w+/=.%-]+$/.test(session)) return session;
  throw new OperatorError(
    "APP_SESSION holds no session",
    "Sign in to the app's page, and copy the value of the cookie AppServiceAuthSession from the browser's developer tools",
  );
}

/** One event, or several. */
async function readEvents(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new OperatorError(
      `Cannot read the events in ${file}: ${because}`,
      "Give a file with JSON: an event, or a list",
    );
  }
}

async function conclude(outcome: Outcome, access: Access, file: string | undefined): Promise<void> {
  const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const { known, prefix } = { known: knownIn(access), prefix: access.prefix };
  const written = report(outcome, { release: String(manifest.version), on: clock.now(), known, prefix });
  for (const { what, why } of outcome.left) process.stderr.write(blotted(`left behind: ${what}: ${why}\n`));
  for (const one of inSum(outcome.kept)) process.stderr.write(`${one}\n`);
  const bad = outcome.results.some(({ state }) => state === "differs" || state === "untried");
  if (bad || outcome.left.length > 0) process.exitCode = 1;
  if (file === undefined) process.stdout.write(written);
  else await writeFile(file, written).catch(() => instead(file, written));
}

/** What was seen is not lost because of a folder that is not there. */
function instead(file: string, written: string): void {
  process.stdout.write(written);
  throw new OperatorError(`Cannot write the report to ${file}`, "It was written to standard output");
}
