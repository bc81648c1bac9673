import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bench = (...options: string[]) => {
  const ran = spawnSync(process.execPath, ["bench/main.ts", ...options], { cwd: root, encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, errors: ran.stderr };
};

describe("npm run bench", () => {
  it("explains itself, and names its parts", () => {
    const { code, out } = bench("--help");
    expect(code).toBe(0);
    expect(out).toContain("cold-load, first-answer, requests, sweep, delivery");
  });

  it.each([
    ["--only", "nothing"],
    ["--slowly", ""],
  ])("refuses %s %s", (...options) => {
    const { code, out, errors } = bench(...options.filter(Boolean));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(errors).toContain("npm run bench");
  });

  it("has a place in docs/performance.md for each part", () => {
    const text = readFileSync(`${root}docs/performance.md`, "utf8");
    for (const part of ["cold-load", "first-answer", "requests", "sweep", "delivery"]) {
      expect(text).toMatch(new RegExp(`<!-- ${part} -->[^]*<!-- /${part} -->`));
    }
  });
});
