import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../journey/setting.ts";
import type { Graph } from "../../shared/clients/graph/graph.ts";
import { explainNamesake } from "../../shared/clients/graph/namesakes.ts";
import { ownObjectId } from "../../shared/clients/identity.ts";
import { readFromVault } from "../../shared/configuration/vault-commands.ts";
import { callerTokenCommand } from "../../shared/deployment/caller-token.ts";
import { notOursHint } from "../../shared/deployment/maker.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { POWER_SHELL, WITHOUT_POWER_SHELL } from "../operator/power-shell.ts";

/** Writes down what it is called with, a line for each call, and prints an id. */
const STUB = `#!/bin/sh
for one in "$0" "$@"; do printf '[%s]' "\${one##*/bin/}" >> "$CALLS"; done
echo >> "$CALLS"
echo found
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "shells-"));
  execFileSync("mkdir", [join(folder, "bin")]);
  for (const name of ["az", "npm"]) writeFileSync(join(folder, "bin", name), STUB, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function calls(shell: string, args: readonly string[]): string[] {
  const file = join(folder, "calls");
  writeFileSync(file, "");
  const PATH = [join(folder, "bin"), process.env.PATH].join(delimiter);
  execFileSync(shell, args, { cwd: folder, env: { ...process.env, PATH, CALLS: file }, stdio: "pipe" });
  return readFileSync(file, "utf8").trim().split("\n");
}

/** Each line by itself, so that one that is not understood does not hide the others. */
function inPowerShell(lines: readonly string[]): string[] {
  const script = lines.map((line) => `try { Invoke-Expression @'\n${line}\n'@ } catch { az not understood }`);
  return calls(POWER_SHELL ?? "", ["-NoProfile", "-NonInteractive", "-Command", script.join("\n")]);
}

/** Commands of az and npm in the documents, each as one line, with something in place of what a reader fills in. */
function documented(): string[] {
  const files = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
  const texts = files.filter((name) => name.endsWith(".md")).map((name) => readFileSync(join(root, name), "utf8"));
  const blocks = texts.flatMap((text) => [...text.matchAll(/```bash\n(.*?)```/gs)].map(([, block = ""]) => block));
  const lines = blocks.flatMap((block) => block.replaceAll("\\\n", "").split("\n"));
  const spans = texts.flatMap((text) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span));
  return [...new Set([...lines, ...spans].filter((line) => /^(az|npm run) /.test(line)))].map((line) =>
    line.replace(/<[^>]+>/g, "XX"),
  );
}

/** The lines of commands in a hint. */
const commandsIn = (hint: string): string[] => hint.split("\n").filter((line) => line.startsWith("az "));

async function hintOfNamesake(): Promise<string> {
  const refused = new UpstreamError("no", { service: "Microsoft Graph", status: 403 });
  const blind = { url: "https://graph.microsoft.com", get: () => Promise.reject(refused) } as unknown as Graph;
  const collision = new UpstreamError("same value for property uniqueName already exists", {
    service: "Microsoft Graph",
    status: 400,
  });
  return explainNamesake(blind, "openmetadata-server", collision).catch(({ hint }: { hint: string }) => hint);
}

describe.skipIf(!POWER_SHELL)(`in PowerShell as in bash${WITHOUT_POWER_SHELL}`, () => {
  it("the documents' commands of az and npm say the same", () => {
    const lines = documented();
    expect(lines.length).toBeGreaterThan(50);
    expect(inPowerShell(lines)).toEqual(calls("bash", ["-c", lines.join("\n")]));
  }, 120_000);

  it("the hints' commands of az say the same, and hold nothing that az.cmd loses on Windows", async () => {
    const lines = [
      callerTokenCommand("api"),
      readFromVault({ vaultUri: "https://kv.vault.azure.net/secrets/one" } as never),
      ...commandsIn(notOursHint({ clientId: "client" })),
      ...commandsIn(await hintOfNamesake()),
      // As where no token names the app's identity: the command finds it.
      `az role assignment create --assignee-object-id ${await ownObjectId(async () => undefined)} --scope "$(az keyvault show --name kv --query id --output tsv)"`,
      "az role assignment list --assignee $(az resource list --name func --query '[0].identity.principalId' --output tsv)",
    ];
    const said = calls("bash", ["-c", lines.join("\n")]);
    expect(said.length).toBeGreaterThanOrEqual(lines.length);
    expect(inPowerShell(lines)).toEqual(said);
    expect(said.join("\n")).not.toMatch(/["&|<>^%]/);
  }, 120_000);
});
