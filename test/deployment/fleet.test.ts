import { describe, expect, it } from "vitest";
import { readFleet } from "../../shared/deployment/fleet.ts";

const entry = (name: string, more: object = {}) => ({ name, openMetadataUrl: `https://${name}.example.com`, ...more });
const ID = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const read = (...list: unknown[]) => {
  const { deployments, faults } = readFleet(list, "LIST");
  return { names: deployments.map(({ name }) => name), faults };
};

describe("readFleet()", () => {
  it("reads a fleet that no setting would have room for", () => {
    // Were each compared with each, this would take minutes, in which the process does nothing else.
    const list = Array.from({ length: 10_000 }, (_, index) => {
      const end = String(index).padStart(12, "0");
      const ids = { serverClientId: `${ID.slice(0, 24)}${end}`, ingestionClientId: `${OTHER.slice(0, 24)}${end}` };
      return entry(`d${index}`, { ...ids, openMetadataTokenSecret: `admin-${index}` });
    });
    expect(readFleet(list, "LIST")).toMatchObject({ deployments: { length: 10_000 }, faults: [] });
  });

  it("tells the faults of every entry that is wrong", () => {
    const { names, faults } = read(
      entry("one", { signInFlow: "magic" }),
      entry("two"),
      entry("three", { botName: "" }),
    );
    expect(names).toEqual(["two"]);
    expect(faults.map((fault) => fault.slice(0, 7))).toEqual(["LIST[0]", "LIST[2]"]);
  });

  it.each([
    ["is wrong", entry("two", { signInFlow: "magic" }), 'LIST[1].signInFlow must be "implicit" or "auth-code"'],
    [
      "has something wrong in a list",
      entry("two", { extraRedirectUris: ["https://a.example.com", "ftp://b.example.com"] }),
      "LIST[1].extraRedirectUris[1] must be https:// URLs of at most 256 characters, separated by commas, without blanks, # or any of !$'();*",
    ],
    ["is nothing", null, expect.stringMatching(/^LIST\[1\]/)],
    ["has the name of another", entry("one"), 'LIST[1].name "one" is already the name of an earlier entry'],
    [
      "has the registration of another",
      entry("two", { ingestionClientId: ID.toUpperCase() }),
      "LIST[0].serverClientId and LIST[1].ingestionClientId must not be the same: each needs its own registration",
    ],
    [
      "has one registration for two credentials",
      entry("two", { serverClientId: OTHER, ingestionClientId: OTHER }),
      "LIST[1].serverClientId and LIST[1].ingestionClientId must not be the same: each needs its own registration",
    ],
    [
      "signs in with a token that the app replaces",
      entry("two", { openMetadataTokenSecret: "three-bot-token" }),
      "LIST[1].openMetadataTokenSecret must not be a secret that this app writes itself",
    ],
  ])("leaves out an entry that %s, and serves the others", (_, bad, fault) => {
    expect(read(entry("one", { serverClientId: ID }), bad, entry("three"))).toEqual({
      names: ["one", "three"],
      faults: [fault],
    });
  });

  it.each([
    ["no JSON", undefined, "LIST must be JSON"],
    ["no list", {}, "LIST must be a JSON list"],
    ["empty", [], "LIST must name at least one deployment"],
  ])("finds none in what is %s", (_, json, fault) => {
    expect(readFleet(json, "LIST")).toEqual({ deployments: [], faults: [fault] });
  });
});
