import { describe, expect, it } from "vitest";
import { admitsApplications, applicationClaim, principalClaims } from "../../shared/deployment/principal-claims.ts";

describe("principalClaims()", () => {
  it("are those that the server has, and OpenMetadata's own where it has none", () => {
    expect(principalClaims(["upn"])).toEqual(["upn"]);
    expect(principalClaims([])).toEqual(["email", "preferred_username", "sub"]);
  });
});

describe("admitsApplications()", () => {
  it.each([
    [["email", "preferred_username", "sub"], "sub", true],
    [["upn", "oid"], "oid", true],
    [["Sub"], "Sub", true],
    // By these the server would look for a user named after the client id, and there is none.
    [["email", "azp"], "azp", false],
    [["appid"], "appid", false],
    // The first one that the token has counts, whatever follows it.
    [["azp", "sub"], "azp", false],
    [["sub", "azp"], "sub", true],
    [["email", "upn", "preferred_username"], undefined, false],
  ])("%j: an application is found by %s, so it is let in: %s", (claims, claim, admits) => {
    expect(applicationClaim(claims)).toBe(claim);
    expect(admitsApplications(claims)).toBe(admits);
  });
});
