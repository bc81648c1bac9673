import { describe, expect, it } from "vitest";
import { harmless, messageIn, withPlainStatus } from "../../shared/clients/open-metadata/words.ts";

const SAID = "An exception with message [HTTP 404 Not Found] was thrown while processing request.";

describe("messageIn()", () => {
  it("reads what a server says in either form, and nothing else", () => {
    expect(messageIn({ code: 404, message: "no" })).toBe("no");
    expect(messageIn({ responseMessage: SAID })).toBe(SAID);
    for (const other of [undefined, null, "no", {}, { message: 4 }]) expect(messageIn(other)).toBeUndefined();
  });
});

describe("withPlainStatus()", () => {
  it("takes a 500 that says 404 for what it says, and no other", () => {
    expect(withPlainStatus({ status: 500, json: { responseMessage: SAID } }).status).toBe(404);
    const others = [
      { status: 500, json: { responseMessage: "An exception with message [null] was thrown" } },
      { status: 500, json: undefined },
      { status: 502, json: { responseMessage: SAID } },
      { status: 200, json: { responseMessage: SAID } },
    ];
    for (const other of others) expect(withPlainStatus(other)).toEqual(other);
  });
});

describe("harmless()", () => {
  it.each([
    "Not Authorized! Email does not match the principal domain example.com",
    "Error deploying [id] due to [ingestionPipeline instance for id not found]",
    "Invalid client credentials. Please verify the client ID and secret are correct.",
    "Not Authorized! The given token does not match the current bot's token!",
  ])("leaves %j as it is", (said) => {
    expect(harmless(said)).toBe(said);
  });

  it("names the user as whom the server saw the caller", () => {
    expect(harmless("Principal: CatalogPrincipal{name='ann'} is not admin")).toBe(
      "Principal: principal ann is not admin",
    );
  });

  it.each([
    `The JSON Object '{"type":"azure","secret":"Hunter2-Hunter2"}' contains no mapping for the name 'nope'`,
    `The JSON Object '{"a":{"secret":"Hunter2-Hunter2"},"b":{}}' contains no mapping`,
    `cut off '{"type":"azure","secret":"Hunter2-Hunt`,
    `OidcClientConfig(id=1, secret=Hunter2-Hunter2, scope=x)`,
    `clientSecret: 'Hunter2-Hunter2'`,
    `"ldapPassword" : "Hunter2-Hunter2"`,
    `the other end of it "secret":"Hunter2-Hunter2"} was cut off`,
    `CatalogPrincipal{name='ann', secret='Hunter2-Hunter2'}`,
  ])("repeats nothing of the object in %j", (said) => {
    expect(harmless(said)).not.toContain("Hunter2");
  });

  it("keeps what stands around an object, and is never long", () => {
    expect(harmless("before '{\"a\":1}' after")).toBe("before '{…}' after");
    expect(harmless("x".repeat(5000))).toHaveLength(301);
    expect(harmless("x".repeat(300))).toBe("x".repeat(300));
  });
});
