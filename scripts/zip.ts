import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";

/** A file of Unix that everybody may read. */
const ATTRIBUTES = { os: 3, attrs: 0o100644 << 16 };

/** The files below a folder, as paths from it with `/`, in an order that no language changes. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Zips a folder: the same files always give the same bytes. */
export async function zipFolder(folder: string): Promise<Uint8Array> {
  const entries: Zippable = {};
  for (const file of await filesBelow(folder)) entries[file] = new Uint8Array(await readFile(join(folder, file)));
  // The first day that a zip can name. It is written by local time, so it is made by it: the same in every time zone.
  const mtime = new Date(1980, 0, 1, 12);
  return zipSync(entries, { level: 9, mtime, ...ATTRIBUTES });
}

/**
 * Unpacks a zip into a folder that exists.
 * @throws {Error} when an entry would land outside of it.
 */
export async function unzipInto(folder: string, zip: Uint8Array): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const target = resolve(folder, name);
    if (!target.startsWith(resolve(folder) + sep)) throw new Error(`Cannot unpack "${name}": it lies outside`);
    if (name.endsWith("/")) continue;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
