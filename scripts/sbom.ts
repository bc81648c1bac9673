import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

interface Component {
  "bom-ref": string;
  name: string;
  version: string;
  licenses?: unknown;
}

interface Sbom {
  serialNumber: string;
  metadata: { component: Component & Record<string, unknown> };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/** What the list is about: the sources, what was bundled from them, and the zip that holds it. */
interface Subject {
  root: string;
  metafile: Metafile;
  zip: Uint8Array;
}

/**
 * Lists as CycloneDX 1.5 what is in the package: of the packages that `npm sbom` knows those that left something in the
 * bundle. Nothing in it depends on the day or the folder; npm stands in it with its version.
 * @throws {Error} when something is bundled that is for development only.
 */
export function sbomOf({ root, metafile, zip }: Subject): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const sbom = askNpm(root);
  const bundled = packagesIn(root, metafile);
  const components = sbom.components.filter(({ name, version }) => bundled.delete(`${name}@${version}`));
  if (bundled.size > 0)
    throw new Error(`Cannot list what is in the package: npm sbom lacks ${[...bundled].join(", ")}`);
  const { "bom-ref": own } = sbom.metadata.component;
  const known = new Set([own, ...components.map((one) => one["bom-ref"])]);
  const digest = createHash("sha256").update(zip).digest("hex");
  const component = {
    "bom-ref": own,
    type: "application",
    name,
    version,
    purl: `pkg:npm/${name}@${version}`,
    hashes: [{ alg: "SHA-256", content: digest }],
    licenses: [{ license: { id: license } }],
  };
  const { timestamp: _day, ...metadata } = sbom.metadata as Sbom["metadata"] & { timestamp?: string };
  const listed = {
    ...sbom,
    serialNumber: `urn:uuid:${uuidFrom(digest)}`,
    metadata: { ...metadata, component },
    components,
    dependencies: sbom.dependencies
      .filter(({ ref }) => known.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => known.has(other)) })),
  };
  return `${JSON.stringify(listed, null, 2)}\n`;
}

/**
 * Everything: with `--omit dev`, which NODE_ENV=production means too, npm 11 leaves out what development needs as well,
 * zod for example.
 */
function askNpm(root: string): Sbom {
  const isWindows = process.platform === "win32";
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--include=dev"];
  const options = { cwd: root, encoding: "utf8", shell: isWindows, maxBuffer: 64 * 1024 * 1024 } as const;
  return JSON.parse(execFileSync(isWindows ? "npm.cmd" : "npm", args, options));
}

/** The packages of which code is in the bundle, as `name@version` by the lock file. */
function packagesIn(root: string, { outputs }: Metafile): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const found = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const [folder, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
      if (!folder || bytesInOutput === 0) continue;
      const { version, dev } = packages[folder] ?? {};
      if (dev)
        throw new Error(`Cannot package "${name}": it is bundled, so move it from devDependencies to dependencies`);
      found.add(`${name}@${version}`);
    }
  }
  return found;
}

/** A UUID of version 8, which may hold anything, made of the first half of a digest. */
function uuidFrom(digest: string): string {
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digest) ?? [];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
