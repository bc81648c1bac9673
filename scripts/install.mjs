// Runs before the other scripts on whatever Node the machine has, so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * A package that the lock file names is not installed, or in another version. Asks for contents and not for dates:
 * a checkout touches the lock file without changing it. Optional packages are for other machines, or arrive with theirs.
 */
function isStale() {
  const installed = packagesIn("node_modules/.package-lock.json");
  return Object.entries(packagesIn("package-lock.json")).some(
    ([path, { version, optional }]) => path !== "" && !optional && installed[path]?.version !== version,
  );
}

function packagesIn(file) {
  return existsSync(root + file) ? JSON.parse(readFileSync(root + file, "utf8")).packages : {};
}

if (isStale()) {
  process.stderr.write("installing what the lock file names (npm ci), about half a minute\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // NODE_ENV=production would leave out what runs the commands.
  const { status } = spawnSync(npm, ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("Cannot install the packages: see npm's message above\n");
    process.exit(status ?? 1);
  }
}
