import { describe, expect, it } from "vitest";
import { factsIn, withFacts } from "../../shared/clients/key-vault/tags.ts";
import { fromVault } from "../../shared/clients/key-vault/versions.ts";

const ON = new Date("2031-03-03T12:00:00.000Z");
const FOLDED = "openmetadata-entra";
/** Tags of other people, so many. */
const theirs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, `theirs ${index}`]));

describe("the tags of a version", () => {
  it("say what is noted of it, each fact for itself, beside those of other people", () => {
    const asked = { before: ON, because: "it leaked" };
    const tags = withFacts({ cost: "42", keyId: "old" }, { keyId: "new", nonce: "n", issuedOn: ON, asked });
    expect(tags).toEqual({
      cost: "42",
      keyId: "new",
      nonce: "n",
      issuedOn: ON.toISOString(),
      asked: `${ON.toISOString()} it leaked`,
    });
    expect(factsIn(tags)).toEqual({ keyId: "new", nonce: "n", issuedOn: tags.issuedOn, asked: tags.asked });
  });

  it("lose what is taken away, and nothing else", () => {
    expect(withFacts({ cost: "42", keyId: "k", provenOn: "x" }, { provenOn: undefined })).toEqual({
      cost: "42",
      keyId: "k",
    });
  });

  it("stay single while fifteen are enough, and become one where they are not", () => {
    const facts = { managedBy: FOLDED, keyId: "k" };
    expect(withFacts(theirs(13), facts)).toEqual({ ...theirs(13), ...facts });
    expect(withFacts(theirs(14), facts)).toEqual({ ...theirs(14), [FOLDED]: "1=k" });
    expect(withFacts(theirs(15), facts)).toEqual({ ...theirs(14), [FOLDED]: "1=k" });
  });

  it("are unfolded where there is room again", () => {
    const folded = withFacts(theirs(14), { managedBy: FOLDED, keyId: "k", issuedOn: ON });
    expect(withFacts({ [FOLDED]: folded[FOLDED] ?? "" }, { nonce: "n" })).toEqual({
      managedBy: FOLDED,
      keyId: "k",
      issuedOn: ON.toISOString(),
      nonce: "n",
    });
  });

  it("fold a moment by its milliseconds, and what only looks like one as it is", () => {
    const facts = { keyId: "@5x", nonce: `${ON.toISOString()} n`, userId: "x@5", issuedOn: ON };
    const tags = withFacts(theirs(15), facts);
    const written = new URLSearchParams(tags[FOLDED]);
    expect(Object.fromEntries(written)).toEqual({
      1: "@5x",
      2: `${ON.toISOString()} n`,
      3: "x@5",
      4: `@${ON.getTime()}`,
    });
    expect(factsIn(tags)).toEqual({ ...facts, managedBy: FOLDED, issuedOn: ON.toISOString() });
    const odd = { keyId: `x${ON.toISOString()}`, nonce: "2031-03-03T12:00:00Z" };
    expect(factsIn(withFacts(theirs(15), odd))).toMatchObject(odd);
  });

  it("that were folded by a later release are read as far as they are known", () => {
    expect(factsIn({ [FOLDED]: "1=k&99=later", keyId: "beside" })).toEqual({ managedBy: FOLDED, keyId: "k" });
  });

  it("leave out why somebody asked where all would be too long, and only then", () => {
    const facts = (length: number) => ({ keyId: "k", asked: { before: ON, because: "x".repeat(length) } });
    const length = (text: string | undefined) => (text ?? "").length;
    const room = 256 - length(withFacts(theirs(15), facts(0))[FOLDED]);
    expect(length(withFacts(theirs(15), facts(room))[FOLDED])).toBe(256);
    expect(withFacts(theirs(15), facts(room + 1))[FOLDED]).toBe("1=k");
  });
});

describe("a version as the vault describes it", () => {
  it("says of itself what its tags name", () => {
    const moments = [
      "issuedOn",
      "provenOn",
      "promotedOn",
      "deliveredOn",
      "confirmedOn",
      "pushOn",
      "readUntil",
      "checkedOn",
      "refusedOn",
    ].map((name, day) => [name, new Date(Date.UTC(2031, 0, day + 1))] as const);
    const tags = {
      ...Object.fromEntries(moments.map(([name, on]) => [name, on.toISOString()])),
      managedBy: FOLDED,
      keyId: "k",
      nonce: "n",
      userId: "u",
      pushFailed: "true",
      asked: `${ON.toISOString()} it leaked, they say`,
    };
    const about = { version: "1", enabled: false, createdOn: ON, expiresOn: new Date(ON.getTime() + 1) };
    expect(fromVault({ name: "s", vaultUrl: "v", ...about, tags })).toEqual({
      ...about,
      ...Object.fromEntries(moments),
      intent: false,
      keyId: "k",
      nonce: "n",
      userId: "u",
      pushFailed: true,
      asked: { before: ON, because: "it leaked, they say" },
      tags,
    });
  });

  it("says nothing where nothing is told", () => {
    expect(fromVault({ name: "s", vaultUrl: "v" })).toEqual({
      version: "",
      enabled: true,
      createdOn: new Date(0),
      expiresOn: undefined,
      intent: false,
      pushFailed: false,
      tags: {},
    });
  });

  it("is no credential of ours where somebody else stored it, and no moment where none stands", () => {
    const tags = { managedBy: "somebody", keyId: "k", nonce: "n", userId: "u", issuedOn: "soon", asked: "soon x" };
    const found = fromVault({ name: "s", vaultUrl: "v", tags });
    expect(found).toMatchObject({ keyId: undefined, nonce: undefined, userId: undefined, tags });
    expect(found).toMatchObject({ issuedOn: undefined, asked: undefined });
  });

  it("only announces one where its content type says so", () => {
    const contentType = "application/vnd.openmetadata-entra.intent";
    expect(fromVault({ name: "s", vaultUrl: "v", contentType })).toMatchObject({ intent: true });
  });
});
