import { describe, expect, it } from "vitest";
import type { ConditionType, Verdict } from "../../shared/status/condition.ts";
import { worst } from "../../shared/status/condition.ts";
import type { BotTokenFacts, ClientSecretFacts } from "../../shared/status/credential.ts";
import { credentialConditions } from "../../shared/status/credential-conditions.ts";
import { botToken, clientSecret, current, day, hour, JUDGING } from "./facts.ts";

type Told = Parameters<typeof credentialConditions>[0];

function judge(told: Told, judging = JUDGING) {
  const conditions = credentialConditions(told, judging);
  const line = (type: ConditionType): string => {
    const found = conditions.find((one) => one.type === type);
    return found ? `${found.status} ${found.reason}` : "-";
  };
  return { verdict: worst(conditions.map((one) => one.verdict)), conditions, line };
}

const older = { keyId: "older", issuedOn: day(-100), expiresOn: day(5) };
const young = current({ storedOn: hour(-1), deliveredOn: undefined, confirmedOn: undefined, delivery: undefined });
const undelivered = current({
  storedOn: hour(-3),
  deliveredOn: undefined,
  confirmedOn: undefined,
  delivery: undefined,
});
const own = clientSecret().inEntra.managed;

describe("the conditions of a client secret", () => {
  it.each<
    [what: string, changes: Partial<ClientSecretFacts>, verdict: Verdict, said: Partial<Record<ConditionType, string>>]
  >([
    [
      "all is well",
      {},
      "healthy",
      { Ready: "True ready", Delivered: "True verified", Rotating: "False settled", Blocked: "False unblocked" },
    ],
    [
      "none is stored yet",
      { current: undefined, plan: undefined },
      "attention",
      { Ready: "False none-stored", Delivered: "False none-stored" },
    ],
    [
      "somebody stored another one",
      { current: current({ keyId: undefined }) },
      "attention",
      { Ready: "False not-ours" },
    ],
    ["it is disabled", { current: current({ enabled: false }) }, "failing", { Ready: "False disabled" }],
    ["Entra refuses it", { current: current({ refusedOn: hour(-1) }) }, "failing", { Ready: "False refused" }],
    ["it is gone from Entra", { current: current({ inEntra: false }) }, "failing", { Ready: "False not-in-entra" }],
    [
      "Entra's list lags behind",
      { current: current({ inEntra: false, issuedOn: hour(-0.5) }) },
      "healthy",
      { Ready: "True ready" },
    ],
    [
      "it is only to be signed in with, as once a day",
      { dueNow: { kind: "check", because: "no known sign-in for 24 hours", target: "current", since: hour(-1) } },
      "healthy",
      { Rotating: "False settled" },
    ],
    [
      "it is to be signed in with while the previous one still signs in",
      {
        dueNow: { kind: "check", because: "no known sign-in for 24 hours", target: "current", since: hour(-1) },
        inEntra: { managed: [...own, older], foreign: 0 },
      },
      "healthy",
      { Rotating: "True overlap" },
    ],
    [
      "nobody has signed in with it although somebody should have",
      { dueNow: { kind: "check", because: "no known sign-in for 24 hours", target: "current", since: hour(-3) } },
      "attention",
      { Rotating: "True overdue" },
    ],
    ["it has expired", { current: current({ expiresOn: hour(0) }) }, "failing", { Ready: "False expired" }],
    [
      "its delivery is assumed",
      { current: current({ delivery: "assumed", readUntil: day(-9) }) },
      "healthy",
      { Delivered: "True assumed" },
    ],
    [
      "readers of the vault have time",
      { current: { ...undelivered, readUntil: hour(20) } },
      "healthy",
      { Delivered: "False readers-pending" },
    ],
    [
      "readers of the vault have had it, and no run has come since",
      { current: { ...undelivered, readUntil: hour(-1) }, inEntra: { managed: [...own, older], foreign: 0 } },
      "attention",
      { Delivered: "False delivery-late" },
    ],
    ["it is on its way", { current: young }, "healthy", { Delivered: "False delivery-pending" }],
    [
      "it is late, and an older one signs in",
      { current: undelivered, inEntra: { managed: [...own, older], foreign: 0 } },
      "attention",
      { Delivered: "False delivery-late" },
    ],
    [
      "it is late, and nothing older signs in",
      { current: undelivered },
      "failing",
      { Delivered: "False delivery-late" },
    ],
    [
      "the next one is proven",
      { staged: { ...current({ keyId: "next" }), stage: "proven" } },
      "healthy",
      { Rotating: "True successor-proven" },
    ],
    [
      "the next one is stored",
      { staged: { ...current({ keyId: "next" }), stage: "staged" } },
      "healthy",
      { Rotating: "True successor-staged" },
    ],
    [
      "the old one is kept",
      { inEntra: { managed: [...own, older], foreign: 0 } },
      "healthy",
      { Rotating: "True overlap" },
    ],
    [
      "it is due since an hour",
      { dueNow: { kind: "promote", because: "due", target: "x", since: hour(-1) } },
      "healthy",
      { Rotating: "True due" },
    ],
    [
      "due soon",
      { dueNow: { kind: "issue", because: "due soon", target: "x", since: hour(-1) } },
      "healthy",
      { Rotating: "True due-soon" },
    ],
    [
      "it is due since two hours and more",
      { dueNow: { kind: "promote", because: "due", target: "x", since: hour(-2.1) } },
      "attention",
      { Rotating: "True overdue" },
    ],
    [
      "it is overdue and about to end",
      {
        current: current({ expiresOn: day(9) }),
        plan: { stageOn: day(-22), dueOn: day(-21), retireOn: day(-3) },
        dueNow: { kind: "promote", because: "due", target: "x", since: day(-21) },
      },
      "failing",
      { Rotating: "True overdue", Ready: "True ready" },
    ],
    [
      "too many exist",
      { blocked: "5 client secrets of this app exist already", code: "too-many-credentials" },
      "failing",
      { Blocked: "True too-many-credentials" },
    ],
  ])("where %s", (_, changes, verdict, said) => {
    const judged = judge(clientSecret(changes));
    const lines = Object.fromEntries(Object.keys(said).map((type) => [type, judged.line(type as ConditionType)]));
    expect(lines).toEqual(said);
    expect(judged.verdict).toBe(verdict);
  });

  it("say what to do where too many exist", () => {
    const { conditions } = judge(clientSecret({ blocked: "5 exist already", code: "too-many-credentials" }));
    expect(conditions.find(({ type }) => type === "Blocked")?.message).toMatch(
      /^5 exist already: none is issued\. .* remove unused ones in Entra .*\n\{"because":"compromised","revokeOld":true\}$/,
    );
  });

  it("promise no successor where none may be issued", () => {
    const blocked = { blocked: "5 client secrets of this app exist already", code: "too-many-credentials" } as const;
    const expired = { current: current({ expiresOn: hour(0) }) };
    const ready = (changes: object) => judge(clientSecret(changes)).conditions[0]?.message;
    expect(ready(expired)).toBe("It has expired; the next run replaces it");
    expect(ready({ ...expired, ...blocked })).toBe("It has expired; nothing replaces it yet, as Blocked says");
  });

  it("say since when, where that is known", () => {
    const { conditions } = judge(
      clientSecret({ staged: { ...current({ keyId: "next", provenOn: hour(-2) }), stage: "proven" } }),
    );
    expect(conditions.map(({ type, since }) => [type, since])).toEqual([
      ["Ready", day(-11)],
      ["Delivered", day(-10)],
      ["Rotating", hour(-2)],
      ["Blocked", undefined],
    ]);
  });
});

