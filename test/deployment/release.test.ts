import { describe, expect, it } from "vitest";
import { isAtLeast, parseRelease } from "../../shared/deployment/release.ts";

describe("parseRelease()", () => {
  it.each([
    ["1.12.3", [1, 12, 3]],
    ["1.3.0-rc1", [1, 3, 0]],
    ["1.2.5-SNAPSHOT", [1, 2, 5]],
    ["2.0", [2, 0, 0]],
    [" 0.13.3 ", [0, 13, 3]],
    ["2", undefined],
    ["unknown", undefined],
    ["", undefined],
  ])("reads %j as %j", (version, release) => {
    expect(parseRelease(version)).toEqual(release);
  });
});

describe("isAtLeast()", () => {
  it.each([
    [[1, 3, 0], [1, 3, 0], true],
    [[1, 2, 99], [1, 3, 0], false],
    [[1, 12, 0], [1, 3, 0], true],
    [[2, 0, 0], [1, 99, 99], true],
    [[0, 13, 3], [1, 0, 0], false],
    [[1, 3, 1], [1, 3, 2], false],
  ] as const)("compares %j with %j by number, part by part", (release, first, expected) => {
    expect(isAtLeast(release, first)).toBe(expected);
  });
});
