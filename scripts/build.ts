import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { readOptions } from "./command-line.ts";

const HELP = `Checks the types, and bundles the app into dist/main.cjs.

  npm run build
`;

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles all functions into one CommonJS file, so that a cold start reads one file instead of thousands.
 * `plugins` may change sources on the way in. Returns which files were written, and what is in each, as paths from the
 * root of the project.
 */
export async function bundle(outfile: string, plugins: Plugin[] = [], folder = root): Promise<Metafile> {
  const { metafile } = await build({ ...(await options(outfile, folder)), metafile: true, plugins });
  return metafile;
}

/**
 * Bundles now, and again after every change of a source, of host.json and of local.settings.json; what is wrong with a
 * source is said on stderr. `onBuilt` is called after each success, one at a time. Returns when the first is over, with
 * what ends it. `folder` holds the sources, if they are not those of this project.
 */
export async function watchBundle(
  outfile: string,
  onBuilt: () => Promise<void>,
  folder = root,
): Promise<() => Promise<void>> {
  let turn = Promise.resolve();
  let waiting = false;
  const build = async (): Promise<void> => {
    // From here on a change counts for the next turn.
    waiting = false;
    const built = await bundle(outfile, [], folder).then(
      () => true,
      () => false,
    );
    if (built) await onBuilt();
  };
  const changed = (): void => {
    if (waiting) return;
    waiting = true;
    turn = turn.then(settle).then(build);
  };
  // Not esbuild's own watch: it looks for changes every now and then, among thousands of files, and knows no new ones.
  const { watch } = await import("chokidar");
  const watched = ["functions", "shared", "host.json", "local.settings.json"].map((name) => join(folder, name));
  const watcher = watch(watched, { ignoreInitial: true }).on("all", changed);
  await once(watcher, "ready");
  changed();
  await turn;
  return async () => {
    await watcher.close();
    await turn;
  };
}

/** One edit is several events, and a file may be empty for a moment: a really passing moment, whatever the clock says. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 50));
}

/** `@azure/functions-core` stays outside: the host provides it. */
async function options(outfile: string, folder: string): Promise<BuildOptions> {
  const entries = (await readdir(join(folder, "functions"))).filter((file) => file.endsWith(".ts")).sort();
  return {
    stdin: {
      contents: entries.map((file) => `import "./functions/${file}";`).join("\n"),
      resolveDir: folder,
      sourcefile: "main.ts",
    },
    outfile,
    // Paths in the bundle start here, wherever the command was given.
    absWorkingDir: folder,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    // supports-color is an optional extra of debug, which a development package may have brought.
    external: ["@azure/functions-core", "supports-color"],
    sourcemap: true,
    sourcesContent: false,
    minifySyntax: true,
    legalComments: "linked",
    logLevel: "warning",
  };
}

if (import.meta.main && readOptions({ help: HELP, options: {} })) {
  const outfile = `${root}dist/main.cjs`;
  await bundle(outfile);
  process.stdout.write(`bundled into ${outfile}\n`);
}
