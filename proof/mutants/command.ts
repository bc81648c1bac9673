import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readOptions } from "../../scripts/command-line.ts";
import type { Bounds, Caught } from "./all-checks.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { plant } from "./plant.ts";

const HELP = `Plants faults in the rotation, one at a time, and shows which check catches each.

  npm run proof -- mutants                          all
  npm run proof -- mutants --only "grace"           those whose name contains it
  npm run proof -- mutants --seeds 20 --states 100000
  npm run proof -- mutants --help                   this text

Exit code 0 when every planted fault was caught, each by a promise that it really breaks, and the product itself was
not.
`;

const OPTIONS = {
  only: { type: "string", default: "" },
  seeds: { type: "string", default: "10" },
  states: { type: "string", default: "20000" },
} as const;

export async function run(): Promise<number | undefined> {
  const values = readOptions({ help: HELP, options: OPTIONS });
  return values && tryAll(values.only, { seeds: Number(values.seeds), states: Number(values.states) });
}

async function tryAll(only: string, bounds: Bounds): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-mutants-"));
  try {
    const chosen = [{ name: "(the product itself)", breaks: [], edits: [] }, ...MUTANTS].filter(({ name }) =>
      name.includes(only),
    );
    let wrong = 0;
    // Two at a time: one per core of a small machine.
    const queue = [...chosen.entries()];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [index, mutant] = next;
        const began = performance.now();
        const caught = await tryOut(mutant, { outfile: join(folder, `${index}.mjs`), bounds });
        const right = isRight(mutant, caught);
        if (!right) wrong += 1;
        tell(mutant, caught, { right, seconds: (performance.now() - began) / 1000 });
      }
    };
    await Promise.all([worker(), worker()]);
    process.stdout.write(`\n${chosen.length} tried, ${wrong} not as they should be\n`);
    return wrong === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Noticed by a promise that it really breaks; nothing may be noticed in the product itself. */
function isRight({ breaks }: Mutant, caught: Caught): boolean {
  if (!caught) return breaks.length === 0;
  return caught.promise !== undefined && breaks.includes(caught.promise);
}

/** Bundles product and checks with the fault in it, and runs the checks in a process of their own. */
async function tryOut(mutant: Mutant, { outfile, bounds }: { outfile: string; bounds: Bounds }): Promise<Caught> {
  await build({
    stdin: {
      contents: 'import { run } from "./all-checks.ts"; await run();',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    plugins: [plant(mutant)],
    logLevel: "silent",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [outfile, String(bounds.seeds), String(bounds.states)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
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

function tell(mutant: Mutant, caught: Caught, { right, seconds }: { right: boolean; seconds: number }): void {
  const verdict = right ? "ok  " : "FAIL";
  const how = caught ? `${caught.promise ?? "nothing judged"}, by ${caught.check}` : "no promise broken";
  process.stdout.write(`${verdict} ${mutant.name}: ${how} (${seconds.toFixed(0)} s)\n`);
}
