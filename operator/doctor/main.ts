import { parseArgs } from "node:util";
import { refuseOptions, takenByNpm } from "../../scripts/command-line.ts";
import { blotted } from "../../shared/errors.ts";
import { clock } from "../clock.ts";
import { failed } from "../failed.ts";
import { signedIn } from "../sign-in.ts";
import { examine, type Patient } from "./examine.ts";
import { type Finding, shown } from "./finding.ts";
import { faultIn, type Given, HELP, options } from "./options.ts";

const given = read();
if (given?.values.help) process.stdout.write(HELP);
else if (given) await main(given).catch(failed);

function read() {
  try {
    const given = parseArgs({ options, allowPositionals: true });
    const fault = given.values.help ? undefined : (takenByNpm(Object.keys(options)) ?? faultIn(given));
    if (fault === undefined) return given;
    refuseOptions(fault, HELP);
  } catch (error) {
    refuseOptions(error instanceof Error ? error.message : String(error), HELP);
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
