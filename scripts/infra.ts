import { join } from "node:path";
import { parseArgs } from "node:util";
import { check, type Report, write } from "./infra/check.ts";
import { findCompiler } from "./infra/compiler.ts";

const HELP = `npm run infra [-- --write]

Holds what is committed under infra/ against its sources: format, every rule of the linter, azuredeploy.json, and the
snapshots of the examples. Needs a Bicep compiler: on the path, of the Azure CLI, or from NuGet where dotnet is there.
Without one it says so and ends with 0; the tests look at what is committed in any case.

  --write         formats, and compiles azuredeploy.json and the snapshots anew
  --types FOLDER  Microsoft's type definitions as data; otherwise CONTRACTS_DIR/bicep-types, where that is set
  --help          this text

Exit code: 0 nothing found or skipped, 1 something found, 2 called wrongly.
`;

process.exitCode = main();

function options() {
  try {
    const known = { write: { type: "boolean" }, types: { type: "string" }, help: { type: "boolean" } } as const;
    return parseArgs({ options: known }).values;
  } catch (error) {
    process.stderr.write(`infra: ${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

function main(): number {
  const values = options();
  if (!values) return 2;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const compiler = findCompiler();
  if (!compiler) {
    process.stdout.write("infra: skipped: no Bicep compiler (az bicep install, or the .NET SDK, brings one)\n");
    return 0;
  }
  process.stdout.write(`infra: ${compiler.origin}\n`);
  const contracts = process.env.CONTRACTS_DIR;
  const types = values.types ?? (contracts ? join(contracts, "bicep-types") : undefined);
  const reports = values.write ? write(compiler) : check(compiler, types);
  for (const report of reports) process.stdout.write(show(report));
  return reports.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

function show({ name, findings, skipped }: Report): string {
  if (skipped) return `infra: skipped: ${name}: ${skipped}\n`;
  if (findings.length === 0) return `infra: ok: ${name}\n`;
  return `infra: FOUND: ${name}\n${findings.map((finding) => `  ${finding}\n`).join("")}`;
}
