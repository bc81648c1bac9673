import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipInto } from "../scripts/zip.ts";

/** A package as the host finds it: the folder with host.json, and the entry that its package.json names. */
export interface Unpacked {
  folder: string;
  main: string;
}

/** Unpacks a package into a new folder, far from the sources and their node_modules; whoever asked removes it. */
export async function unpack(zip: string): Promise<Unpacked> {
  const packed = await readFile(zip);
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-package-"));
  await unzipInto(folder, packed);
  const { main } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return { folder, main: join(folder, main) };
}
