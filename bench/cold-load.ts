import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { bundle } from "../scripts/build.ts";
import { compareStarts } from "./start-node.ts";
import type { Table } from "./table.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the app imports of each package that it depends on; the whole of the others. */
const IMPORTED: Record<string, string> = {
  "@azure/arm-appservice": `export { createWebSiteManagement } from "@azure/arm-appservice/api";`,
  "@azure/identity": `export { ManagedIdentityCredential } from "@azure/identity";`,
  "@azure/keyvault-secrets": `export { SecretClient } from "@azure/keyvault-secrets";`,
  "@azure/storage-queue": `export { QueueClient } from "@azure/storage-queue";`,
  "@microsoft/microsoft-graph-client": `export { Client } from "@microsoft/microsoft-graph-client";`,
  jose: `export { decodeJwt, jwtVerify, createRemoteJWKSet } from "jose";`,
  zod: `import * as z from "zod"; export const schema = z.string();`,
};

/** From the start of the process until all functions are registered, and what each dependency would add. */
export async function measureColdLoad({ quick }: { quick: boolean }, progress: (what: string) => void): Promise<Table> {
  // Beneath the project, so that what is not bundled finds the packages.
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "bench-"));
  try {
    const entries = await makeEntries(folder, quick);
    const rows = entries.map(([name, entry]) => {
      progress(`cold load: ${name}`);
      const { ratio, wallRatio, cpu, memory } = compareStarts(entry, quick ? 5 : 21);
      return [name, ratio, wallRatio, cpu, memory];
    });
    const columns = ["loaded", "CPU, × bare Node", "time, × bare Node", "CPU, ms", "memory, MB"];
    return { part: "cold-load", title: "Cold load", about: ABOUT, columns, rows };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ABOUT =
  "From the start of the process until the functions are registered, beside Node that loads nothing. Median of pairs " +
  "for processor time, fastest of each for time.";

async function makeEntries(folder: string, quick: boolean): Promise<[name: string, entry: string][]> {
  const app = join(folder, "app", "main.cjs");
  await bundle(app);
  const compile = async (name: string, contents: string, more: BuildOptions = {}): Promise<string> => {
    const outfile = join(folder, `${name.replaceAll("/", "-")}.cjs`);
    await build({ ...FORM, stdin: { contents, resolveDir: root, loader: "ts" }, outfile, ...more });
    return outfile;
  };
  const functions = `import { app } from "@azure/functions"; app.timer("t", { schedule: "0 0 * * * *", handler() {} });`;
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const entries: [string, string][] = [
    ["the app as it is shipped", app],
    ["`@azure/functions` alone, bundled: the floor", await compile("floor", functions)],
  ];
  if (quick) return entries;
  entries.push(["`@azure/functions` alone, from node_modules", await compile("unbundled", functions, OUTSIDE)]);
  for (const name of Object.keys(dependencies).filter((one) => one in IMPORTED)) {
    const contents = IMPORTED[name] ?? "";
    entries.push([`\`${name}\`, bundled`, await compile(name, contents)]);
    entries.push([`\`${name}\`, from node_modules`, await compile(`${name}-unbundled`, contents, OUTSIDE)]);
  }
  return entries;
}

const FORM = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  minifySyntax: true,
  minifyWhitespace: true,
  external: ["@azure/functions-core"],
  logLevel: "error",
} as const satisfies BuildOptions;
const OUTSIDE: BuildOptions = { packages: "external" };
