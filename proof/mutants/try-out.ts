import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Edits } from "./mutants.ts";
import type { Caught } from "./places.ts";
import { plant } from "./plant.ts";
import type { Looking } from "./search.ts";

/** Bundles product and checks with the fault in it, and looks in a process of its own. */
export async function tryOut(planted: Edits, { outfile, ...looking }: Looking & { outfile: string }): Promise<Caught> {
  await build({
    stdin: {
      contents: 'import { run } from "./search.ts"; await run();',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [plant(planted)],
    logLevel: "silent",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [outfile, JSON.stringify(looking)], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.once("exit", (code) => {
      if (code === 0) return resolve((JSON.parse(output) as Caught | null) ?? undefined);
      // A fault may also bring the checks themselves to a stop.
      resolve({ check: `checks that ended with exit code ${code}`, promise: undefined, told: "" });
    });
    child.once("error", reject);
  });
}
