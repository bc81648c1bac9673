import { describe, expect, it } from "vitest";
import type { Holder, Ports } from "../../shared/rotation/client-secret/ports.ts";
import type { Version } from "../../shared/rotation/secret-store.ts";
import { describeBotToken, describeClientSecret } from "../../shared/status/credential.ts";
import { lateAfter } from "../../shared/status/due.ts";
import { type Surroundings, surroundings } from "../rotation/bot-token/ports.ts";
import { held, issued, next, on, policy } from "../rotation/client-secret/planned.ts";

type Stored = Partial<Version> | undefined;

/** Describes the client secret of a registration at a moment; it was issued on 2026-01-01 and is due on 2026-03-02. */
async function secretAt(
  moment: string,
  { current = held(), staged, holder = {} }: { current?: Stored; staged?: Stored; holder?: Partial<Holder> } = {},
) {
  const ports = {
    name: "a-secret",
    registration: { appId: "client" },
    clientId: { tell: () => undefined },
    credentials: {
      list: async () => ({
        managed: [issued("old", "2026-01-01"), issued("new", "2026-03-01")],
        unsigned: [],
        others: [],
        foreign: 2,
        ...holder,
      }),
    },
    current: { latest: async () => current && { nonce: "nonce", ...current } },
    staged: { latest: async () => staged && { nonce: "nonce", ...staged } },
  } as unknown as Ports;
  return describeClientSecret("server-client-secret", ports, { policy, now: on(moment) });
}

