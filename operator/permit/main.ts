import { readOptions, refuseOptions } from "../../scripts/command-line.ts";
import { graph } from "../../shared/clients/graph/graph.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { holderOf, signedIn } from "../sign-in.ts";
import type { Wish } from "./observe.ts";
import { faultIn, HELP, options, type Values } from "./options.ts";
import { ALWAYS, CONSENT, CONSENT_WARNING, POLICIES } from "./permissions.ts";
import { type Mode, type Outcome, permit } from "./permit.ts";

const values = readOptions({ help: HELP, options });
if (values) {
  const fault = faultIn(values);
  if (fault) refuseOptions(fault, HELP);
  else await main(values).catch(failed);
}

async function main(values: Values): Promise<void> {
  const say = (line: string): void => void (values.json ? process.stderr : process.stdout).write(line);
  const origin = (process.env.GRAPH_URL ?? "https://graph.microsoft.com").replace(/\/$/, "");
  const operator = signedIn(values.tenant);
  const token = () => operator.tokenFor(`${origin}/.default`);
  const { name, tenantId } = holderOf(await token());
  say(`signed in as ${name}, tenant ${tenantId}\n`);
  if (values.consent) say(`\n${CONSENT_WARNING}\n`);
  const mode: Mode = values["dry-run"] ? "dry-run" : values["hand-over"] ? "hand-over" : "apply";
  const outcome = await permit(
    {
      graph: graph(origin, token, clock),
      origin,
      tenantId,
      tell: ({ kind, target, because }, state) =>
        say(`${state.padEnd(8)} ${kind.padEnd(24)} ${target}${state === "planned" ? ` (${because})` : ""}\n`),
    },
    wishIn(values),
    mode,
  );
  conclude(outcome, { say, mode, json: values.json === true });
}

function wishIn(values: Values): Wish & { permissions: string[] } {
  const { identity, api, runner, reader, own, consent, policies } = values;
  return {
    api: values["no-api"] ? undefined : api,
    identity,
    callers: [
      ...runner.map((id) => ({ id, role: "Automation.Run" as const })),
      ...reader.map((id) => ({ id, role: "Automation.Read" as const })),
    ],
    adopted: own,
    permissions: [...ALWAYS, ...(consent ? CONSENT : []), ...(policies ? POLICIES : [])],
  };
}

function conclude(outcome: Outcome, { say, mode, json }: { say(line: string): void; mode: Mode; json: boolean }): void {
  if (json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  if (outcome.steps.length === 0) say("nothing to do\n");
  if (outcome.apiClientId) say(`API_AUDIENCE=${outcome.apiClientId}\n`);
  if (mode === "apply" && outcome.steps.some(({ target }) => target.includes("Microsoft Graph"))) {
    say("A running app gets new permissions with its next token: restart it, or wait up to a day\n");
  }
  if (outcome.handOver && !json) say(`\n${outcome.handOver}`);
  if (mode === "apply" && outcome.handOver) process.exitCode = 1;
}
