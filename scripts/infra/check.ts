import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Compiler, run } from "./compiler.ts";
import { holdAgainstTypes, type PredictedResource } from "./types.ts";

const infra = fileURLToPath(new URL("../../infra", import.meta.url));

/** Snapshots are evaluated as if deployed here. */
const SCOPE = [
  ["--subscription-id", "00000000-0000-0000-0000-000000000001"],
  ["--tenant-id", "00000000-0000-0000-0000-000000000002"],
  ["--resource-group", "rg-openmetadata"],
  ["--location", "westeurope"],
].flat();

/** What was looked at, and what is wrong with it: nothing, where `findings` is empty. */
export interface Report {
  name: string;
  findings: string[];
  /** Why it was not looked at. */
  skipped?: string;
}

/** Formats the Bicep files, and compiles `azuredeploy.json` and the snapshots anew. */
export function write({ file }: Compiler): Report[] {
  const format = run(file, ["format", "--pattern", "**/*.bicep"], infra);
  const built = run(file, ["build", "main.bicep", "--outfile", "azuredeploy.json"], infra);
  const snapshots = examples().map((name) => run(file, ["snapshot", `examples/${name}`, ...SCOPE], infra));
  return [{ name: "write", findings: [format, built, ...snapshots].flatMap(({ stderr }) => lines(stderr)) }];
}

/** Holds what is committed against the sources. `typesFolder` holds Microsoft's type definitions as data. */
export function check(compiler: Compiler, typesFolder: string | undefined): Report[] {
  const folder = mkdtempSync(join(tmpdir(), "infra-"));
  try {
    cpSync(infra, folder, { recursive: true });
    const graph = typesFolder
      ? publishGraphTypes(compiler, folder, typesFolder)
      : "no type definitions of Microsoft Graph";
    if (graph) rmSync(join(folder, "graph"), { recursive: true });
    const format = { name: "format", findings: unformatted(compiler, folder) };
    const linted = lines(run(compiler.file, ["lint", "--pattern", "**/*.bicep"], folder).stderr, folder);
    const lint = { name: graph ? "build and lint" : "build and lint, with infra/graph", findings: linted };
    const ofGraph = graph ? [{ name: "build and lint of infra/graph", findings: [], skipped: graph }] : [];
    // What does not compile would be told again by every step.
    if (linted.length > 0) return [format, lint];
    return [
      format,
      lint,
      ...ofGraph,
      { name: "lint of the examples", findings: lintedExamples(compiler, folder) },
      { name: "azuredeploy.json", findings: stale(compiler, folder) },
      ...examples().map((name) => ({ name: `snapshot of ${name}`, findings: changed(compiler, folder, name) })),
      againstTypes(typesFolder),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function examples(): string[] {
  return readdirSync(join(infra, "examples")).filter((name) => name.endsWith(".bicepparam"));
}

function unformatted({ file }: Compiler, folder: string): string[] {
  const { stderr } = run(file, ["format", "--pattern", "**/*.bicep"], folder);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".bicep"));
  const differ = files.filter(
    (name) => readFileSync(join(folder, name), "utf8") !== readFileSync(join(infra, name), "utf8"),
  );
  return [...lines(stderr, folder), ...differ.map((name) => `infra/${name} is not formatted`)];
}

function lintedExamples({ file }: Compiler, folder: string): string[] {
  return examples().flatMap((name) => lines(run(file, ["lint", `examples/${name}`], folder).stderr, folder));
}

/** Another release of the compiler may compile the same otherwise: its name and hashes do not count. */
function stale({ file }: Compiler, folder: string): string[] {
  const { stdout, stderr } = run(file, ["build", "main.bicep", "--stdout"], folder);
  const committed = readFileSync(join(infra, "azuredeploy.json"), "utf8");
  if (stdout !== "" && anonymous(stdout) === anonymous(committed)) return lines(stderr, folder);
  return [...lines(stderr, folder), "infra/azuredeploy.json is not what infra/main.bicep compiles to"];
}

function anonymous(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value) => (key === "_generator" ? undefined : value));
}

function changed({ file }: Compiler, folder: string, name: string): string[] {
  const { status, stdout, stderr } = run(
    file,
    ["snapshot", `examples/${name}`, "--mode", "validate", ...SCOPE],
    folder,
  );
  return status === 0 ? [] : lines(`${stderr}${stdout}`, folder);
}

/** Microsoft's extension comes from a registry; here one of the same types is made. Says why it cannot be. */
function publishGraphTypes({ file }: Compiler, folder: string, typesFolder: string): string | undefined {
  const indexFile = join(typesFolder, "index.json");
  const index = existsSync(indexFile) ? JSON.parse(readFileSync(indexFile, "utf8")) : { resources: {} };
  const graph = Object.entries<{ file: string; index: number }>(index.resources).filter(([name]) =>
    name.startsWith("Microsoft.Graph/"),
  );
  const [, first] = graph[0] ?? [];
  if (!first) return "no type definitions of Microsoft Graph";
  const extension = join(folder, "graph", "extension");
  cpSync(join(typesFolder, first.file), join(extension, "types.json"), { recursive: true });
  const resources = Object.fromEntries(graph.map(([name, place]) => [name, { $ref: `types.json#/${place.index}` }]));
  const settings = { name: "MicrosoftGraph", version: "1.0.0", isSingleton: false };
  writeFileSync(join(extension, "index.json"), JSON.stringify({ resources, resourceFunctions: {}, settings }));
  const { status } = run(file, ["publish-extension", "index.json", "--target", "../graph.tgz", "--force"], extension);
  rmSync(extension, { recursive: true });
  const own = JSON.parse(readFileSync(join(folder, "bicepconfig.json"), "utf8"));
  const config = { ...own, extensions: { microsoftGraphV1: "./graph.tgz" } };
  writeFileSync(join(folder, "graph", "bicepconfig.json"), JSON.stringify(config));
  return status === 0 ? undefined : "this compiler publishes no extension";
}

function againstTypes(folder: string | undefined): Report {
  const name = "Microsoft's type definitions";
  if (!folder || !existsSync(join(folder, "index.json"))) return { name, findings: [], skipped: "not on this machine" };
  const resources = examples().flatMap((example) => {
    const text = readFileSync(
      join(infra, "examples", example.replace(/param$/, "").replace(/bicep$/, "snapshot.json")),
      "utf8",
    );
    return (JSON.parse(text) as { predictedResources: PredictedResource[] }).predictedResources;
  });
  const { findings, unchecked } = holdAgainstTypes(folder, resources);
  return { name, findings: [...new Set([...findings, ...unchecked.map((one) => `${one}: not among the types`)])] };
}

/** Each line once, with paths as in this repository. A compiler also says there that a command is experimental. */
function lines(text: string, folder = infra): string[] {
  const all = text.replaceAll(folder, "infra").split("\n");
  return [...new Set(all)].filter((line) => line.trim() !== "" && !/^WARNING: .* experimental/.test(line));
}
