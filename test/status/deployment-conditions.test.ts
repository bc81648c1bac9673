import { describe, expect, it } from "vitest";
import type { Finding } from "../../shared/hygiene/finding.ts";
import { accept } from "../../shared/status/accepted.ts";
import { appConditions } from "../../shared/status/app-conditions.ts";
import { type ConditionType, holds, lacks, type Verdict, worst } from "../../shared/status/condition.ts";
import { type DeploymentFacts, deploymentConditions, isSetUp } from "../../shared/status/deployment-conditions.ts";
import { deployment, NOW } from "./facts.ts";

const warning: Finding = { kind: "sso-ignored", severity: "warning", what: "It is ignored", do: "Change it" };
const down = { error: "Cannot reach OpenMetadata", code: "openmetadata-unreachable" } as const;
const refused = { error: "Refused", code: "openmetadata-forbidden", hint: "Add the app" } as const;
const graph = { error: "Cannot reach Graph", code: "graph-unreachable" } as const;

describe("the conditions of a deployment", () => {
  it.each<[what: string, Partial<DeploymentFacts>, Verdict, Partial<Record<ConditionType, string>>]>([
    [
      "all is well",
      {},
      "healthy",
      {
        Ready: "True ready",
        Provisioned: "True provisioned",
        Reachable: "True reachable",
        Admitted: "True admitted",
        Permitted: "True permitted",
        Hardened: "True hardened",
      },
    ],
    [
      "nothing is set up yet",
      { registrations: { server: { found: false }, ingestion: { found: false } } },
      "attention",
      { Ready: "True registration-missing", Provisioned: "False registration-missing" },
    ],
    [
      "one registration is gone",
      { registrations: { server: { found: true }, ingestion: { found: false } } },
      "failing",
      { Ready: "False registration-missing" },
    ],
    [
      "Graph does not answer",
      { registrations: { server: graph, ingestion: graph } },
      "attention",
      { Provisioned: "Unknown graph-unreachable" },
    ],
    [
      "the server is down",
      { openMetadata: { ...down, access: down } },
      "attention",
      { Reachable: "False openmetadata-unreachable", Admitted: "Unknown openmetadata-unreachable" },
    ],
    [
      "the server does not let the app in",
      { openMetadata: { version: "1.2.5", obstacles: [], access: refused } },
      "failing",
      { Admitted: "False openmetadata-forbidden" },
    ],
    [
      "settings keep the app out",
      { openMetadata: { version: "1.2.5", obstacles: ["a key"], access: { user: "app", isAdmin: true } } },
      "failing",
      { Admitted: "False obstacles" },
    ],
    [
      "the app is no administrator",
      { openMetadata: { version: "1.2.5", obstacles: [], access: { user: "app", isAdmin: false } } },
      "failing",
      { Admitted: "False not-administrator" },
    ],
    [
      "the app lacks what it needs",
      { identity: { graphPermissions: { missing: [{ permission: "Application.ReadWrite.OwnedBy" }] } } },
      "failing",
      { Permitted: "False permission-missing" },
    ],
    [
      "the app lacks what a person may do",
      { identity: { graphPermissions: { missing: [{ permission: "Policy.Read.All" }] } } },
      "healthy",
      { Permitted: "True permitted" },
    ],
    ["a warning counts", { drift: { findings: [warning] } }, "attention", { Hardened: "False findings" }],
    [
      "a warning is accepted",
      { drift: { findings: [{ ...warning, accepted: "we know" }] } },
      "healthy",
      { Hardened: "True hardened" },
    ],
    [
      "there is a notice",
      { drift: { findings: [{ ...warning, severity: "notice" }] } },
      "healthy",
      { Hardened: "True hardened" },
    ],
    [
      "a finding is critical",
      { drift: { findings: [warning, { ...warning, severity: "critical" }] } },
      "failing",
      { Hardened: "False findings" },
    ],
    [
      "not everything could be looked at",
      { drift: { findings: [], unread: [{ what: "the server's own keys" }] } },
      "healthy",
      { Hardened: "Unknown unknown" },
    ],
    [
      "a finding counts beside what could not be looked at",
      { drift: { findings: [warning], unread: [{ what: "the server's own keys" }] } },
      "attention",
      { Hardened: "False findings" },
    ],
    [
      "a credential is failing",
      {
        credentials: [
          {
            secret: "x",
            verdict: "failing",
            conditions: [holds("Ready", "ready", "Fine"), lacks("Delivered", ["failing", "delivery-late"], "Late")],
          },
        ],
      },
      "failing",
      { Ready: "False delivery-late" },
    ],
  ])("where %s", (_, changes, verdict, said) => {
    const conditions = deploymentConditions(deployment(changes));
    const lines = Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
    expect(lines).toMatchObject(said);
    expect(worst(conditions.map((one) => one.verdict))).toBe(verdict);
  });

  it("begin with one that tells the worst of them all, and whose it is", () => {
    const conditions = [lacks("Delivered", ["failing", "delivery-late"], "It is late")];
    const [ready] = deploymentConditions(
      deployment({
        drift: { findings: [warning] },
        credentials: [{ secret: "a-secret", verdict: "failing", conditions }],
      }),
    );
    expect(ready).toEqual({
      type: "Ready",
      status: "False",
      verdict: "failing",
      reason: "delivery-late",
      message: "a-secret: It is late",
    });
  });
});

