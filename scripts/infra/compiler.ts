import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** The release that compiled what is committed. */
export const COMPILER_VERSION = "0.49.2";

export interface Compiler {
  /** Where it came from, in words. */
  origin: string;
  file: string;
}

export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * The Bicep compiler of this machine: on the path, the one of the Azure CLI, or from NuGet where `dotnet` is there.
 * Undefined where there is none.
 */
export function findCompiler(): Compiler | undefined {
  if (run("bicep", ["--version"]).status === 0) return { origin: "bicep on the path", file: "bicep" };
  const ofCli = join(homedir(), ".azure", "bin", process.platform === "win32" ? "bicep.exe" : "bicep");
  if (existsSync(ofCli)) return { origin: "az bicep", file: ofCli };
  return restored();
}

/** Runs a command to its end; status 127 where there is no such command. */
export function run(command: string, args: readonly string[], cwd?: string): Ran {
  const env = { ...process.env, NO_COLOR: "1", DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    timeout: 300_000,
  });
  return { status: status ?? 127, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** Restores the package that holds a self-contained compiler into NuGet's own folder, where the next run finds it. */
function restored(): Compiler | undefined {
  const runtime = { linux: "linux", darwin: "osx", win32: "win" }[process.platform as string];
  if (!runtime || run("dotnet", ["--version"]).status !== 0) return undefined;
  const name = `Azure.Bicep.CommandLine.${runtime}-${process.arch}`;
  const file = join(
    packages(),
    name.toLowerCase(),
    COMPILER_VERSION,
    "tools",
    `bicep${runtime === "win" ? ".exe" : ""}`,
  );
  if (!existsSync(file)) restore(name);
  return existsSync(file) ? { origin: `NuGet ${name} ${COMPILER_VERSION}`, file } : undefined;
}

function restore(name: string): void {
  process.stderr.write(`infra: restoring ${name} ${COMPILER_VERSION} (once, about 50 MB)\n`);
  const folder = mkdtempSync(join(tmpdir(), "bicep-"));
  const project = `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>
<ItemGroup><PackageDownload Include="${name}" Version="[${COMPILER_VERSION}]" /></ItemGroup></Project>`;
  writeFileSync(join(folder, "bicep.csproj"), project);
  const { status, stdout, stderr } = run("dotnet", ["restore", "--packages", packages(), "bicep.csproj"], folder);
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) process.stderr.write(`infra: dotnet restore failed: ${(stderr || stdout).trim().slice(-500)}\n`);
}

function packages(): string {
  return process.env.NUGET_PACKAGES ?? join(homedir(), ".nuget", "packages");
}
