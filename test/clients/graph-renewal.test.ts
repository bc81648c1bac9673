import { GraphError } from "@microsoft/microsoft-graph-client";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { renewal } from "../../shared/clients/graph/renewal.ts";
import { UpstreamError } from "../../shared/errors.ts";

const refused = (status: number, message = "no", cause?: unknown) =>
  new UpstreamError(message, { service: "Microsoft Graph", status, cause });
const FORBIDDEN = refused(403, 'answered 403 "Insufficient privileges to complete the operation."');
const START = Date.parse("2031-03-03T12:00:00Z");
const token = (...roles: string[]) => new UnsecuredJWT({ roles }).encode();
/** As Graph challenges what it refuses. */
const challenge = (header: string | undefined) => {
  const cause = new GraphError(401, "no");
  if (header !== undefined) cause.headers = new Headers({ "www-authenticate": header });
  return refused(401, "no", cause);
};

/** The app's token, which is another one each time that it is renewed; what it was renewed with. */
function tokens(given: string[], fails = false) {
  const renewed: string[] = [];
  const time = { now: START };
  const get = async (claims?: string) => {
    if (claims !== undefined) {
      renewed.push(claims);
      if (fails) throw new Error("none");
    }
    return given[Math.min(renewed.length, given.length - 1)] ?? "";
  };
  const clock = { now: () => new Date(time.now), wait: async () => undefined };
  return { mayBeTaken: renewal(get, clock), renewed, time };
}

describe("a request that Graph refuses", () => {
  it("because it takes the token no more is worth repeating with another one", async () => {
    const { mayBeTaken, renewed } = tokens(["old", "new"]);
    expect(await mayBeTaken(refused(401), "old")).toBe(true);
    expect(renewed).toEqual(["{}"]);
  });

  it("is not worth repeating where there is no other token, or none comes", async () => {
    expect(await tokens(["old"]).mayBeTaken(refused(401), "old")).toBe(false);
    const { mayBeTaken, renewed } = tokens(["old"], true);
    expect(await mayBeTaken(refused(401), "old")).toBe(false);
    expect(renewed).toEqual(["{}"]);
  });

  it("is worth repeating where somebody else has renewed the token since", async () => {
    expect(await tokens(["new"]).mayBeTaken(refused(401), "old")).toBe(true);
  });

  it.each([
    ['Bearer error="insufficient_claims", claims="eyJuYmYiOjF9"', '{"nbf":1}'],
    ['Bearer claims=""', "{}"],
    ['Bearer otherclaims="eyJuYmYiOjF9"', "{}"],
    ["Bearer", "{}"],
    [undefined, "{}"],
  ])("says what the new token shall have: %s", async (header, claims) => {
    const { mayBeTaken, renewed } = tokens(["old", "new"]);
    await mayBeTaken(challenge(header), "old");
    expect(renewed).toEqual([claims]);
  });

  it("for the lack of a right is worth repeating where the new token has other roles", async () => {
    const { mayBeTaken, renewed } = tokens([token("A"), token("A", "B")]);
    expect(await mayBeTaken(FORBIDDEN, token("A"))).toBe(true);
    expect(renewed).toEqual(["{}"]);
  });

  it.each([
    ["the same", token("A", "B"), token("A", "B")],
    ["the same in another order", token("B", "A"), token("A", "B")],
    ["none, as before", new UnsecuredJWT({}).encode(), token()],
    ["unknown, as before", "opaque", "another"],
  ])("for the lack of a right is not worth repeating where the roles are %s", async (_, before, after) => {
    expect(await tokens([before, after]).mayBeTaken(FORBIDDEN, before)).toBe(false);
  });

  it("has roles that are told apart as a whole", async () => {
    expect(await tokens([token("A", "B"), token("AB")]).mayBeTaken(FORBIDDEN, token("A", "B"))).toBe(true);
  });

  it.each([
    ["something else is forbidden", refused(403, "Access denied by a policy")],
    ["nothing is forbidden", refused(400, "Insufficient privileges")],
    ["Graph is unwell", refused(503)],
    ["the fault is our own", new TypeError("Insufficient privileges")],
  ])("is not worth repeating where %s, and no token is renewed", async (_, error) => {
    const { mayBeTaken, renewed } = tokens(["old", "new"]);
    expect(await mayBeTaken(error, "old")).toBe(false);
    expect(renewed).toEqual([]);
  });

  it("renews the token once in half a minute, however many are refused, and all wait for that", async () => {
    const { mayBeTaken, renewed, time } = tokens(["old", "new", "newer"]);
    expect(await Promise.all([mayBeTaken(refused(401), "old"), mayBeTaken(refused(401), "old")])).toEqual([true, true]);
    expect(renewed).toHaveLength(1);
    time.now = START + 29_999;
    expect(await mayBeTaken(refused(401), "new")).toBe(false);
    expect(renewed).toHaveLength(1);
    time.now = START + 30_000;
    expect(await mayBeTaken(refused(401), "new")).toBe(true);
    expect(renewed).toHaveLength(2);
  });

  it("for the lack of a right does not wait for what was renewed because a token was taken no more", async () => {
    const { mayBeTaken, renewed } = tokens([token("A"), token("A"), token("A", "B")]);
    await mayBeTaken(refused(401), token("A"));
    expect(await mayBeTaken(FORBIDDEN, token("A"))).toBe(true);
    expect(renewed).toHaveLength(2);
  });
});
