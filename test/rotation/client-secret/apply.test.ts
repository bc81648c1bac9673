import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../../shared/errors.ts";
import { DAY, PROOF_SPACING, PROOF_TRY } from "../../../shared/limits.ts";
import { apply } from "../../../shared/rotation/client-secret/apply.ts";
import type { Sight } from "../../../shared/rotation/client-secret/observe.ts";
import type { Ports } from "../../../shared/rotation/client-secret/ports.ts";
import type { Step } from "../../../shared/rotation/client-secret/step.ts";
import type { Version } from "../../../shared/rotation/secret-store.ts";
import { held, issued, next, on, policy } from "./planned.ts";

const NOW = "2026-03-02";
const version = (change: Partial<Version>, from = held): Version => ({ ...from(), nonce: "nonce", ...change });

/** A vault and an Entra in which `change` is otherwise; what was done to them, in order. */
function surroundings(change: { signsIn?: boolean; limits?: object; isDeleted?: boolean } = {}) {
  const did: string[] = [];
  const notes: object[] = [];
  const given: unknown[][] = [];
  let time = on(NOW).getTime();
  const store = (name: string, latest: Version) => ({
    vault: "prod-kv",
    latest: async () => latest,
    value: async () => "value",
    store: async (...handed: unknown[]) => {
      did.push(`store ${name}`);
      given.push(handed);
      return version({ version: "v2" });
    },
    announce: async (...handed: unknown[]) => {
      did.push(`announce ${name}`);
      given.push(handed);
    },
    note: async (_: Version, noted: object) => {
      did.push(`note ${name}`);
      notes.push(noted);
      return version({ version: `noted ${name}` });
    },
    isDeleted: async () => change.isDeleted ?? false,
  });
  const world = { current: store("current", version({})), staged: store("staged", version({}, next)) };
  const ports = {
    name: "openmetadata-ingestion-client-secret",
    ...world,
    credentials: {
      limits: async () => change.limits,
      issue: async (...handed: unknown[]) => {
        did.push("issue");
        given.push(handed);
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
  return { did, notes, given, ports, world, took };
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

  it("names the credential by when it was announced, and stores with it whatever tells whose it is", async () => {
    const { ports, given } = surroundings();
    const nonce = "2026-03-02T00:00:00.000Z nonce";
    const expiresOn = on("2026-05-31");
    const asked = { because: "leaver", issuedBefore: on(NOW), revokeOld: false };
    expect(await apply(issue, sight(), { ports, policy, endsOn, ask: asked })).toEqual({
      state: "done",
      detail: "issued and staged keyId=new, expires 2026-05-31T00:00:00.000Z",
      keyId: "new",
      wrote: { staged: version({ version: "v2" }) },
      made: { keyId: "new", issuedOn: on(NOW), expiresOn },
    });
    const note = { before: on(NOW), because: "leaver" };
    expect(given).toEqual([
      [nonce, { on: on(NOW), expiresOn }],
      ["object", nonce, expiresOn],
      ["value", { keyId: "new", nonce, issuedOn: on(NOW), expiresOn, asked: note }],
    ]);
    const unasked = surroundings();
    await apply(issue, sight(), { ports: unasked.ports, policy, endsOn });
    expect(unasked.given.at(-1)).toMatchObject(["value", { asked: undefined }]);
  });

  it("asks the tenant about this very app, and lives as long as that allows", async () => {
    const { ports, given } = surroundings();
    const about: unknown[] = [];
    ports.credentials.limits = async (...of) => {
      about.push(...of);
      return { forbidden: false, longestLife: 60 * DAY };
    };
    await apply(issue, sight(), { ports, policy, endsOn });
    expect(about).toEqual(["object", on("2025-01-01")]);
    expect(given[1]).toEqual(["object", expect.any(String), on("2026-04-30T23:50:00")]);
  });

  it("makes nothing that the tenant forbids", async () => {
    const { ports, did } = surroundings({ limits: { forbidden: true } });
    const applied = apply(issue, sight(), { ports, policy, endsOn });
    await expect(applied).rejects.toMatchObject({
      code: "tenant-policy-conflict",
      message: expect.stringMatching(/^Cannot issue the next secret for "openmetadata-ingestion-client-secret": ./),
      hint: "Exempt the application from the application management policy",
    });
    expect(did).toEqual([]);
  });

  it("makes nothing that the vault would not take: a deleted secret still has the name", async () => {
    const { ports, did } = surroundings({ isDeleted: true });
    const first = apply(issue, sight({ current: undefined }), { ports, policy, endsOn });
    await expect(first).rejects.toMatchObject({
      code: "vault-secret-deleted",
      message:
        'Cannot issue the next secret for "openmetadata-ingestion-client-secret": the vault still holds a deleted secret of that name',
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

  it("stores it with all that is known of it, and says what is to be known from now on", async () => {
    const { ports, given, notes } = surroundings();
    const asked = { before: on("2026-02-01"), because: "leaver" };
    const staged = version({ nonce: "its nonce", asked }, next);
    expect(await apply(promote, sight({ staged }), { ports, policy, endsOn })).toEqual({
      state: "done",
      detail: "promoted keyId=new version=v2",
      keyId: "new",
      version: "v2",
      wrote: { current: version({ version: "v2" }), staged: version({ version: "noted staged" }) },
    });
    const { keyId, issuedOn, expiresOn, provenOn } = staged;
    expect(given).toEqual([["value", { keyId, nonce: "its nonce", issuedOn, expiresOn, provenOn, asked }]]);
    expect(notes).toEqual([{ promotedOn: on(NOW) }]);
  });

  it("takes the vault's own date where the tags tell none", async () => {
    const { ports, given } = surroundings();
    const bare = { nonce: undefined, issuedOn: undefined, expiresOn: undefined };
    const staged = { ...version({}, next), ...bare } as unknown as Version;
    await apply(promote, sight({ staged }), { ports, policy, endsOn });
    const { createdOn } = staged;
    expect(given[0]?.[1]).toMatchObject({ nonce: "", issuedOn: createdOn, expiresOn: createdOn });
  });

  it("signs in as the app with the staged value", async () => {
    const { ports } = surroundings();
    const seen: string[] = [];
    const own = {
      ...ports,
      staged: { ...ports.staged, value: async (of: string) => `value of ${of}` },
      signIn: async (appId: string, value: string) => {
        seen.push(`${appId}: ${value}`);
        return { kind: "signed-in" };
      },
    } as unknown as Ports;
    await apply(promote, sight(), { ports: own, policy, endsOn });
    expect(seen).toEqual(["app: value of n1"]);
  });

  it("promotes none that Entra refuses now, and has it proven again", async () => {
    const { ports, did, notes } = surroundings({ signsIn: false });
    const applied = await apply(promote, sight(), { ports, policy, endsOn });
    expect(applied).toEqual({
      state: "waiting",
      code: "proof-pending",
      detail: "the staged secret no longer signs in (unknown-secret) and must be proven again",
    });
    expect(did).not.toContain("store current");
    expect(notes).toStrictEqual([{ provenOn: undefined }]);
  });

  it.each([
    ["current", "another run changed the current secret in the meantime"],
    ["staged", "another run staged a different secret in the meantime"],
  ] as const)("stores nothing where another run has changed what is %s", async (which, detail) => {
    const { ports, did, world } = surroundings();
    world[which].latest = async () => version({ version: "of another run" });
    const applied = await apply(promote, sight(), { ports, policy, endsOn });
    expect(applied).toEqual({ state: "waiting", code: "changed-meanwhile", detail });
    expect(did).not.toContain("store current");
  });

  it.each(["current", "staged"] as const)("stores nothing where what is %s is gone meanwhile", async (which) => {
    const { ports, did, world } = surroundings();
    (world[which] as { latest: unknown }).latest = async () => undefined;
    expect(await apply(promote, sight(), { ports, policy, endsOn })).toMatchObject({ code: "changed-meanwhile" });
    expect(did).not.toContain("store current");
  });

  it("is the first one where the vault holds none yet", async () => {
    const { ports, world } = surroundings();
    (world.current as { latest: unknown }).latest = async () => undefined;
    const first = sight({ current: undefined });
    expect(await apply(promote, first, { ports, policy, endsOn })).toMatchObject({ state: "done" });
  });
});

describe("a step that proves", () => {
  const prove = step("prove");

  it("notes when it was proven", async () => {
    const { ports, notes } = surroundings();
    expect(await apply(prove, sight(), { ports, policy, endsOn })).toMatchObject({ state: "done", keyId: "new" });
    expect(notes).toMatchObject([{ provenOn: expect.any(Date) }]);
  });

  it("tells how often Entra refused it before, and what the vault holds from now on", async () => {
    const { ports, took, notes } = surroundings();
    let times = 0;
    const signIn = async () => ({ kind: ++times <= 2 ? "unknown-secret" : "signed-in" }) as { kind: "signed-in" };
    expect(await apply(prove, sight(), { ports: { ...ports, signIn }, policy, endsOn })).toEqual({
      state: "done",
      detail: "proven keyId=new after 2 refused sign-ins",
      keyId: "new",
      wrote: { staged: version({ version: "noted staged" }) },
    });
    expect(notes).toEqual([{ provenOn: new Date(on(NOW).getTime() + took()) }]);
  });

  it("says why it must wait", async () => {
    const { ports } = surroundings({ signsIn: false });
    expect(await apply(prove, sight(), { ports, policy, endsOn, briefly: true })).toEqual({
      state: "waiting",
      code: "proof-pending",
      detail: "Entra does not accept the new secret yet (unknown-secret)",
    });
  });

  it("is tried for half a minute where a message goes on with it, and else for as long as the run has", async () => {
    const brief = surroundings({ signsIn: false });
    const applied = await apply(prove, sight(), { ports: brief.ports, policy, endsOn, briefly: true });
    expect(applied).toMatchObject({ state: "waiting", code: "proof-pending" });
    expect(brief.took()).toBeLessThanOrEqual(PROOF_TRY);
    expect(brief.took()).toBeGreaterThan(PROOF_TRY - PROOF_SPACING);
    const short = surroundings({ signsIn: false });
    const soon = new Date(on(NOW).getTime() + PROOF_SPACING);
    await apply(prove, sight(), { ports: short.ports, policy, endsOn: soon, briefly: true });
    expect(short.took()).toBeLessThanOrEqual(PROOF_SPACING);
    const long = surroundings({ signsIn: false });
    await apply(prove, sight(), { ports: long.ports, policy, endsOn });
    expect(long.took()).toBeGreaterThan(7 * 60_000);
    expect(long.notes).toEqual([]);
  });
});

describe("a step that retires", () => {
  it("removes the one that it names, and no other", async () => {
    const { ports, did } = surroundings();
    const applied = await apply(step("retire", { target: "old" }), sight(), { ports, policy, endsOn });
    expect(applied).toEqual({ state: "done", detail: "retired keyId=old", keyId: "old" });
    expect(did).toEqual(["retire old"]);
  });
});

describe("a step that pushes", () => {
  /** A consumer that answers so; what it was told of the push. */
  function consumer(answer: () => Promise<unknown>) {
    const { ports, notes } = surroundings();
    const told: Record<string, unknown>[] = [];
    const push = (handed: Record<string, unknown>) => {
      told.push(handed);
      return answer();
    };
    return { ports: { ...ports, consumer: { push } } as unknown as Ports, told, notes };
  }
  const delivered = async () => ({ kind: "delivered", detail: "read back" });
  const push = step("push", { version: "v1" });

  it("hands on what is current, at once after a leak", async () => {
    for (const revokeOld of [false, true]) {
      const { ports, told } = consumer(delivered);
      const asked = { because: "leaver", issuedBefore: on(NOW), revokeOld };
      const applied = await apply(push, sight(), { ports, policy, endsOn, ask: asked });
      expect(applied).toMatchObject({ state: "done", detail: "pushed keyId=old: read back" });
      expect(told).toMatchObject([{ appId: "app", value: "value", urgent: revokeOld, again: false, endsOn }]);
    }
    const { ports, told } = consumer(delivered);
    await apply(push, sight(), { ports, policy, endsOn });
    expect(told).toMatchObject([{ urgent: false }]);
  });

  it("confirms the version that it names, and only that", async () => {
    const { ports, told, notes } = consumer(delivered);
    await apply(step("confirm", { version: "v1" }), sight(), { ports, policy, endsOn });
    expect([told[0]?.again, notes[0]]).toMatchObject([true, { confirmedOn: on(NOW) }]);
  });

  it("is the caller's to await only where it is the first one, and the server is not up yet", async () => {
    const down = () =>
      Promise.reject(new UpstreamError("OpenMetadata did not answer", { service: "OpenMetadata", status: 0 }));
    const first = { current: version({ deliveredOn: undefined }) };
    const two = { appId: "app", objectId: "object", managed: [issued("a", NOW), issued("b", NOW)] };
    const pushes = (change: object, called?: boolean) =>
      apply(push, sight(change as Partial<Sight>), { ports: consumer(down).ports, policy, endsOn, called });
    expect(await pushes(first, true)).toMatchObject({ state: "waiting" });
    expect(await pushes({ current: undefined }, true)).toMatchObject({ state: "waiting" });
    await expect(pushes(first)).rejects.toThrow("did not answer");
    await expect(pushes({}, true)).rejects.toThrow("did not answer");
    await expect(pushes({ ...first, holder: two }, true)).rejects.toThrow("did not answer");
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