describe("findings that are accepted", () => {
  it("carry the reason, and others do not", () => {
    const other: Finding = { ...warning, kind: "foreign-keys" };
    expect(accept([warning, other], { "sso-ignored": "we know" })).toEqual([
      { ...warning, accepted: "we know" },
      other,
    ]);
  });

  it("are never critical", () => {
    const critical: Finding = { ...warning, severity: "critical" };
    expect(accept([critical], { "sso-ignored": "we know" })).toEqual([critical]);
  });
});

describe("the conditions of the app", () => {
  const engine = { timer: { ranOn: NOW, nextOn: NOW, silent: false }, queue: { messages: 1, poisoned: 0 } };

  it.each<[what: string, Parameters<typeof appConditions>, Verdict, string[]]>([
    ["all is well", [engine, []], "healthy", ["True timer-runs", "True queue-clear", "True deployments-read"]],
    [
      "the timer has not run yet",
      [{ ...engine, timer: { ranOn: undefined, nextOn: undefined, silent: false } }, []],
      "healthy",
      ["Unknown timer-unseen", "True queue-clear", "True deployments-read"],
    ],
    [
      "the timer is silent",
      [{ ...engine, timer: { ranOn: NOW, nextOn: NOW, silent: true } }, []],
      "attention",
      ["False timer-silent", "True queue-clear", "True deployments-read"],
    ],
    [
      "work has failed for good",
      [{ ...engine, queue: { messages: 1, poisoned: 2 } }, []],
      "attention",
      ["True timer-runs", "False work-failed", "True deployments-read"],
    ],
    [
      "storage does not answer",
      [{ error: "Cannot reach it", code: "storage-unreachable" }, []],
      "attention",
      ["Unknown storage-unreachable", "Unknown storage-unreachable", "True deployments-read"],
    ],
    [
      "a deployment is left out",
      [engine, ["DEPLOYMENTS[1] is wrong"]],
      "failing",
      ["True timer-runs", "True queue-clear", "False deployments-faulty"],
    ],
  ])("where %s", (_, given, verdict, lines) => {
    const conditions = appConditions(...given);
    expect(conditions.map(({ status, reason }) => `${status} ${reason}`)).toEqual(lines);
    expect(worst(conditions.map((one) => one.verdict))).toBe(verdict);
  });
});

describe("isSetUp()", () => {
  const [there, missing] = [{ found: true }, { found: false }];

  it("is so where either registration is there, or cannot be read: that may be", () => {
    expect(isSetUp({ server: missing, ingestion: missing })).toBe(false);
    for (const one of [there, graph]) {
      expect(isSetUp({ server: one, ingestion: missing })).toBe(true);
      expect(isSetUp({ server: missing, ingestion: one })).toBe(true);
    }
  });
});
