// Runs before the other scripts on whatever Node the machine has, so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = `${root}/node_modules/.package-lock.json`;
const locked = `${root}/package-lock.json`;

/** Installed packages are missing, or older than the lock file that names them. */
function isStale() {
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(locked).mtimeMs;
}

if (isStale()) {
  process.stderr.write("installing what the lock file names (npm ci), about half a minute\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("Cannot install the packages: see npm's message above\n");
    process.exit(status ?? 1);
  }
}
