import { describe, expect, it } from "vitest";
import { unsupported } from "../../shared/configuration/unsupported.ts";

describe("unsupported()", () => {
  it.each([
    [[0, 12, 3], "implicit", true],
    [[0, 13, 0], "implicit", false],
    [[1, 2, 5], "implicit", false],
    [[0, 13, 3], "auth-code", true],
    [[1, 3, 1], "auth-code", true],
    [[1, 3, 2], "auth-code", false],
    [[2, 0, 0], "auth-code", false],
  ] as const)("release %j, flow %s: %s", (release, flow, stands) => {
    const found = unsupported(release, flow);
    expect(found !== undefined).toBe(stands);
    if (found) expect(found.hint).not.toBe("");
  });

  it("says why, and what to do", () => {
    expect(unsupported([0, 12, 3], "implicit")).toEqual({
      because: "OpenMetadata 0.12.3 is too old: its settings have other names",
      hint: "Upgrade OpenMetadata to 0.13 or later",
    });
    expect(unsupported([1, 3, 1], "auth-code")).toEqual({
      because: "OpenMetadata 1.3.1 supports only the implicit flow; the authorization code flow needs 1.3.2 or later",
      hint: 'Set SIGN_IN_FLOW to "implicit" and call POST /api/provision, or upgrade OpenMetadata',
    });
  });
});
