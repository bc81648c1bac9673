import { describe, expect, it } from "vitest";
import { credentialConditions } from "../../shared/status/credential-conditions.ts";
import { botToken, clientSecret, current, day, hour, JUDGING, NOW, told } from "./facts.ts";

/** What is told of one of which all is well is told once. */
const fresh = told(credentialConditions(clientSecret(), JUDGING));
const secret = (changes: Parameters<typeof clientSecret>[0]) =>
  told(credentialConditions(clientSecret(changes), JUDGING)).filter((line) => !fresh.includes(line));
const freshToken = told(credentialConditions(botToken(), JUDGING));
const token = (changes: Parameters<typeof botToken>[0]) =>
  told(credentialConditions(botToken(changes), JUDGING)).filter((line) => !freshToken.includes(line));
const undelivered = { deliveredOn: undefined, confirmedOn: undefined, delivery: undefined };
const older = { keyId: "older", issuedOn: day(-100), expiresOn: day(5) };
const managed = [...clientSecret().inEntra.managed, older];
const due = (kind: string, because: string, since: Date) => ({ kind, because, target: "x", since }) as const;
const dueNow = (step: object) => ({ dueNow: step }) as Parameters<typeof clientSecret>[0];
const unread = { error: "Cannot reach it", code: "vault-unreachable", hint: "Look" } as const;

