import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUPS, NOT_APPLICABLE } from "../../../proof/faults/groups.ts";
import { prepare } from "../../../proof/faults/open-app.ts";
import { type Outcome, play } from "../../../proof/faults/play.ts";
import { report, rowOf } from "../../../proof/faults/report.ts";
import { nameOf } from "../../../proof/faults/scenario.ts";

const DOCUMENT = fileURLToPath(new URL("../../../docs/faults.md", import.meta.url));
const MEND = "npm run proof -- faults --write writes docs/faults.md anew";
const all = GROUPS.flatMap(({ scenarios }) => scenarios);

let stagecraft: Awaited<ReturnType<typeof prepare>>;
let document = "";
beforeAll(async () => {
  document = await readFile(DOCUMENT, "utf8");
  stagecraft = await prepare();
});
afterAll(() => stagecraft.close());

/** One of each kind; `npm run proof -- faults` plays all. */
const some = GROUPS.flatMap(({ scenarios }) => scenarios.slice(0, 1));

describe("the app, in its host amid the local cloud, survives", () => {
  it.each(some.map((scenario) => [nameOf(scenario), scenario.title, scenario] as const))(
    "%s: %s",
    async (_name, _title, scenario) => {
      const outcome = await play(scenario, stagecraft);
      expect(outcome.failures).toEqual([]);
      expect(document, MEND).toContain(`${rowOf(outcome)}\n`);
    },
  );
});

describe("docs/faults.md", () => {
  it("accounts for each of the 48 faults", () => {
    const told = new Set([...all, ...NOT_APPLICABLE].map(({ fault }) => fault));
    expect([...told].sort((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
  });

  it("has the frame that the run generates, and a line for each scenario", () => {
    const outcomes: Outcome[] = [];
    const frame = report(
      GROUPS.map(({ heading }) => ({ heading, outcomes })),
      NOT_APPLICABLE,
    );
    const names = all.map(nameOf);
    const isLine = (line: string): boolean => names.some((name) => line.startsWith(`| ${name} | `));
    const lines = document.split("\n");
    expect(lines.filter((line) => !isLine(line)).join("\n"), MEND).toBe(frame);
    expect(
      lines.filter(isLine).map((line) => line.split(" | ")[0]),
      MEND,
    ).toEqual(names.map((name) => `| ${name}`));
  });

  it("tells scenarios apart by their names", () => {
    expect(new Set(all.map(nameOf)).size).toBe(all.length);
  });
});
