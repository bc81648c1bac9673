import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundle } from "../../scripts/build.ts";
import { unminified } from "../../scripts/coverage/unminified.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** An app of one function, which loads `greet` when it runs, and is tested as a bundle and in part. */
const FILES = {
  "functions/say.ts": `const say = async (name: string) => (await import("../shared/greet.ts")).greet(name);
Object.assign(globalThis, { say });
`,
  "shared/greet.ts": `export function greet(name: string): string {
  if (name === "") return "nobody";
  if (name === "ghost") return "never seen";
  return \`hello \${name}\`;
}
`,
  "test/bundle.test.ts": `import { createRequire } from "node:module";
it("greets", async () => {
  const load = createRequire(import.meta.url);
  load("../dist/main.cjs");
  expect(await globalThis.say("you")).toBe("hello you");
  for (const file of Object.keys(load.cache)) delete load.cache[file];
  load("../dist/main.cjs");
  expect(await globalThis.say("me")).toBe("hello me");
});
`,
  "test/part.test.ts": `import { greet } from "../shared/greet.ts";
it("greets nobody", () => expect(greet("")).toBe("nobody"));
`,
};

interface Covered {
  statementMap: Record<string, { start: { line: number } }>;
  s: Record<string, number>;
}

let folder: string;
let report: Record<string, Covered>;

beforeAll(async () => {
  // Reports name files by their real paths; the folder for temporary files may be a link, as on macOS.
  folder = await realpath(await mkdtemp(join(tmpdir(), "openmetadata-entra-coverage-")));
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await bundle(join(folder, "dist", "main.cjs"), [unminified], folder);
  const coverage = ["provider=custom", `customProviderModule=${root}scripts/coverage/measure.ts`];
  const what = ["enabled", "include=functions/**", "include=shared/**", "excludeAfterRemap", "reporter=json"];
  const options = [...coverage, ...what].map((option) => `--coverage.${option}`);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  await promisify(execFile)(process.execPath, [vitest, "run", "--globals", "--root", folder, ...options], {
    cwd: folder,
  });
  report = JSON.parse(await readFile(join(folder, "coverage", "coverage-final.json"), "utf8"));
});
afterAll(() => rm(folder, { recursive: true }));

/** How often each line ran on which a statement begins. */
function ran(file: string): Record<number, number> {
  const { statementMap, s } = report[join(folder, file)] ?? { statementMap: {}, s: {} };
  return Object.fromEntries(Object.entries(statementMap).map(([key, { start }]) => [start.line, s[key] ?? 0]));
}

it("counts what the bundle ran, however often it was loaded, together with what a test ran of a part", () => {
  expect(ran("shared/greet.ts")).toEqual({ 2: 1, 3: 0, 4: 2 });
  expect(ran("functions/say.ts")).toEqual({ 1: 2, 2: 2 });
});

it("reports sources only", () => {
  expect(Object.keys(report).sort()).toEqual([join(folder, "functions/say.ts"), join(folder, "shared/greet.ts")]);
});
