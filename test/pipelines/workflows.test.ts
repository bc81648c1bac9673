import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../../journey/setting.ts";
import { movableClock } from "../../local/clock.ts";
import { readAction, readWorkflow, stepsOf } from "./github.ts";
import { MISSING, type Runner, startRunner } from "./runner.ts";
import { read } from "./step.ts";

const namesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(root, folder))).filter((name) => name.endsWith(".yml")).map((name) => `${folder}/${name}`);

const [own, github, azureDevOps] = await Promise.all(
  [".github/workflows", "examples/github", "examples/azure-devops"].map(namesIn),
);
const workflows = [...(own ?? []), ...(github ?? [])];
const { version, scripts } = JSON.parse(await read("package.json"));

describe("each workflow", () => {
  it.each(workflows)(
    "%s pins what it uses: by commit with the version beside it, this repository by its release",
    async (path) => {
      for (const [, used = ""] of (await read(path)).matchAll(/\buses: (.*)/g)) {
        expect(used).toMatch(
          used.startsWith("OWNER/")
            ? `OWNER/openmetadata-entra/.github/actions/call@v${version}`
            : /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
        );
      }
    },
  );

  it.each(workflows)("%s may do no more than it needs", async (path) => {
    const { permissions, jobs } = await readWorkflow(path);
    const rights = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})];
    expect(rights).toEqual(RIGHTS[path.replace(/.*\//, "")] ?? SIGNS_IN);
  });

  it.each(workflows)("%s puts nothing into a script but by the environment", async (path) => {
    for (const { steps } of Object.values((await readWorkflow(path)).jobs)) {
      for (const { run } of steps) expect(run ?? "").not.toContain("${{");
    }
  });

  it.each(workflows)("%s runs only scripts that there are", async (path) => {
    for (const [, script = ""] of (await read(path)).matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty(script);
  });
});

it("each example has time for all that its calls may wait", async () => {
  const { wait } = (await readAction()).inputs;
  const waits = (text: string, call: RegExp): number =>
    text
      .split(call)
      .slice(1)
      .reduce((sum, one) => sum + Number(/\bwait: "(\d+)"/.exec(one)?.[1] ?? wait?.default), 0);
  for (const path of github ?? []) {
    const text = await read(path);
    const [, limit] = /timeout-minutes: (\d+)/.exec(text) ?? [];
    expect(waits(text, /uses: OWNER/), path).toBeLessThan(Number(limit));
  }
  // Learn, "Specify jobs in your pipeline": an hour, where nothing else is said.
  for (const path of azureDevOps ?? []) {
    if (path.endsWith("/call.yml")) continue;
    expect(waits(await read(path), /template: examples/), path).toBeLessThan(60);
  }
});

it("a leaked secret waits for no other workflow, and is dropped for none", async () => {
  const groups = await Promise.all(
    (github ?? []).map(async (path) => [path, parse(await read(path)).concurrency] as const),
  );
  const [, own] = groups.find(([path]) => path.endsWith("leaked-secret.yml")) ?? [];
  expect(groups.filter(([, group]) => group !== undefined && group === own)).toHaveLength(1);
  // GitHub keeps one waiting run of a group: two credentials must not drop each other.
  expect(own).toMatch(/\$\{\{ inputs\.credential \}\}/);
});

describe("the README's block", () => {
  it("calls the action of this release with inputs that it has", async () => {
    const [, block = ""] = /## Call it from a pipeline\n[^#]*?```yaml\n(.*?)```/s.exec(await read("README.md")) ?? [];
    const { steps, permissions } = parse(block);
    const call = steps.find(({ uses }: { uses: string }) => uses.startsWith("OWNER/"));
    expect(call.uses).toBe(`OWNER/openmetadata-entra/.github/actions/call@v${version}`);
    expect(Object.keys(call.with)).toEqual(Object.keys((await readAction()).inputs));
    expect(permissions).toEqual({ "id-token": "write" });
  });
});

const SIGNS_IN = [{}, { "id-token": "write" }];
const RIGHTS: Record<string, Record<string, string>[]> = {
  "ci.yml": [{ contents: "read" }, {}],
  "mutation.yml": [{ contents: "read" }, {}],
  "release.yml": [{}, { contents: "read" }, { contents: "write", "id-token": "write", attestations: "write" }],
};

describe("each pipeline of Azure DevOps", () => {
  it.each((azureDevOps ?? []).filter((path) => !path.endsWith("/call.yml")))(
    "%s takes the template of this release",
    async (path) => {
      const { resources, steps } = parse(await read(path));
      expect(resources.repositories).toMatchObject([
        { repository: "openmetadata-entra", ref: `refs/tags/v${version}` },
      ]);
      expect(steps[0]).toEqual({ checkout: "openmetadata-entra", path: "openmetadata-entra" });
    },
  );
});

describe.skipIf(MISSING.length > 0)("a release", () => {
  let runner: Runner;
  let folder: string;

  beforeAll(async () => {
    runner = await startRunner(movableClock(new Date("2031-03-03T12:00:00Z")));
    folder = await mkdtemp(join(tmpdir(), "release-"));
    await writeFile(join(folder, "package.json"), '{"version":"1.2.3"}');
    await writeFile(join(folder, "openmetadata-entra.zip"), "");
  });

  afterAll(async () => {
    await runner.close();
    await rm(folder, { recursive: true });
  });

  async function run(name: string, tag: string) {
    const known = { "github.ref_name": tag, "github.token": "t", "github.repository": "owner/name" };
    const steps = (await stepsOf(".github/workflows/release.yml")).map((step) => step(known));
    const step = steps.find((one) => one.name === name);
    if (!step) throw new Error(`There is no step "${name}"`);
    return runner.run({ ...step, cwd: folder }, "github", { PATH: `${folder}:${process.env.PATH}` });
  }

  it("is made of a tag that names the version, and of no other", async () => {
    expect(await run("Compare the tag with the version", "v1.2.3")).toMatchObject({ code: 0 });
    expect(await run("Compare the tag with the version", "v1.2.4")).toMatchObject({
      code: 1,
      said: "::error::The tag is v1.2.4, but package.json says 1.2.3: tag v1.2.3, or change the version first\n",
    });
  });

  it.each([
    ["v1.2.3", "--prerelease=false"],
    ["v1.2.3-rc.1", "--prerelease=true"],
  ])("of %s is published with %s", async (tag, kind) => {
    await writeFile(join(folder, "gh"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const { said } = await run("Publish", tag);
    expect(said).toMatch(new RegExp(`^release create ${tag} openmetadata-entra.zip.* ${kind}\n$`));
  });

  it("is made of a package that is what its checksum says", async () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    await writeFile(join(folder, "openmetadata-entra.zip.sha256"), `${empty}  openmetadata-entra.zip\n`);
    expect(await run("Compare the package with its checksum", "v1.2.3")).toMatchObject({ code: 0 });
    await writeFile(join(folder, "openmetadata-entra.zip"), "changed");
    expect(await run("Compare the package with its checksum", "v1.2.3")).toMatchObject({ code: 1 });
  });
});
