import { describe, expect, it } from "vitest";
import { isDefaultAdmin } from "../../shared/deployment/openmetadata-defaults.ts";
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

describe("isDefaultAdmin()", () => {
  it.each([
    ["admin", true],
    ["Admin ", true],
    ["admin@example.com", true],
    [" admin @example.com", true],
    ["administrator", false],
    ["jane.admin@example.com", false],
    ["jane@admin", false],
    ["", false],
  ])("takes %j for the account with which every server begins: %s", (principal, expected) => {
    expect(isDefaultAdmin(principal)).toBe(expected);
  });
});
