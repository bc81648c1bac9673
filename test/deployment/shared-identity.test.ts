import { describe, expect, it } from "vitest";
import { sharesIdentityWith } from "../../shared/deployment/shared-identity.ts";

const blue = { name: "blue" };
const green = { name: "green" };
const own = (name: string, identityClientId: string) => ({ name, identityClientId });

describe("sharesIdentityWith()", () => {
  it("names the deployments whose servers get tokens of the same identity", () => {
    expect(sharesIdentityWith(blue, [blue, green], undefined)).toEqual(["green"]);
    expect(sharesIdentityWith(own("blue", "id"), [own("blue", "id"), own("green", "ID")], undefined)).toEqual([
      "green",
    ]);
  });

  it("names none where each has its own, or a token from the vault", () => {
    expect(sharesIdentityWith(blue, [blue, own("green", "id")], undefined)).toEqual([]);
    const token = { name: "green", openMetadataTokenSecret: "token" };
    expect(sharesIdentityWith(blue, [blue, token], undefined)).toEqual([]);
    expect(sharesIdentityWith(token, [blue, token], undefined)).toEqual([]);
  });

  it("takes one that is named for the app's own where it is that", () => {
    expect(sharesIdentityWith(blue, [blue, own("green", "ABC")], "abc")).toEqual(["green"]);
  });
});
