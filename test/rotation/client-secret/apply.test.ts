import { describe, expect, it } from "vitest";
import { PROOF_TRY } from "../../../shared/limits.ts";
import { apply } from "../../../shared/rotation/client-secret/apply.ts";
import type { Sight } from "../../../shared/rotation/client-secret/observe.ts";
import type { Ports } from "../../../shared/rotation/client-secret/ports.ts";
import type { Step } from "../../../shared/rotation/client-secret/step.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { held, next, on, policy } from "./planned.ts";

const NOW = "2026-03-02";
const version = (change: Partial<Version>, from = held): Version => ({ ...from(), nonce: "nonce", ...change });

/** A vault and an Entra in which `change` is otherwise; what was done to them, in order. */
function surroundings(change: { signsIn?: boolean; limits?: object; isDeleted?: boolean } = {}) {
  const did: string[] = [];
  const notes: object[] = [];
  let time = on(NOW).getTime();
  const store = (name: string, latest: Version) => ({
    vault: "prod-kv",
    latest: async () => latest,
    value: async () => "value",
    store: async () => {
      did.push(`store ${name}`);
      return version({ version: "v2" });
    },
    announce: async () => void did.push(`announce ${name}`),
    note: async (_: Version, noted: object) => {
      did.push(`note ${name}`);
      notes.push(noted);
    },
    isDeleted: async () => change.isDeleted ?? false,
  });
  const world = { current: store("current", version({})), staged: store("staged", version({}, next)) };
  const ports = {
    name: "openmetadata-ingestion-client-secret",
    ...world,
    credentials: {
      limits: async () => change.limits,
      issue: async () => {
        did.push("issue");
        return { keyId: "new", value: "value" };
      },
      retire: async (_: string, keyId: string) => void did.push(`retire ${keyId}`),
    },
    signIn: async () => {
      did.push("sign in");
      return { kind: (change.signsIn ?? true) ? "signed-in" : "unknown-secret" };
    },
    nonce: () => "nonce",
    now: () => new Date(time),
    wait: async (milliseconds: number) => {
      time += milliseconds;
    },
    log: () => undefined,
  } as unknown as Ports;
  const took = () => time - on(NOW).getTime();
  return { did, notes, ports, world, took };
}
const sight = (change: Partial<Sight> = {}) =>
  ({
    current: version({}),
    staged: version({}, next),
    issued: [],
    holder: { appId: "app", objectId: "object", createdOn: on("2025-01-01"), managed: [] },
    ...change,
  }) as unknown as Sight;
const endsOn = new Date(on(NOW).getTime() + 8 * 60_000);
const step = (kind: string, more: object = {}) => ({ kind, because: "due", target: "new", ...more }) as unknown as Step;
const issue = step("issue", { expiresOn: on("2026-05-31") });

describe("a step that issues", () => {
  it("announces in the vault before Entra makes anything, and stores what that made", async () => {
    const { ports, did } = surroundings();
    expect(await apply(issue, sight(), { ports, policy, endsOn })).toMatchObject({ state: "done", keyId: "new" });
    expect(did).toEqual(["announce staged", "issue", "store staged"]);
  });

  it("makes nothing that the tenant forbids", async () => {
    const { ports, did } = surroundings({ limits: { forbidden: true } });
    const applied = apply(issue, sight(), { ports, policy, endsOn });
    await expect(applied).rejects.toMatchObject({
      code: "tenant-policy-conflict",
      message: expect.stringMatching(/^Cannot issue the next secret for "openmetadata-ingestion-client-secret": ./),
      hint: expect.stringMatching(/./),
    });
    expect(did).toEqual([]);
  });

  it("makes nothing that the vault would not take: a deleted secret still has the name", async () => {
    const { ports, did } = surroundings({ isDeleted: true });
    const first = apply(issue, sight({ current: undefined }), { ports, policy, endsOn });
    await expect(first).rejects.toMatchObject({
      code: "vault-secret-deleted",
      hint: expect.stringContaining(
        "\naz keyvault secret recover --vault-name prod-kv --name openmetadata-ingestion-client-secret",
      ),
    });
    expect(did).toEqual([]);
    // One that is current proves that there is none.
    expect(await apply(issue, sight(), { ports, policy, endsOn })).toMatchObject({ state: "done" });
  });
});

describe("a step that promotes", () => {
  const promote = step("promote");

  it("signs in once more, and stores the value as current", async () => {
    const { ports, did } = surroundings();
    expect(await apply(promote, sight(), { ports, policy, endsOn })).toMatchObject({ state: "done", version: "v2" });
    expect(did).toEqual(["sign in", "note staged", "store current"]);
  });

  it("promotes none that Entra refuses now, and has it proven again", async () => {
    const { ports, did, notes } = surroundings({ signsIn: false });
    const applied = await apply(promote, sight(), { ports, policy, endsOn });
    expect(applied).toMatchObject({ state: "waiting", code: "proof-pending" });
    expect(did).not.toContain("store current");
    expect(notes).toEqual([{ provenOn: undefined }]);
  });

  it.each(["current", "staged"] as const)("stores nothing where another run has changed what is %s", async (which) => {
    const { ports, did, world } = surroundings();
    world[which].latest = async () => version({ version: "of another run" });
    const applied = await apply(promote, sight(), { ports, policy, endsOn });
    expect(applied).toMatchObject({ state: "waiting", code: "changed-meanwhile" });
    expect(did).not.toContain("store current");
  });
});

describe("a step that proves", () => {
  const prove = step("prove");

  it("notes when it was proven", async () => {
    const { ports, notes } = surroundings();
    expect(await apply(prove, sight(), { ports, policy, endsOn })).toMatchObject({ state: "done", keyId: "new" });
    expect(notes).toMatchObject([{ provenOn: expect.any(Date) }]);
  });

  it("is tried for half a minute where a message goes on with it, and else for as long as the run has", async () => {
    const brief = surroundings({ signsIn: false });
    const applied = await apply(prove, sight(), { ports: brief.ports, policy, endsOn, briefly: true });
    expect(applied).toMatchObject({ state: "waiting", code: "proof-pending" });
    expect(brief.took()).toBeLessThanOrEqual(PROOF_TRY);
    const long = surroundings({ signsIn: false });
    await apply(prove, sight(), { ports: long.ports, policy, endsOn });
    expect(long.took()).toBeGreaterThan(7 * 60_000);
    expect(long.notes).toEqual([]);
  });
});

describe("a step that retires", () => {
  it("removes the one that it names, and no other", async () => {
    const { ports, did } = surroundings();
    await apply(step("retire", { target: "old" }), sight(), { ports, policy, endsOn });
    expect(did).toEqual(["retire old"]);
  });
});

describe("a step about a secret that is not there", () => {
  it.each(["prove", "promote", "check"])("to %s changes nothing, and fails", async (kind) => {
    const { ports, did } = surroundings();
    const nothing = sight({ current: undefined, staged: undefined });
    await expect(apply(step(kind), nothing, { ports, policy, endsOn })).rejects.toThrow("without one");
    expect(did).toEqual([]);
  });
});
