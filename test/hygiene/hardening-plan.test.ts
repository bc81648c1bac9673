import { describe, expect, it } from "vitest";
import { type Observed, planHardening } from "../../shared/hygiene/hardening-plan.ts";

const SELF = "0b7c2f6a-7a1d-4a52-9d8c-3d7f3f3d8a10";
const person = (name: string, email = `${name}@example.com`) => ({ name, email, isBot: false });
const observed: Observed = {
  exists: true,
  listed: false,
  administrators: [person("admin"), person("alice"), person(SELF), { ...person("admin-bot"), isBot: true }],
  self: { user: SELF, isAdmin: true },
};
const DELETE = {
  kind: "steps",
  steps: [{ kind: "delete-default-admin", because: "everybody knows its password", target: "admin" }],
};

const plan = (differs: Partial<Observed> = {}, initialAdmins = ["alice"], adminNotListed = false) =>
  planHardening({ ...observed, ...differs }, initialAdmins, { adminNotListed });

describe("planHardening()", () => {
  it("deletes the default admin where all configured administrators are there", () => {
    expect(plan()).toEqual(DELETE);
    expect(plan({ administrators: [...observed.administrators, person("bob")] }, ["alice", "bob@example.com"])).toEqual(
      DELETE,
    );
  });

  it("finds administrators by the name before the @ or by address, in any case", () => {
    expect(plan({}, ["Alice@Example.com"])).toEqual(DELETE);
    expect(
      plan({ administrators: [person("a.liddell", "Alice.Liddell@example.com")] }, ["alice.liddell@example.com"]),
    ).toEqual(DELETE);
  });

  it("does nothing where it is gone, whoever administers the server", () => {
    expect(plan({ exists: false, administrators: [] }, [])).toEqual({ kind: "steps", steps: [] });
  });

  it("goes on where nobody can see whether it is listed only if somebody has looked", () => {
    expect(plan({ listed: undefined }, ["alice"], true)).toEqual(DELETE);
    expect(plan({ listed: undefined, exists: false }, ["alice"], true)).toEqual({ kind: "steps", steps: [] });
    expect(plan({ listed: undefined, exists: false })).toMatchObject({ kind: "refused", fix: { kind: "look" } });
    expect(plan({ listed: true }, ["alice"], true)).toMatchObject({ kind: "refused", fix: { kind: "unlist" } });
  });

  it.each<[why: string, differs: Partial<Observed>, initialAdmins: string[], fix: string]>([
    ["the configuration lists it", { listed: true }, ["alice"], "unlist"],
    ["it is gone, but listed", { exists: false, listed: true }, ["alice"], "unlist"],
    ["the server does not tell whom it lists", { listed: undefined }, ["alice"], "look"],
    ["we are signed in as it", { self: { user: "admin", isAdmin: true } }, ["alice"], "other-token"],
    ["we are no administrator", { self: { user: SELF, isAdmin: false } }, ["alice"], "get-in"],
    ["nobody is configured", {}, [], "name-administrators"],
    ["only we are configured", {}, [SELF.toUpperCase()], "name-administrators"],
    ["it is itself configured", {}, ["alice", "admin@example.com"], "name-administrators"],
    ["one of the configured is missing", {}, ["alice", "bob"], "make-administrators"],
    ["the configured one is a bot", {}, ["admin-bot"], "make-administrators"],
    [
      "the configured one's address is the default admin's",
      { administrators: [person("admin", "alice@example.com")] },
      ["alice@example.com"],
      "make-administrators",
    ],
  ])("refuses where %s", (_, differs, initialAdmins, fix) => {
    expect(plan(differs, initialAdmins)).toMatchObject({ kind: "refused", fix: { kind: fix } });
  });

  it("never deletes the last administrator, whatever is there and configured", () => {
    const people = [person("admin"), person("alice"), person(SELF), { ...person("bot"), isBot: true }, person("bob")];
    const configured = ["admin", "alice", SELF, "bot", "bob@example.com"];
    let deletions = 0;
    for (let there = 0; there < 2 ** people.length; there += 1) {
      for (let wanted = 0; wanted < 2 ** configured.length; wanted += 1) {
        const administrators = people.filter((_, index) => there & (1 << index));
        const initialAdmins = configured.filter((_, index) => wanted & (1 << index));
        if (plan({ administrators }, initialAdmins).kind === "refused") continue;
        deletions += 1;
        const left = administrators.filter(({ name, isBot }) => name !== "admin" && name !== SELF && !isBot);
        expect(left.length).toBeGreaterThan(0);
      }
    }
    expect(deletions).toBeGreaterThan(0);
  });
});