describe("what is told of a client secret", () => {
  it("are ids, dates and stages, in Entra and in the vault", async () => {
    expect(await secretAt("2026-02-01")).toMatchObject({
      credential: "server-client-secret",
      secret: "a-secret",
      current: {
        keyId: "old",
        version: "v1",
        enabled: true,
        storedOn: on("2026-01-01"),
        issuedOn: on("2026-01-01"),
        expiresOn: on("2026-04-01"),
        provenOn: on("2026-01-01"),
        deliveredOn: on("2026-01-01"),
        confirmedOn: on("2026-01-01T01:00:00"),
        delivery: "verified",
        stage: "confirmed",
        inEntra: true,
      },
      staged: undefined,
      inEntra: { managed: [issued("old", "2026-01-01"), issued("new", "2026-03-01")], foreign: 2 },
      plan: { stageOn: on("2026-03-01"), dueOn: on("2026-03-02"), retireOn: on("2026-01-08") },
      blocked: undefined,
      code: undefined,
      findings: [],
    });
    expect((await secretAt("2026-02-01")).inEntra).not.toHaveProperty("otherInstallations");
  });

  it.each<[string, Stored, string]>([
    ["current", { deliveredOn: undefined, confirmedOn: undefined }, "current"],
    ["delivered", { confirmedOn: undefined }, "delivered"],
    ["confirmed", {}, "confirmed"],
  ])("has the stage %s", async (_, change, stage) => {
    expect((await secretAt("2026-02-01", { current: { ...held(), ...change } })).current?.stage).toBe(stage);
  });

  it.each<[string, Stored]>([
    ["announced", { intent: true, provenOn: undefined }],
    ["staged", { provenOn: undefined }],
    ["proven", {}],
  ])("has a successor with the stage %s", async (stage, change) => {
    const { staged } = await secretAt("2026-03-01", { staged: { ...next(), ...change } });
    expect(staged).toMatchObject({ keyId: "new", version: "n1", stage, inEntra: true });
  });

  it("tells a staged one that has become current once", async () => {
    const current = { ...next(), version: "v2", createdOn: on("2026-03-02") };
    const told = await secretAt("2026-03-03", { current, staged: next() });
    expect(told.current?.keyId).toBe("new");
    expect(told.staged).toBeUndefined();
  });

  it("says that one is not in Entra, and plans nothing for one that this app did not store", async () => {
    const others = { managed: [issued("another", "2026-01-01")] };
    expect((await secretAt("2026-02-01", { holder: others })).current?.inEntra).toBe(false);
    const theirs = await secretAt("2026-02-01", { current: { ...held(), keyId: undefined } });
    expect(theirs).toMatchObject({
      plan: undefined,
      dueNow: { because: "not stored by this app", target: "a-secret" },
    });
    expect(await secretAt("2026-02-01", { current: undefined as Stored })).toMatchObject({ plan: expect.anything() });
  });

  it.each<[string, string, Parameters<typeof secretAt>[1], object]>([
    [
      "one to be staged",
      "2026-03-01",
      { holder: { managed: [issued("old", "2026-01-01")] } },
      { kind: "issue", because: "due soon", since: on("2026-03-01") },
    ],
    [
      "one to be issued",
      "2026-03-03",
      { holder: { managed: [issued("old", "2026-01-01")] } },
      { kind: "issue", because: "due", since: on("2026-03-02") },
    ],
    [
      "one to be proven",
      "2026-03-01T01:00:00",
      { staged: { ...next(), provenOn: undefined } },
      { kind: "prove", target: "new", since: on("2026-03-01") },
    ],
    [
      "one to be promoted",
      "2026-03-03",
      { staged: next() },
      { kind: "promote", because: "due", since: on("2026-03-02") },
    ],
    [
      "one to be delivered",
      "2026-02-01",
      { current: { ...held(), deliveredOn: undefined, confirmedOn: undefined } },
      { kind: "push", target: "old", since: on("2026-01-01") },
    ],
    [
      "one to be replaced for a reason whose time nobody knows",
      "2026-02-01",
      { current: { ...held(), enabled: false }, holder: { managed: [issued("old", "2026-01-01")] } },
      { kind: "issue", because: "disabled in the vault", since: undefined },
    ],
    [
      "one to be checked before others are retired, which is due as long as that",
      "2026-03-20",
      {
        current: {
          ...next(),
          createdOn: on("2026-03-02"),
          deliveredOn: on("2026-03-02"),
          confirmedOn: on("2026-03-02"),
          checkedOn: on("2026-03-20"),
        },
      },
      { kind: "check", target: "new", since: on("2026-03-09") },
    ],
    [
      "one to be confirmed",
      "2026-03-03",
      { current: { ...next(), deliveredOn: on("2026-03-02") }, holder: { managed: [issued("new", "2026-03-01")] } },
      { kind: "confirm", since: on("2026-03-02T00:15:00") },
    ],
    [
      "one to be checked",
      "2026-02-01",
      { holder: { managed: [issued("old", "2026-01-01")] } },
      { kind: "check", target: "old", since: on("2026-01-02") },
    ],
  ])("says what is due now, and since when: %s", async (_, moment, world, due) => {
    expect((await secretAt(moment, world)).dueNow).toMatchObject(due);
  });

  it("does not push while those who read the vault by themselves have time, and says until when", async () => {
    const current = { ...held(), deliveredOn: undefined, confirmedOn: undefined, readUntil: on("2026-02-02") };
    const told = await secretAt("2026-02-01", { current });
    expect(told.dueNow?.kind).not.toBe("push");
    expect(told.later[0]).toEqual({ kind: "push", on: on("2026-02-02"), target: "old", waits: "readers-pending" });
    const late = await secretAt("2026-02-01", { current: { ...current, readUntil: on("2026-12-01") } });
    expect(late.later.length).toBeGreaterThan(1);
    expect(late.later.at(-1)?.kind).toBe("push");
    expect((await secretAt("2026-02-02", { current })).dueNow?.kind).toBe("push");
  });

  it("says why none can be issued", async () => {
    const managed = Array.from({ length: 10 }, (_, one) => issued(`${one}`, "2026-03-01"));
    const told = await secretAt("2026-03-03", { holder: { managed: [issued("old", "2026-01-01"), ...managed] } });
    expect(told).toMatchObject({ blocked: expect.any(String), code: "too-many-credentials" });
  });

  it("finds those of another installation", async () => {
    const theirs = { ...issued("theirs", "2026-01-01"), mark: "elsewhere", nonce: "never told" };
    const { inEntra, findings } = await secretAt("2026-02-01", { holder: { others: [theirs] } });
    const { nonce: _, ...told } = theirs;
    expect(inEntra.otherInstallations).toEqual([told]);
    expect(findings).toMatchObject([{ kind: "other-installation", severity: "warning" }]);
  });
});

