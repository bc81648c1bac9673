import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";
import type { Edits } from "./mutants.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Changes the product's sources on their way into a bundle; no file is written.
 * @throws {Error} when a text does not stand exactly once where the mutant says: the product has changed since.
 */
export function plant({ name, edits }: Edits): Plugin {
  const files = new Set(edits.map(({ file }) => file));
  return {
    name: "plant",
    setup({ onLoad }) {
      onLoad({ filter: /\/shared\/.*\.ts$/ }, async ({ path }) => {
        const file = relative(root, path);
        if (!files.has(file)) return undefined;
        let contents = await readFile(path, "utf8");
        for (const { find, put } of edits.filter((edit) => edit.file === file)) {
          const [before, after, ...more] = contents.split(find);
          if (after === undefined || more.length > 0) {
            throw new Error(`Cannot plant "${name}": its text must stand exactly once in ${file}`);
          }
          contents = before + put + after;
        }
        return { contents, loader: "ts" };
      });
    },
  };
}
