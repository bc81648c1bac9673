import { describe, expect, it } from "vitest";
import { mayFollowEnvironment, takesSecretByRest } from "../../shared/delivery/secret-by-rest.ts";

describe("takesSecretByRest()", () => {
  it.each([
    ["1.9.17", false],
    ["1.10.0", true],
    ["1.10.0-SNAPSHOT", true],
    ["1.12.6", true],
    ["1.13.0-rc1", true],
    ["2.0.0-SNAPSHOT", true],
    ["0.13.3", false],
    ["unknown", undefined],
    ["", undefined],
  ])("is told by OpenMetadata %s: %s", (version, takes) => {
    expect(takesSecretByRest(version)).toBe(takes);
  });
});

describe("mayFollowEnvironment()", () => {
  it.each([
    ["1.12.6", false],
    ["1.13.9", false],
    ["1.14.0", true],
    ["2.0.0-SNAPSHOT", true],
    ["unknown", true],
  ])("is told by OpenMetadata %s: %s", (version, may) => {
    expect(mayFollowEnvironment(version)).toBe(may);
  });
});