describe("what is told of the token of a bot", () => {
  const tokenAt = (moment: string, change: (world: Surroundings) => void = () => undefined) => {
    const world = surroundings();
    change(world);
    return describeBotToken(world.ports, { policy, now: on(moment) });
  };

  it("are ids, dates and stages, in OpenMetadata and in the vault", async () => {
    expect(await tokenAt("2026-02-01")).toMatchObject({
      credential: "bot-token",
      secret: "openmetadata-bot-token",
      findings: [],
      current: { keyId: "one", stage: "confirmed", inOpenMetadata: true },
      inOpenMetadata: { keyId: "one", issuedOn: on("2026-01-01"), expiresOn: on("2026-04-01") },
      plan: { dueOn: on("2026-03-02") },
      dueNow: undefined,
      waitingFor: undefined,
    });
    const told = await tokenAt("2026-02-01");
    expect(told).not.toHaveProperty("runningPipelines");
    expect(told).not.toHaveProperty("hint");
  });

  it("is why there is none where the bot signs in otherwise", async () => {
    const told = await tokenAt("2026-02-01", (world) => {
      world.current = undefined;
      world.ports.choose = async () => ({ kind: "sso", because: "it is old" });
    });
    expect(told).toEqual({
      credential: "bot-token",
      secret: "openmetadata-bot-token",
      findings: [],
      unused: "it is old",
    });
  });

  const holds = (change: object) => (world: Surroundings) => {
    const shown = world.users.get("bot");
    if (shown) world.users.set("bot", { ...shown, ...change });
  };

  it("says that the bot holds none, or another than the vault, or one without an end", async () => {
    expect(await tokenAt("2026-02-01", holds({ keyId: undefined }))).toMatchObject({ inOpenMetadata: "no token" });
    expect(await tokenAt("2026-02-01", holds({ keyId: "another" }))).toMatchObject({
      current: { inOpenMetadata: false },
    });
    expect(await tokenAt("2026-02-01", holds({ expiresOn: undefined }))).toMatchObject({
      inOpenMetadata: { expiresOn: "never" },
      plan: undefined,
      hint: expect.stringContaining('{"credential":"bot-token","because":"no expiry"}'),
    });
    expect(await tokenAt("2026-02-01", holds({ keyId: undefined, expiresOn: undefined }))).not.toHaveProperty("hint");
  });

  it("says what is due now, and since when", async () => {
    expect(await tokenAt("2026-03-03")).toMatchObject({ dueNow: { kind: "issue", since: on("2026-03-02") } });
    const undelivered = (world: Surroundings) => {
      if (world.current) world.current = { ...world.current, deliveredOn: undefined, confirmedOn: undefined };
    };
    expect(await tokenAt("2026-02-01", undelivered)).toMatchObject({
      dueNow: { kind: "push", since: on("2026-01-01") },
    });
    expect(await tokenAt("2026-02-01", holds({ keyId: "another" }))).toMatchObject({
      dueNow: { kind: "promote", since: undefined },
    });
  });

  it("says once what waits, and for which pipelines", async () => {
    const told = await tokenAt("2026-03-02T01:00:00", (world) => {
      world.running = ["sales"];
    });
    expect(told).toMatchObject({ dueNow: undefined, waitingFor: expect.any(String), runningPipelines: ["sales"] });
    if (!("later" in told)) throw new Error("It is used");
    expect(told.later.filter(({ kind }) => kind === "issue")).toMatchObject([
      { target: "openmetadata-bot-token", waits: told.code },
    ]);
    expect((await tokenAt("2026-02-01")) as object).toMatchObject({ later: [{ kind: "issue", on: on("2026-03-02") }] });
  });
});

describe("something that is due is late", () => {
  const hours = (schedule: string) => lateAfter(schedule) / 3_600_000;

  it("after two hours, or after two pauses of the timer where that is longer", () => {
    expect(hours("0 0 * * * *")).toBe(2);
    expect(hours("0 */5 * * * *")).toBe(2);
    expect(hours("0 0 */6 * * *")).toBe(12);
    expect(hours("not a schedule")).toBe(2);
    expect(hours("0 0 0 31 2 *")).toBe(2);
  });
});
