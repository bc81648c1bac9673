import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { onlyNoticed } from "./mutation/only-noticed.ts";

const HELP = `Runs Stryker over a part of shared/, or functions/: it breaks one thing at a time, and the tests of the folder that mirrors
the part must notice. What survives is listed. docs/mutation.md says what was measured, and why some may survive.

  npm run mutation -- shared/delivery                    a folder, or several
  npm run mutation -- shared/delivery/redeploy.ts        a file
  npm run mutation -- --since main                       the lines of both that were changed since this commit

  --tests test/app/events.test.ts    further tests, a folder or a file; may be given several times
  --sample 150                       only so many, drawn evenly from all; the others are listed as "# errors", "not drawn"
  --seed 1                           another draw
  --again                            keeps what the last run of this part saw noticed, where neither it nor that test has
                                     changed, and tries the rest
  --concurrency 1                    how many mutants are tried at once; half of the processors when left out

The report is reports/mutation/<part>.json. Exit code: 0 when at least 90 % were noticed or nothing was to be tried, 1 when
fewer were, 2 when called wrongly.
`;

const PLUGINS = ["@stryker-mutator/vitest-runner"];
const root = fileURLToPath(new URL("..", import.meta.url));

/** What is broken, as Stryker names it (a glob, or a file with a range of lines), and the tests that must notice. */
interface Trial {
  name: string;
  mutate: string[];
  tests: string[];
}

const isFolder = (path: string): boolean => statSync(`${root}${path}`).isDirectory();

/**
 * `test/` mirrors `shared/`, one folder for each domain; a file beside the folders has a test of its own name. Functions
 * and what is behind them are tested together.
 */
function mirrorOf(part: string): string {
  const [top, domain] = part.split("/");
  if (top === "functions" || domain === "handlers") return "test/functions/**/*.test.ts";
  if (!domain) return "test/!(app|page|local|proof|journey|operator|pipelines|scripts|docs)/**/*.test.ts";
  return domain.endsWith(".ts") ? `test/${domain.replace(/\.ts$/, ".test.ts")}` : `test/${domain}/**/*.test.ts`;
}

function ofParts(given: string[]): Trial {
  const parts = given.map((part) => part.replace(/\/$/, ""));
  return {
    name: parts.map((part) => part.replaceAll("/", "-")).join("+"),
    mutate: parts.map((part) => (isFolder(part) ? `${part}/**/*.ts` : part)),
    tests: parts.map(mirrorOf),
  };
}

/** Lines that differ from where the commit and this checkout parted; what was only removed leaves none. */
function since(commit: string): Trial {
  const base = git("merge-base", commit, "HEAD").trim();
  const mutate: string[] = [];
  let file = "";
  for (const line of git("diff", "--unified=0", "--diff-filter=d", base, "--", "shared/*.ts", "functions/*.ts").split(
    "\n",
  )) {
    file = /^\+\+\+ b\/(.*)/.exec(line)?.[1] ?? file;
    const [, first, count = "1"] = /^@@ \S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (first && Number(count)) mutate.push(`${file}:${first}-${Number(first) + Number(count) - 1}`);
  }
  // A part whose tests all stand elsewhere would have none to ask.
  const asked = mutate.filter((lines) => hasMirror(lines));
  if (asked.length < mutate.length) {
    const others = mutate.filter((lines) => !asked.includes(lines));
    process.stdout.write(`Not tried, for no folder of test/ mirrors it: ${others.join(", ")}\n`);
  }
  return { name: "changed", mutate: asked, tests: asked.map((lines) => mirrorOf(withoutLines(lines))) };
}

function withoutLines(lines: string): string {
  return lines.replace(/:[\d-]+$/, "");
}

function hasMirror(lines: string): boolean {
  return existsSync(`${root}${mirrorOf(withoutLines(lines)).replace("/**/*.test.ts", "")}`);
}

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

interface Options {
  concurrency: number;
  /** Tries all when left out. */
  sample?: string;
  seed: string;
  again?: boolean;
}

async function run({ name, mutate, tests }: Trial, options: Options): Promise<void> {
  if (mutate.length === 0) {
    process.stdout.write("No line was changed: there is nothing to break\n");
    return;
  }
  const { concurrency, sample, seed, again } = options;
  const report = `reports/mutation/${name}${sample ? `-sample-${sample}-${seed}` : ""}.json`;
  process.env.MUTATION_TESTS = [...new Set(tests)].join(",");
  if (sample) Object.assign(process.env, { MUTATION_SAMPLE: sample, MUTATION_SEED: seed });
  process.stdout.write(
    `Breaks ${sample ? `${sample} things in ` : ""}${mutate.join(", ")}\nTests  ${process.env.MUTATION_TESTS}\n`,
  );
  process.chdir(root);
  // It fails the process itself where too little was noticed.
  await new Stryker({
    concurrency,
    mutate,
    ...(sample && { plugins: [...PLUGINS, `${root}scripts/mutation/sample.ts`], checkers: ["sample"] }),
    jsonReporter: { fileName: report },
    ...(again && { incremental: true, incrementalFile: onlyNoticed(report) }),
    tempDirName: `reports/stryker-${name}`,
  }).runMutationTest();
}

function wrong(what: string): never {
  process.stderr.write(`${what}\n\n${HELP}`);
  process.exit(2);
}

function chosen() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        since: { type: "string" },
        tests: { type: "string", multiple: true, default: [] },
        concurrency: { type: "string", default: String(Math.max(1, availableParallelism() >> 1)) },
        sample: { type: "string" },
        seed: { type: "string", default: "0" },
        again: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return wrong((error as Error).message);
  }
}

const { positionals, values } = chosen();
if (values.help) {
  process.stdout.write(HELP);
} else {
  const stray = positionals.find((part) => !(/^(shared|functions)(\/|$)/.test(part) && existsSync(`${root}${part}`)));
  if (stray) wrong(`There is no part "${stray}" of shared/ or functions/`);
  if (positionals.length === 0 && !values.since) wrong("Name a part, or --since");
  const trial = values.since ? since(values.since) : ofParts(positionals);
  const further = values.tests.map((path) => (isFolder(path) ? `${path}/**/*.test.ts` : path));
  const { concurrency, ...rest } = values;
  if (rest.sample && !(Number(rest.sample) >= 1)) wrong(`--sample is a number of mutants, not "${rest.sample}"`);
  await run({ ...trial, tests: [...trial.tests, ...further] }, { ...rest, concurrency: Number(concurrency) });
}
