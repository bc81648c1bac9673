import { execFile, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../local/clock.ts";
import type { Context, Step } from "./step.ts";

/** What is missing on this machine for the steps to run; empty when nothing is. */
export const MISSING = ["bash", "curl", "jq"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);

/** How a step ended, with all that it wrote. */
export interface Ended {
  code: number;
  /** Standard output and error as they came, without the commands by which the runner is told of a token. */
  said: string;
  raw: string;
  /** How long it waited, each time, in seconds. */
  waits: number[];
  /** What it told the steps after it. */
  outputs: Context;
}

export interface Runner {
  /** What az answers; undefined: it is not signed in. */
  token: string | undefined;
  /** Command lines of az and curl so far. */
  commandLines(): Promise<string[]>;
  run(step: Step, on?: "github" | "azure-devops" | "shell", more?: Record<string, string>): Promise<Ended>;
  close(): Promise<void>;
}

/** Runs steps as a runner does. Their az is a stub; sleep and date go by the clock, so that nothing really waits. */
export async function startRunner(clock: Clock): Promise<Runner> {
  const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
  const runner: Runner = { token: undefined, commandLines, run, close };
  let waits: number[] = [];
  const control = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://stub");
    const args = searchParams.get("args") ?? "";
    if (pathname === "/sleep") {
      waits.push(Number(args));
      await clock.advance(Number(args) * 1000);
    }
    response.end(String(Math.floor(clock.now().getTime() / 1000)));
  });
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
  const address = control.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  await writeStubs(folder, origin);

  async function run(step: Step, on: "github" | "azure-devops" | "shell" = "github", more = {}): Promise<Ended> {
    waits = [];
    const output = join(folder, "output");
    await writeFile(output, "");
    await writeFile(join(folder, "token"), runner.token === undefined ? "" : `${runner.token}\n`);
    const file = "file" in step.script ? step.script.file : join(folder, "step.sh");
    if ("text" in step.script) await writeFile(file, step.script.text);
    const env = { ...environment(on, folder), ...step.env, ...more };
    // As GitHub runs `shell: bash`, and Azure DevOps a script.
    const how = on === "github" ? ["--noprofile", "--norc", "-eo", "pipefail", file] : [file];
    const ended = await new Promise<{ code: number; raw: string }>((resolve) => {
      const child = execFile("bash", how, { env, cwd: step.cwd ?? folder, maxBuffer: 1 << 26 }, () => {});
      let raw = "";
      child.stdout?.on("data", (piece) => (raw += piece));
      child.stderr?.on("data", (piece) => (raw += piece));
      child.once("close", (code) => resolve({ code: code ?? -1, raw }));
    });
    const said = ended.raw.replace(/^(::add-mask::|##vso\[task\.setsecret\]).*\n/gm, "");
    return { ...ended, said, waits, outputs: outputsIn(await readFile(output, "utf8")) };
  }

  async function commandLines(): Promise<string[]> {
    return (await readFile(join(folder, "command-lines"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  }

  async function close(): Promise<void> {
    control.closeAllConnections();
    control.close();
    await rm(folder, { recursive: true });
  }
  return runner;
}

function environment(on: string, folder: string): Record<string, string> {
  const path = { PATH: `${join(folder, "bin")}:${process.env.PATH}`, TMPDIR: folder };
  if (on === "github") {
    return { ...path, GITHUB_ACTIONS: "true", GITHUB_OUTPUT: join(folder, "output"), RUNNER_TEMP: folder };
  }
  return on === "azure-devops" ? { ...path, TF_BUILD: "True" } : path;
}

/** `curl` notes its command line, and then is the real one. */
async function writeStubs(folder: string, origin: string): Promise<void> {
  const real = spawnSync("bash", ["-c", "command -v curl"], { encoding: "utf8" }).stdout.trim();
  const ask = (path: string) => `"${real}" --silent --fail --get --data-urlencode "args=$*" ${origin}/${path}`;
  const note = (name: string) => `echo "${name} $*" >>"${folder}/command-lines"`;
  const stubs = {
    sleep: `${ask("sleep")} >/dev/null`,
    date: `[ "$*" = +%s ] || exit 2\n${ask("now")}`,
    az: `${note("az")}
read -r token <"${folder}/token" || { echo "ERROR: Please run 'az login' to setup account." >&2; exit 1; }
echo "$token"`,
    curl: `${note("curl")}\nexec "${real}" "$@"`,
  };
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const [name, text] of Object.entries(stubs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  }
}

function outputsIn(text: string): Context {
  return Object.fromEntries(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
