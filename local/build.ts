import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles all functions into one CommonJS file, so that a cold start reads one file instead of thousands.
 * `@azure/functions-core` stays outside: the host provides it. The names of the files are the names of the functions.
 */
export async function bundle(outfile: string): Promise<void> {
  const entries = (await readdir(`${root}/functions`)).filter((file) => file.endsWith(".ts")).sort();
  await build({
    stdin: {
      contents: entries.map((file) => `import "./functions/${file}";`).join("\n"),
      resolveDir: root,
      sourcefile: "main.ts",
    },
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@azure/functions-core"],
    sourcemap: true,
    sourcesContent: false,
    minifySyntax: true,
    legalComments: "linked",
    logLevel: "warning",
  });
}

if (import.meta.main) await bundle(`${root}/dist/main.cjs`);