describe("the conditions of a bot's token", () => {
  it.each<
    [what: string, changes: Partial<BotTokenFacts>, verdict: Verdict, said: Partial<Record<ConditionType, string>>]
  >([
    ["all is well", {}, "healthy", { Ready: "True ready", Delivered: "True verified", Rotating: "False settled" }],
    [
      "it never ends",
      { inOpenMetadata: { keyId: "current", issuedOn: day(-11), expiresOn: "never" }, plan: undefined },
      "healthy",
      { Ready: "True ready" },
    ],
    ["the bot holds none", { inOpenMetadata: "no token" }, "failing", { Ready: "False no-token" }],
    [
      "the bot never held any",
      { inOpenMetadata: "no token", current: undefined },
      "attention",
      { Ready: "False no-token" },
    ],
    [
      "it has expired",
      { inOpenMetadata: { keyId: "current", issuedOn: day(-90), expiresOn: hour(-1) } },
      "failing",
      { Ready: "False expired" },
    ],
    ["none is stored", { current: undefined }, "attention", { Ready: "False none-stored" }],
    [
      "the server holds another",
      { current: { ...current(), inOpenMetadata: false } },
      "attention",
      { Ready: "False another-token" },
    ],
    [
      "it waits for pipelines",
      { waitingFor: "pipelines are running", code: "pipelines-running" },
      "healthy",
      { Rotating: "True pipelines-running" },
    ],
    [
      "it was not delivered in time",
      { current: { ...undelivered, inOpenMetadata: true } },
      "failing",
      { Delivered: "False delivery-late" },
    ],
  ])("where %s", (_, changes, verdict, said) => {
    const judged = judge(botToken(changes));
    const lines = Object.fromEntries(Object.keys(said).map((type) => [type, judged.line(type as ConditionType)]));
    expect(lines).toEqual(said);
    expect(judged.verdict).toBe(verdict);
  });

  it("are one where the deployment does without", () => {
    const judged = judge({
      credential: "bot-token",
      secret: "x",
      unused: "OpenMetadata 1.2.5 signs bots in with Azure SSO",
    });
    expect(judged.conditions).toMatchObject([{ type: "Ready", status: "True", reason: "unused", verdict: "healthy" }]);
  });
});

describe("the conditions of a credential that cannot be read", () => {
  const about = { credential: "ingestion-client-secret", secret: "x", error: "Cannot read" } as const;

  it.each<
    [code: "vault-unreachable" | "vault-forbidden" | "registration-missing", isSetUp: boolean, Verdict, blocked: string]
  >([
    ["vault-unreachable", true, "attention", "Unknown unknown"],
    ["vault-forbidden", true, "failing", "True vault-forbidden"],
    ["registration-missing", true, "failing", "True registration-missing"],
    ["registration-missing", false, "attention", "Unknown unknown"],
  ])("%s, set up: %s", (code, isSetUp, verdict, blocked) => {
    const judged = judge({ ...about, code }, { ...JUDGING, isSetUp });
    expect(judged.line("Ready")).toBe(`Unknown ${code}`);
    expect(judged.line("Blocked")).toBe(blocked);
    expect(judged.verdict).toBe(verdict);
  });
});
