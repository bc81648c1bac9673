// Runs on whatever Node the machine has, from 20 on, so it is plain JavaScript without dependencies.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { withoutProxy } from "./loopback.mjs";
import { quoted } from "./quoted.mjs";

const HELP = `Installs what is missing, and then starts a program of this project on the project's own Node 24.

  node scripts/run.mjs journey/start.ts [arguments]    a file of the project
  node scripts/run.mjs vitest run [arguments]          a command of an installed package

Exit code: that of the program; 2 when there is no such program.
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const [program, ...given] = process.argv.slice(2);

if (program === undefined || program === "--help") {
  process.stdout.write(HELP);
  process.exit(program ? 0 : 2);
}
await import("./install.mjs");
start(/\.m?[jt]s$/.test(program) ? ["node", `${root}${program}`] : [program]);

/** Packages' commands, Node 24 among them, lie in node_modules/.bin, which comes first on the path. */
function start([command, ...entry]) {
  const missing = [...entry, ...(entry.length ? [] : [`${root}node_modules/.bin/${command}`])].find(
    (file) => !existsSync(file),
  );
  if (missing) {
    process.stderr.write(`There is no "${program}" in this project\n\n${HELP}`);
    process.exit(2);
  }
  const isWindows = process.platform === "win32";
  const all = [...entry, ...given];
  const child = spawn(command, isWindows ? all.map(quoted) : all, {
    stdio: "inherit",
    env: {
      ...process.env,
      ...withoutProxy(process.env),
      PATH: `${root}node_modules/.bin${delimiter}${process.env.PATH}`,
    },
    shell: isWindows,
  });
  // A terminal sends Ctrl+C to both; the program ends in its own way, and this process after it.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1);
  });
}
