import { describe, expect, it } from "vitest";
import { installationMark, readName, signedName } from "../../shared/clients/graph/marks.ts";

describe("the name of a client secret", () => {
  it("says whose it is and under which nonce it was announced", () => {
    const name = signedName("0123456789ab", "2031-03-03 nonce");
    expect(name).toBe("managed by openmetadata-entra 0123456789ab 2031-03-03 nonce");
    expect(readName(name)).toEqual({ mark: "0123456789ab", nonce: "2031-03-03 nonce" });
  });

  it.each([
    ["managed by openmetadata-entra nonce", "nonce"],
    ["managed by openmetadata-entra 0123456789a n", "0123456789a n"],
    ["managed by openmetadata-entra 0123456789abc n", "0123456789abc n"],
    ["managed by openmetadata-entra 0123456789AB n", "0123456789AB n"],
    ["managed by openmetadata-entra 0123456789ab ", "0123456789ab "],
    ["managed by openmetadata-entra x 0123456789ab n", "x 0123456789ab n"],
  ])("may be of an earlier release, which left out whose: %j", (name, nonce) => {
    expect(readName(name)).toEqual({ mark: undefined, nonce });
  });

  it.each([undefined, null, "", "mine", "not managed by openmetadata-entra 0123456789ab n"])(
    "may not be ours: %j",
    (name) => {
      expect(readName(name)).toBeUndefined();
    },
  );
});

describe("the mark of an installation", () => {
  it("is the same for one secret of one vault, however its address is written, and another for any other", () => {
    const mark = installationMark("https://kv.vault.azure.net", "secret");
    expect(mark).toMatch(/^[0-9a-f]{12}$/);
    expect(installationMark("https://KV.vault.azure.net/", "Secret")).toBe(mark);
    expect(installationMark("https://kv.vault.azure.net", "other")).not.toBe(mark);
    expect(installationMark("https://kv2.vault.azure.net", "secret")).not.toBe(mark);
  });

  it("never changes: what carries it in Entra would belong to nobody", () => {
    expect(installationMark("https://kv.vault.azure.net", "secret")).toBe("3123190a30a4");
  });
});