describe("what an operator reads", () => {
  it("of a client secret", () => {
    expect({
      fresh,
      none: secret({ current: undefined, plan: undefined }),
      foreign: secret({ current: current({ keyId: undefined }) }),
      disabled: secret({ current: current({ enabled: false }) }),
      refused: secret({ current: current({ refusedOn: hour(-1) }) }),
      gone: secret({ current: current({ inEntra: false, issuedOn: undefined }) }),
      "not listed within the hour": secret({ current: current({ inEntra: false, issuedOn: hour(-1) }) }),
      expired: secret({ current: current({ expiresOn: NOW }) }),
      checked: secret({ current: current({ checkedOn: hour(-1) }) }),
      assumed: secret({ current: current({ delivery: "assumed", readUntil: day(-9) }) }),
      "read by workloads": secret({ current: current({ ...undelivered, readUntil: hour(1) }) }),
      "on its way": secret({ current: current({ ...undelivered, storedOn: hour(-2) }) }),
      late: secret({ current: current({ ...undelivered, storedOn: hour(-3) }), inEntra: { managed, foreign: 0 } }),
      "late, and the older one has ended this moment": secret({
        current: current({ ...undelivered, storedOn: hour(-3) }),
        inEntra: { managed: [{ ...older, expiresOn: NOW }], foreign: 0 },
      }),
      announced: secret({ staged: { ...current({ keyId: "next" }), stage: "announced" } }),
      staged: secret({ staged: { ...current({ keyId: "next", storedOn: hour(-1) }), stage: "staged" } }),
      proven: secret({ staged: { ...current({ keyId: "next" }), stage: "proven" } }),
      "proven, unplanned": secret({ plan: undefined, staged: { ...current({ keyId: "next" }), stage: "proven" } }),
      overlap: secret({ inEntra: { managed, foreign: 0 } }),
      "overlap before delivery": secret({
        current: current({ ...undelivered, storedOn: hour(-1) }),
        plan: { stageOn: day(1), dueOn: day(2), retireOn: undefined },
        inEntra: { managed, foreign: 0 },
      }),
      "overlap, unplanned": secret({ plan: undefined, inEntra: { managed, foreign: 0 } }),
      due: secret(dueNow(due("promote", "due", hour(-2)))),
      "due soon": secret(dueNow(due("issue", "due soon", hour(-1)))),
      "due, nobody knows since when": secret({
        ...dueNow({ kind: "issue", because: "requested", target: "x", since: undefined }),
        current: undefined,
        plan: undefined,
      }).slice(-1),
      overdue: secret(dueNow(due("promote", "due", hour(-3)))),
      "overdue, a third of the time left": secret({
        ...dueNow(due("promote", "due", day(-20))),
        plan: { stageOn: day(-21), dueOn: day(-20), retireOn: undefined },
        current: current({ expiresOn: day(10) }),
      }),
      "overdue, less than a third left": secret({
        ...dueNow(due("promote", "due", day(-21))),
        plan: { stageOn: day(-22), dueOn: day(-21), retireOn: undefined },
        current: current({ expiresOn: day(10) }),
      }),
      "overdue, without an end": secret({
        ...dueNow(due("promote", "due", day(-21))),
        plan: { stageOn: day(-22), dueOn: day(-21), retireOn: undefined },
        current: current({ expiresOn: undefined }),
      }),
      "overdue, unplanned": secret({
        ...dueNow(due("push", "not delivered", day(-21))),
        plan: undefined,
        current: current({ expiresOn: day(1) }),
      }),
      blocked: secret({ blocked: "5 client secrets of this app exist already", code: "too-many-credentials" }),
      unread: told(credentialConditions({ credential: "server-client-secret", secret: "x", ...unread }, JUDGING)),
      "unread for good": told(
        credentialConditions(
          { credential: "server-client-secret", secret: "x", error: "No right", code: "vault-forbidden" },
          JUDGING,
        ),
      ),
      "unread for good, before anything is set up": told(
        credentialConditions(
          { credential: "server-client-secret", secret: "x", error: "No right", code: "vault-forbidden" },
          { ...JUDGING, isSetUp: false },
        ),
      ).slice(-1),
      unused: told(
        credentialConditions({ credential: "bot-token", secret: "x", unused: "it signs in by SSO" }, JUDGING),
      ),
    }).toMatchInlineSnapshot(`
      {
        "announced": [],
        "assumed": [
          "Delivered True, healthy: assumed. Assumed, not verified: workloads read the vault by themselves, and have had the time that the settings give them | 2031-02-21T12:00:00.000Z",
        ],
        "blocked": [
          "Blocked True, failing: too-many-credentials. 5 client secrets of this app exist already: none is issued. Something keeps losing secrets. See GET /api/status, then remove unused ones in Entra (Certificates & secrets). After a leak, call POST /api/rotate with:
      {"because":"compromised","revokeOld":true}",
        ],
        "checked": [
          "Ready True, healthy: ready. It signs in, as far as this app can see | 2031-03-03T11:00:00.000Z",
        ],
        "disabled": [
          "Ready False, failing: disabled. Somebody disabled the current version; the next run replaces it",
        ],
        "due": [
          "Rotating True, healthy: due. The next run will make the next one current | 2031-03-03T10:00:00.000Z",
        ],
        "due soon": [
          "Rotating True, healthy: due-soon. The next run will issue the next one | 2031-03-03T11:00:00.000Z",
        ],
        "due, nobody knows since when": [
          "Rotating True, healthy: due. The next run will issue the next one (requested)",
        ],
        "expired": [
          "Ready False, failing: expired. It has expired; the next run replaces it",
        ],
        "foreign": [
          "Ready False, attention: not-ours. What the vault holds was stored by somebody else; the next run replaces it",
          "Delivered False, healthy: none-stored. There is none to deliver",
          "Rotating True, healthy: overlap. The previous one still signs in until 2031-02-28T12:00:00.000Z, so that nobody is locked out | 2031-02-21T12:00:00.000Z",
        ],
        "fresh": [
          "Ready True, healthy: ready. It signs in, as far as this app can see | 2031-02-20T12:00:00.000Z",
          "Delivered True, healthy: verified. Verified: its consumer was seen to have it | 2031-02-21T12:00:00.000Z",
          "Rotating False, healthy: settled. Nothing is being replaced",
          "Blocked False, healthy: unblocked. Nothing keeps it from being replaced",
        ],
        "gone": [
          "Ready False, failing: not-in-entra. Somebody removed it in Entra: nobody can sign in; the next run replaces it",
        ],
        "late": [
          "Delivered False, attention: delivery-late. It should have been delivered by now; until then the previous one still signs in. POST /api/rotate says what stands in the way | 2031-03-03T09:00:00.000Z",
          "Rotating True, healthy: overlap. The previous one still signs in until 2031-02-28T12:00:00.000Z, so that nobody is locked out | 2031-03-03T09:00:00.000Z",
        ],
        "late, and the older one has ended this moment": [
          "Delivered False, failing: delivery-late. It should have been delivered by now, and nothing older signs in. POST /api/rotate says what stands in the way | 2031-03-03T09:00:00.000Z",
        ],
        "none": [
          "Ready False, attention: none-stored. None is stored yet: the next run issues one",
          "Delivered False, healthy: none-stored. There is none to deliver",
        ],
        "not listed within the hour": [],
        "on its way": [
          "Delivered False, healthy: delivery-pending. It is on its way | 2031-03-03T10:00:00.000Z",
        ],
        "overdue": [
          "Rotating True, attention: overdue. Due since 2031-03-03T09:00:00.000Z and not done: make the next one current. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-03-03T09:00:00.000Z",
        ],
        "overdue, a third of the time left": [
          "Rotating True, attention: overdue. Due since 2031-02-11T12:00:00.000Z and not done: make the next one current. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-11T12:00:00.000Z",
        ],
        "overdue, less than a third left": [
          "Rotating True, failing: overdue. Due since 2031-02-10T12:00:00.000Z and not done: make the next one current. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "overdue, unplanned": [
          "Rotating True, attention: overdue. Due since 2031-02-10T12:00:00.000Z and not done: deliver it. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "overdue, without an end": [
          "Rotating True, attention: overdue. Due since 2031-02-10T12:00:00.000Z and not done: make the next one current. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "overlap": [
          "Rotating True, healthy: overlap. The previous one still signs in until 2031-02-28T12:00:00.000Z, so that nobody is locked out | 2031-02-21T12:00:00.000Z",
        ],
        "overlap before delivery": [
          "Delivered False, healthy: delivery-pending. It is on its way | 2031-03-03T11:00:00.000Z",
          "Rotating True, healthy: overlap. The previous one still signs in until this one is delivered, and for the overlap, so that nobody is locked out | 2031-03-03T11:00:00.000Z",
        ],
        "overlap, unplanned": [
          "Rotating True, healthy: overlap. The previous one still signs in until this one is delivered, and for the overlap, so that nobody is locked out | 2031-02-21T12:00:00.000Z",
        ],
        "proven": [
          "Rotating True, healthy: successor-proven. The next one has signed in, and takes its place on 2031-04-22T12:00:00.000Z | 2031-02-20T12:00:00.000Z",
        ],
        "proven, unplanned": [
          "Rotating True, healthy: successor-proven. The next one has signed in, and takes its place soon | 2031-02-20T12:00:00.000Z",
        ],
        "read by workloads": [
          "Delivered False, healthy: readers-pending. Workloads that read the vault by themselves have until 2031-03-03T13:00:00.000Z; nobody needs to act | 2031-02-21T12:00:00.000Z",
        ],
        "refused": [
          "Ready False, failing: refused. Entra refuses it, or it is another one; the next run replaces it",
        ],
        "staged": [
          "Rotating True, healthy: successor-staged. The next one is stored, and is being proven | 2031-03-03T11:00:00.000Z",
        ],
        "unread": [
          "Ready Unknown, attention: vault-unreachable. Cannot reach it. Look",
          "Delivered Unknown, healthy: unknown. Could not be read",
          "Rotating Unknown, healthy: unknown. Could not be read",
          "Blocked Unknown, healthy: unknown. Could not be read",
        ],
        "unread for good": [
          "Ready Unknown, failing: vault-forbidden. No right",
          "Delivered Unknown, healthy: unknown. Could not be read",
          "Rotating Unknown, healthy: unknown. Could not be read",
          "Blocked True, failing: vault-forbidden. No right",
        ],
        "unread for good, before anything is set up": [
          "Blocked True, failing: vault-forbidden. No right",
        ],
        "unused": [
          "Ready True, healthy: unused. Not used: it signs in by SSO",
        ],
      }
    `);
  });

  it("of the token of a bot", () => {
    const held = { keyId: "current", issuedOn: day(-90), expiresOn: day(1) };
    expect({
      fresh: freshToken,
      none: token({ inOpenMetadata: "no token" }),
      never: token({ inOpenMetadata: "no token", current: undefined }),
      expired: token({ inOpenMetadata: { ...held, expiresOn: NOW } }),
      "not stored": token({ current: undefined }),
      disabled: token({ current: { ...current({ enabled: false }), inOpenMetadata: true } }),
      another: token({ current: { ...current(), inOpenMetadata: false } }),
      late: token({ current: { ...current({ ...undelivered, storedOn: hour(-3) }), inOpenMetadata: true } }),
      waiting: token({ waitingFor: "pipelines are running", code: "pipelines-running" }),
      "waiting, unplanned": token({ waitingFor: "pipelines are running", code: "pipelines-running", plan: undefined }),
      due: token({ dueNow: due("issue", "due", hour(-1)) } as object),
      "overdue and near its end": token({
        dueNow: due("issue", "due", day(-21)),
        inOpenMetadata: held,
        plan: { dueOn: day(-21) },
      } as object),
      "overdue, without an end": token({
        dueNow: due("push", "not delivered", day(-21)),
        inOpenMetadata: { ...held, expiresOn: "never" },
        plan: undefined,
      } as object),
      "overdue, not held": token({
        dueNow: due("issue", "the bot has no token", day(-21)),
        inOpenMetadata: "no token",
        plan: undefined,
      } as object),
    }).toMatchInlineSnapshot(`
      {
        "another": [
          "Ready False, attention: another-token. The server holds another token than the vault; the next run brings that into the vault",
        ],
        "disabled": [
          "Ready False, failing: disabled. Somebody disabled the current version; the next run stores it anew",
        ],
        "due": [
          "Rotating True, healthy: due. The next run will issue the next one | 2031-03-03T11:00:00.000Z",
        ],
        "expired": [
          "Ready False, failing: expired. The bot's token has expired; the next run has one issued",
        ],
        "fresh": [
          "Ready True, healthy: ready. The server and the vault hold the same token | 2031-02-20T12:00:00.000Z",
          "Delivered True, healthy: verified. Verified: its consumer was seen to have it | 2031-02-21T12:00:00.000Z",
          "Rotating False, healthy: settled. Nothing is being replaced",
          "Blocked False, healthy: unblocked. Nothing keeps it from being replaced",
        ],
        "late": [
          "Delivered False, failing: delivery-late. It should have been delivered by now, and nothing older signs in. POST /api/rotate says what stands in the way | 2031-03-03T09:00:00.000Z",
        ],
        "never": [
          "Ready False, attention: no-token. The bot holds no token; the next run has one issued",
          "Delivered False, healthy: none-stored. There is none to deliver",
        ],
        "none": [
          "Ready False, failing: no-token. The bot holds no token; the next run has one issued",
        ],
        "not stored": [
          "Ready False, attention: none-stored. None is stored yet: the next run stores it",
          "Delivered False, healthy: none-stored. There is none to deliver",
        ],
        "overdue and near its end": [
          "Ready True, healthy: ready. The server and the vault hold the same token | 2030-12-03T12:00:00.000Z",
          "Rotating True, failing: overdue. Due since 2031-02-10T12:00:00.000Z and not done: issue the next one. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "overdue, not held": [
          "Ready False, failing: no-token. The bot holds no token; the next run has one issued",
          "Rotating True, attention: overdue. Due since 2031-02-10T12:00:00.000Z and not done: issue the next one (the bot has no token). The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "overdue, without an end": [
          "Ready True, healthy: ready. The server and the vault hold the same token | 2030-12-03T12:00:00.000Z",
          "Rotating True, attention: overdue. Due since 2031-02-10T12:00:00.000Z and not done: deliver it. The timer does not run, or fails: see the log of the function app; POST /api/rotate does it now | 2031-02-10T12:00:00.000Z",
        ],
        "waiting": [
          "Rotating True, healthy: pipelines-running. It waits: pipelines are running | 2031-04-22T12:00:00.000Z",
        ],
        "waiting, unplanned": [
          "Rotating True, healthy: pipelines-running. It waits: pipelines are running",
        ],
      }
    `);
  });
});
