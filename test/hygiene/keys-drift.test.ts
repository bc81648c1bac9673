import { describe, expect, it } from "vitest";
import { ownKeyFindings } from "../../shared/hygiene/keys-drift.ts";

describe("ownKeyFindings()", () => {
  it("tells of the key pair that everybody has, by its id", () => {
    expect(ownKeyFindings(["mine", "Gb389a-9f76-gdjs-a92j-0242bk94356"])).toMatchObject([
      { kind: "quickstart-key", severity: "critical", do: expect.stringContaining("JWT_KEY_ID") },
    ]);
    expect(ownKeyFindings(["mine"])).toEqual([]);
    expect(ownKeyFindings([])).toEqual([]);
  });
});
