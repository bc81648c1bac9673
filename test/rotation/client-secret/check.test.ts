import { describe, expect, it } from "vitest";
import { checkCurrent } from "../../../shared/rotation/client-secret/check.ts";
import type { Issued } from "../../../shared/rotation/client-secret/observed.ts";
import type { Ports } from "../../../shared/rotation/client-secret/ports.ts";
import { held, issued, on } from "./planned.ts";

const VALUE = "abc8Q~and the rest of it";
const own: Issued = { ...issued("old", "2026-01-01"), hint: "abc" };
const other: Issued = { ...issued("other", "2025-12-01"), hint: "xyz" };

/** Checks a secret whose value begins with abc; `signIns` are Entra's answers, the last one for good. */
async function check(listed: readonly Issued[], { signIns = ["signed-in"], now = "2026-02-01" } = {}) {
  const notes: object[] = [];
  const asked: string[] = [];
  let tried = 0;
  const note = async (_: unknown, noted: object) => {
    notes.push(noted);
    return "as it is then";
  };
  const ports = {
    now: () => on(now),
    wait: async () => undefined,
    signIn: async (...as: string[]) => {
      asked.push(as.join(": "));
      return { kind: signIns[Math.min(tried++, signIns.length - 1)] };
    },
    current: { value: async () => VALUE, note },
  } as unknown as Ports;
  const current = { ...held(), keyId: "old", nonce: "nonce" };
  const endsOn = new Date(on(now).getTime() + 60_000);
  const applied = await checkCurrent(ports, { appId: "app", current, issued: listed, endsOn });
  return { ...applied, notes, tried, asked };
}

const ANOTHER = "its value does not belong to keyId=old, which its tag names";
const refused = (why: string) => ({
  state: "waiting",
  code: "current-secret-untrusted",
  detail: `the current secret must be replaced: ${why}`,
  notes: [{ refusedOn: on("2026-02-01") }],
});

describe("checkCurrent()", () => {
  it("notes that what is current signs in and is what its tags name", async () => {
    expect(await check([own, other])).toEqual({
      state: "done",
      detail: "checked keyId=old version=v1: it signs in",
      keyId: "old",
      version: "v1",
      wrote: { current: "as it is then" },
      notes: [{ checkedOn: on("2026-02-01") }],
      tried: 1,
      asked: [`app: ${VALUE}`],
    });
  });

  it("finds out that the tags name another one, without a sign-in", async () => {
    const pointed = { ...own, hint: "xyz" };
    expect(await check([pointed])).toMatchObject({ ...refused(ANOTHER), tried: 0 });
  });

  it("finds out that the tags name one that Entra does not list, while the value is that of another", async () => {
    expect(await check([{ ...other, hint: "abc" }])).toMatchObject(refused(ANOTHER));
    expect(await check([other])).toMatchObject({ state: "done" });
  });

  it("goes by the sign-in alone where Entra shows no beginning of the value", async () => {
    expect(await check([{ ...own, hint: undefined }])).toMatchObject({ state: "done" });
  });

  it("compares no more than Entra shows, and with all that it lists", async () => {
    expect(await check([{ ...other, hint: undefined }, own])).toMatchObject({ state: "done" });
    expect(await check([{ ...other, hint: undefined }])).toMatchObject({ state: "done" });
    expect(await check([{ ...other, hint: "ab" }])).toMatchObject({ state: "done" });
    expect(await check([other, { ...other, keyId: "third", hint: "abc" }])).toMatchObject({ tried: 0 });
    // The tags name this one: that another begins alike says nothing.
    expect(await check([{ ...other, hint: "abc" }, own])).toMatchObject({ state: "done" });
    expect(await check([])).toMatchObject({ state: "done" });
  });

  it("gives up what Entra refuses three times in a row", async () => {
    expect(await check([own], { signIns: ["unknown-secret"] })).toMatchObject({
      ...refused("Entra rejects keyId=old"),
      tried: 3,
    });
    expect(await check([own], { signIns: ["unknown-secret", "expired-secret", "signed-in"] })).toMatchObject({
      state: "done",
    });
  });

  it("waits with one that became current within the hour: Entra may not know it everywhere", async () => {
    const young = await check([own], { signIns: ["unknown-secret"], now: "2026-01-01T01:00:00" });
    expect(young).toMatchObject({
      state: "waiting",
      code: "replication-pending",
      detail: "Entra does not accept the current secret everywhere yet",
      notes: [],
    });
    const older = await check([own], { signIns: ["unknown-secret"], now: "2026-01-01T01:00:01" });
    expect(older.notes).toHaveLength(1);
  });
});
