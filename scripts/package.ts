import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Metafile } from "esbuild";
import { bundle } from "./build.ts";
import { sbomOf } from "./sbom.ts";
import { filesBelow, zipFolder } from "./zip.ts";

const HELP = `Makes what is deployed: host.json, a package.json without dependencies, and the bundle.

  npm run package

  dist/package/                        the files, for whoever uploads a folder
  dist/openmetadata-entra.zip          the same as a zip; the same sources give the same bytes
  dist/openmetadata-entra.zip.sha256   its SHA-256, for sha256sum --check
  dist/openmetadata-entra.cdx.json     what is in it, as CycloneDX
`;

const root = fileURLToPath(new URL("..", import.meta.url));

/** Paths of what was made. */
export interface Packaged {
  folder: string;
  zip: string;
  checksum: string;
  sbom: string;
}

/** Bundles the app into `dist` and packs it there; what was packed there before is gone. */
export async function makePackage(dist: string): Promise<Packaged> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const folder = join(dist, "package");
  const zip = join(dist, `${manifest.name}.zip`);
  const made = { folder, zip, checksum: `${zip}.sha256`, sbom: join(dist, `${manifest.name}.cdx.json`) };
  await rm(folder, { recursive: true, force: true });
  const metafile = await bundle(join(dist, "main.cjs"));
  await stage(metafile, { from: dist, to: join(folder, dirname(manifest.main)) });
  await copyFile(join(root, "host.json"), join(folder, "host.json"));
  await writeFile(join(folder, "package.json"), `${JSON.stringify(deployed(manifest), null, 2)}\n`);
  const packed = await zipFolder(folder);
  await writeFile(zip, packed);
  await writeFile(made.checksum, `${createHash("sha256").update(packed).digest("hex")}  ${manifest.name}.zip\n`);
  await writeFile(made.sbom, sbomOf({ root, metafile, zip: packed }));
  return made;
}

/** Copies whatever the build has written, be it one file or many. */
async function stage({ outputs }: Metafile, { from, to }: { from: string; to: string }): Promise<void> {
  for (const output of Object.keys(outputs)) {
    const file = resolve(root, output);
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
  }
}

/** Without dependencies and scripts there is nothing that a build on the other side could try. */
function deployed({ name, version, license, type, main }: Record<string, string>): Record<string, string | undefined> {
  return { name, version, license, type, main };
}

async function report({ folder, zip, checksum, sbom }: Packaged): Promise<void> {
  const said = (path: string): string => relative(process.cwd(), path);
  const size = ((await readFile(zip)).length / 1_000_000).toFixed(2);
  const [digest] = (await readFile(checksum, "utf8")).split(" ");
  const { components } = JSON.parse(await readFile(sbom, "utf8"));
  process.stdout.write(`${said(folder)}/  ${(await filesBelow(folder)).join(", ")}\n`);
  process.stdout.write(`${said(zip)}  ${size} MB, SHA-256 ${digest}\n`);
  process.stdout.write(`${said(sbom)}  ${components.length} packages\n`);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) process.stdout.write(HELP);
  else await report(await makePackage(join(root, "dist")));
}
