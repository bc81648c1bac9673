import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, context, type Metafile, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles all functions into one CommonJS file, so that a cold start reads one file instead of thousands.
 * `plugins` may change sources on the way in. Returns which files were written, and what is in each, as paths from the
 * root of the project.
 */
export async function bundle(outfile: string, plugins: Plugin[] = []): Promise<Metafile> {
  const { metafile } = await build({ ...(await options(outfile)), metafile: true, plugins });
  return metafile;
}

/** Bundles now, and again after every change of a source; `onBuilt` is called after each success, one at a time. */
export async function watchBundle(outfile: string, onBuilt: () => Promise<void>): Promise<() => Promise<void>> {
  let turn = Promise.resolve();
  const notify: Plugin = {
    name: "notify",
    setup: ({ onEnd }) =>
      onEnd(async ({ errors }) => {
        if (errors.length > 0) return;
        turn = turn.then(onBuilt);
        await turn;
      }),
  };
  const watcher = await context({ ...(await options(outfile)), plugins: [notify] });
  await watcher.watch();
  return () => watcher.dispose();
}

/** `@azure/functions-core` stays outside: the host provides it. */
async function options(outfile: string): Promise<BuildOptions> {
  const entries = (await readdir(`${root}/functions`)).filter((file) => file.endsWith(".ts")).sort();
  return {
    stdin: {
      contents: entries.map((file) => `import "./functions/${file}";`).join("\n"),
      resolveDir: root,
      sourcefile: "main.ts",
    },
    outfile,
    // Paths in the bundle start here, wherever the command was given.
    absWorkingDir: root,
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

if (import.meta.main) {
  const outfile = `${root}dist/main.cjs`;
  await bundle(outfile);
  process.stdout.write(`bundled into ${outfile}\n`);
}
