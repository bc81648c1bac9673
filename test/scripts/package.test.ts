import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openSetting, root } from "../../journey/setting.ts";
import { type Unpacked, unpack } from "../../journey/unpack.ts";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import { makePackage, type Packaged } from "../../scripts/package.ts";
import { sbomOf } from "../../scripts/sbom.ts";
import { filesBelow, unzipInto } from "../../scripts/zip.ts";
import { leftByCoreTools, leftByVsCode } from "./func-ignore.ts";

let dist: string;
let packaged: Packaged;
let unpacked: Unpacked;
const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "openmetadata-entra-packing-"));
  folders.push(folder);
  return folder;
}

beforeAll(async () => {
  dist = await newFolder();
  packaged = await makePackage(dist);
  unpacked = await unpack(packaged.zip);
  folders.push(unpacked.folder);
});

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

describe("the package", () => {
  it("holds host.json, package.json and what the build has written, and nothing else", async () => {
    const built = (await filesBelow(dist)).filter((file) => !/^package\/|^openmetadata-entra\./.test(file));
    expect(built).toContain("main.cjs");
    const wanted = [...built.map((file) => `dist/${file}`), "host.json", "package.json"];
    expect(await filesBelow(unpacked.folder)).toEqual(wanted);
    expect(await filesBelow(packaged.folder)).toEqual(await filesBelow(unpacked.folder));
    for (const file of await filesBelow(packaged.folder)) {
      expect(await readFile(join(unpacked.folder, file)), file).toEqual(await readFile(join(packaged.folder, file)));
    }
    expect(await readFile(join(unpacked.folder, "host.json"))).toEqual(await readFile(join(root, "host.json")));
  });

  it("has a package.json without anything that could be installed or built on the other side", async () => {
    const given = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const { name, version, license, type, main } = given;
    expect(JSON.parse(await readFile(join(unpacked.folder, "package.json"), "utf8"))).toEqual({
      name,
      version,
      license,
      type,
      main,
    });
  });

  it("has the same bytes in another folder, another time zone, on another day, and in a shell for production", async () => {
    vi.stubEnv("TZ", "Pacific/Kiritimati");
    vi.stubEnv("NODE_ENV", "production");
    try {
      const again = await makePackage(await newFolder());
      for (const part of ["zip", "checksum", "sbom"] as const) {
        const [one, other] = [await readFile(packaged[part]), await readFile(again[part])];
        expect(one.equals(other), part).toBe(true);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("comes with its SHA-256, in the form that sha256sum checks", async () => {
    const digest = createHash("sha256")
      .update(await readFile(packaged.zip))
      .digest("hex");
    expect(await readFile(packaged.checksum, "utf8")).toBe(`${digest}  openmetadata-entra.zip\n`);
  });

  it("names no folder of the machine on which it was made", async () => {
    // Source maps lead from where the package was made to the sources: here that is far away.
    for (const file of (await filesBelow(unpacked.folder)).filter((name) => !name.endsWith(".map"))) {
      expect(await readFile(join(unpacked.folder, file), "utf8"), file).not.toContain(root);
    }
  });

  it("works far from the sources and their node_modules", async () => {
    const certificate = await createCertificate();
    trustCertificate(certificate);
    const setting = await openSetting({ start: new Date("2031-03-03T12:00:00Z"), certificate, ...unpacked });
    try {
      expect(setting.host.functions.length).toBeGreaterThan(7);
      expect(await setting.call("POST", "provision", { dryRun: true })).toMatchObject({ status: 200 });
    } finally {
      await setting.close();
    }
  });
});

describe("the list of what is in it", () => {
  it("names every package of which there is code in the bundle, by the version that is installed, and no other", async () => {
    const inside = new Set<string>();
    for (const file of await filesBelow(unpacked.folder)) {
      if (!file.endsWith(".cjs.map")) continue;
      const { sources } = JSON.parse(await readFile(join(unpacked.folder, file), "utf8"));
      for (const source of sources as string[]) {
        // A package that comes bundled has a map of its own, which calls what is in it by the name of the package.
        const path = source.replace(/^webpack:\/\//, "node_modules/");
        const [, folder] = /(node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
        if (folder === undefined) continue;
        const { name, version } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
        inside.add(`${name}@${version}`);
      }
    }
    expect(inside.size).toBeGreaterThan(20);
    const { components } = JSON.parse(await readFile(packaged.sbom, "utf8"));
    const listed = components.map(({ name, version }: Record<string, string>) => `${name}@${version}`);
    expect([...listed].sort()).toEqual([...inside].sort());
  });

  it("is about this zip, and leads to each package with its hash and licence", async () => {
    const { bomFormat, metadata, components, dependencies } = JSON.parse(await readFile(packaged.sbom, "utf8"));
    const [digest] = (await readFile(packaged.checksum, "utf8")).split(" ");
    expect(bomFormat).toBe("CycloneDX");
    expect(metadata.component).toMatchObject({ name: "openmetadata-entra", hashes: [{ content: digest }] });
    for (const { name, hashes, licenses, purl } of components) {
      expect({ name, hashes, licenses, purl }).toEqual({
        name,
        hashes: [{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        licenses: [{ license: { id: expect.any(String) } }],
        purl: expect.stringMatching(/^pkg:npm\//),
      });
    }
    const known = [metadata.component, ...components].map((one) => one["bom-ref"]);
    expect(dependencies.map(({ ref }: { ref: string }) => ref).sort()).toEqual(known.sort());
  });

  it("refuses a package that is only for development, because nobody would look after it", () => {
    const output = { bytes: 1, imports: [], exports: [], inputs: { "node_modules/hono/a.js": { bytesInOutput: 1 } } };
    const metafile = { inputs: {}, outputs: { "dist/main.cjs": output } };
    expect(() => sbomOf({ root, metafile, zip: new Uint8Array() })).toThrow(
      'Cannot package "hono": it is bundled, so move it from devDependencies to dependencies',
    );
  });
});

describe("a zip", () => {
  it("that reaches out of its folder is not unpacked", async () => {
    const zip = zipSync({ "../outside.txt": new Uint8Array(1) });
    await expect(unzipInto(await newFolder(), zip)).rejects.toThrow('Cannot unpack "../outside.txt": it lies outside');
  });
});

describe("whoever publishes from the sources", () => {
  /** What is in a checkout in which somebody has worked. */
  async function checkout(): Promise<string[]> {
    const sources: string[] = [];
    for (const entry of await readdir(root, { withFileTypes: true })) {
      if (entry.isFile()) sources.push(entry.name);
      else if (/^(\.git|node_modules|dist)$/.test(entry.name)) sources.push(`${entry.name}/config`);
      else sources.push(...(await filesBelow(join(root, entry.name))).map((file) => `${entry.name}/${file}`));
    }
    const made = (await filesBelow(dist)).map((file) => `dist/${file}`);
    const left = [".env", "answer.json", "local.settings.json", ".azure/dev/.env", "coverage/index.html"];
    const installed = [
      "node_modules/.package-lock.json",
      "node_modules/zod/index.cjs",
      "node_modules/zod/package.json",
    ];
    return [...new Set([...sources, ...made, ...left, ...installed])];
  }

  it.each([
    { who: "VS Code", left: leftByVsCode },
    { who: "func azure functionapp publish", left: leftByCoreTools },
  ])("with $who uploads the files of the package by .funcignore, no other", async ({ left }) => {
    const funcIgnore = await readFile(join(root, ".funcignore"), "utf8");
    expect(left(funcIgnore, await checkout()).sort()).toEqual(await filesBelow(unpacked.folder));
  });

  it("with VS Code uploads the very zip, made anew", async () => {
    const settings = JSON.parse(await readFile(join(root, ".vscode/settings.json"), "utf8"));
    const { tasks } = JSON.parse(await readFile(join(root, ".vscode/tasks.json"), "utf8"));
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(settings["azureFunctions.deploySubpath"]).toBe(packaged.zip.replace(dist, "dist"));
    const task = tasks.find(({ label }: { label: string }) => label === settings["azureFunctions.preDeployTask"]);
    expect(scripts[task.script]).toBe("node scripts/run.mjs scripts/package.ts");
  });
});
