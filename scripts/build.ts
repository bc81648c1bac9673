import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin, transform } from "esbuild";
import { readOptions } from "./command-line.ts";

const HELP = `Checks the types, and bundles the app into dist/: main.cjs, which registers the functions, and what they load.

  npm run build
`;

const root = fileURLToPath(new URL("..", import.meta.url));

/** What both steps of a build have in common. */
const FORM = { platform: "node", target: "node22", sourcesContent: false, logLevel: "warning" } as const;

/**
 * Bundles all functions into CommonJS files: `main`, which registers them, so that a cold start reads one small file
 * instead of thousands, and beside it what they load when they run for the first time. What an earlier build has left
 * there is gone. `plugins` may change sources on the way in. Returns which files were written, and what is in each, as
 * paths from the root of the project.
 */
export async function bundle(main: string, plugins: Plugin[] = [], folder = root): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    ...(await options(main, folder)),
    plugins,
    write: false,
    metafile: true,
  });
  const dist = dirname(main);
  await mkdir(dist, { recursive: true });
  const earlier = (await readdir(dist)).filter((file) => /\.cjs(\.|$)/.test(file));
  await Promise.all(earlier.map((file) => rm(join(dist, file))));
  await Promise.all(outputFiles.map((file) => write(file, outputFiles)));
  return metafile;
}

/**
 * Writes one file of a bundle. esbuild splits ES modules only, but CommonJS is what the development host can drop from
 * memory to load it anew: the split files are made into that one by one.
 */
async function write({ path, text }: OutputFile, all: OutputFile[]): Promise<void> {
  if (path.endsWith(".cjs.map")) return; // goes with its file
  const given = all.find((other) => other.path === `${path}.map`)?.contents;
  if (!given) return writeFile(path, text);
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(given).toString("base64")}`;
  const { code, map } = await transform(`${text}\n${inline}`, {
    ...FORM,
    format: "cjs",
    sourcemap: "external",
    sourcefile: basename(path),
    minifyWhitespace: true,
    supported: { "dynamic-import": false },
  });
  await writeFile(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
  await writeFile(`${path}.map`, map);
}

/**
 * Bundles now, and again after every change of a source, of host.json and of local.settings.json; what is wrong with a
 * source is said on stderr. `onBuilt` is called after each success by which something has changed, one at a time.
 * Returns when the first is over, with what ends it. `folder` holds the sources, if they are not those of this project.
 */
export async function watchBundle(
  outfile: string,
  onBuilt: () => Promise<void>,
  folder = root,
): Promise<() => Promise<void>> {
  let turn = Promise.resolve();
  let waiting = false;
  let last = "";
  const build = async (): Promise<void> => {
    // From here on a change counts for the next turn.
    waiting = false;
    const built = await bundle(outfile, [], folder).then(
      () => true,
      () => false,
    );
    if (!built) return;
    // On a busy machine the events of one edit come so far apart that they are taken for two.
    const found = await fingerprint(outfile, folder);
    if (found === last) return;
    last = found;
    await onBuilt();
  };
  const changed = (): void => {
    if (waiting) return;
    waiting = true;
    turn = turn.then(settle).then(build);
  };
  // Not esbuild's own watch: it looks for changes every now and then, among thousands of files, and knows no new ones.
  const { watch } = await import("chokidar");
  const watched = ["functions", "shared", ...SETTINGS].map((name) => join(folder, name));
  const watcher = watch(watched, { ignoreInitial: true }).on("all", changed);
  await once(watcher, "ready");
  changed();
  await turn;
  return async () => {
    await watcher.close();
    await turn;
  };
}

const SETTINGS = ["host.json", "local.settings.json"];

/** Of all that an app is loaded from. */
async function fingerprint(outfile: string, folder: string): Promise<string> {
  const dist = dirname(outfile);
  const bundled = (await readdir(dist)).filter((file) => file.endsWith(".cjs")).sort();
  const files = [...bundled.map((file) => join(dist, file)), ...SETTINGS.map((file) => join(folder, file))];
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(await readFile(file).catch(() => "not there"));
  return hash.digest("hex");
}

/** One edit is several events, and a file may be empty for a moment: a really passing moment, whatever the clock says. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 50));
}

/** `@azure/functions-core` stays outside: the host provides it. */
async function options(main: string, folder: string): Promise<BuildOptions> {
  const entries = (await readdir(join(folder, "functions"))).filter((file) => file.endsWith(".ts")).sort();
  return {
    stdin: {
      contents: entries.map((file) => `import "./functions/${file}";`).join("\n"),
      resolveDir: folder,
      sourcefile: "main.ts",
    },
    ...FORM,
    outdir: dirname(main),
    entryNames: basename(main, ".cjs"),
    outExtension: { ".js": ".cjs" },
    // Paths in the bundle start here, wherever the command was given.
    absWorkingDir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    // supports-color is an optional extra of debug, which a development package may have brought.
    external: ["@azure/functions-core", "supports-color"],
    // Only a browser's sign-in asks where its file lies, and does without.
    define: { "import.meta.url": "undefined" },
    sourcemap: "external",
    minifySyntax: true,
    legalComments: "linked",
  };
}

if (import.meta.main && readOptions({ help: HELP, options: {} })) {
  const outfile = `${root}dist/main.cjs`;
  await bundle(outfile);
  process.stdout.write(`bundled into ${outfile}\n`);
}
