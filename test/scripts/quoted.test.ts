import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const { quoted } = await import(new URL("../../scripts/quoted.mjs", import.meta.url).href);

describe("an argument on Windows", () => {
  it.each([
    [
      String.raw`C:\Users\Ada Lovelace\openmetadata-entra\operator/permit/main.ts`,
      String.raw`"C:\Users\Ada Lovelace\openmetadata-entra\operator/permit/main.ts"`,
    ],
    ["https://app.example.com?a=1&b=2", '"https://app.example.com?a=1&b=2"'],
    [String.raw`C:\reports\ `.trim(), String.raw`"C:\reports\\"`],
    ['say "yes"', String.raw`"say \"yes\""`],
  ])("stays one: %s", (given, line) => {
    expect(quoted(given)).toBe(line);
  });

  it("is quoted wherever a shell starts a program", () => {
    const run = readFileSync(new URL("../../scripts/run.mjs", import.meta.url), "utf8");
    expect(run).toContain("isWindows ? all.map(quoted) : all");
  });
});
