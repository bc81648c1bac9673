import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROMISES } from "../../proof/promises.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = Object.keys(PROMISES);

describe("the promises", () => {
  it("are what docs/proof.md lists", () => {
    const document = readFileSync(`${root}/docs/proof.md`, "utf8");
    const [, list = ""] = /^## The promises\n\n(.*?)\n\n/ms.exec(document) ?? [];
    const promised = Object.entries(PROMISES).map(([name, sentence], index) => {
      return `${index + 1}. **${name.charAt(0).toUpperCase()}${name.slice(1)}.** ${sentence}`;
    });
    expect(list.split("\n")).toEqual(promised);
  });

  it.each(names)("%s is held by a check", (name) => {
    const checks = readdirSync(`${root}/proof`, { recursive: true, encoding: "utf8" }).filter(
      (file) => /\.ts$/.test(file) && !/^(promises\.ts|mutants)/.test(file),
    );
    const holding = checks.filter((file) => readFileSync(`${root}/proof/${file}`, "utf8").includes(`"${name}"`));
    expect(holding).not.toEqual([]);
  });
});
