import { describe, expect, it } from "vitest";
import { appConditions } from "../../shared/status/app-conditions.ts";
import { deploymentConditions } from "../../shared/status/deployment-conditions.ts";
import { deployment, NOW, told } from "./facts.ts";

/** What is told of one of which all is well is told once. */
const fine = told(deploymentConditions(deployment()));
const whole = (changes: Parameters<typeof deployment>[0]) =>
  told(deploymentConditions(deployment(changes))).filter((line) => !fine.includes(line));
const unread = { error: "Cannot reach it", code: "vault-unreachable", hint: "Look" } as const;
const down = { error: "Cannot reach OpenMetadata", code: "openmetadata-unreachable" } as const;
const refused = { error: "Refused", code: "openmetadata-forbidden", hint: "Add the app" } as const;
const server = { version: "1.12.6", obstacles: [] };
const warning = { kind: "sso-ignored", severity: "warning", what: "It is ignored", do: "Change it" } as const;
const engine = { timer: { ranOn: NOW, nextOn: NOW, silent: false }, queue: { messages: 1, poisoned: 0 } };

describe("what an operator reads", () => {
  it("of a deployment", () => {
    expect({
      fine,
      "not set up": whole({ registrations: { server: { found: false }, ingestion: { found: false } } }),
      "without ingestion's registration": whole({
        registrations: { server: { found: true }, ingestion: { found: false } },
      }),
      "without the server's": whole({ registrations: { server: { found: false }, ingestion: { found: true } } }),
      "server's not read": whole({
        registrations: { server: { ...unread, code: "graph-unreachable" }, ingestion: { found: true } },
      }),
      "ingestion's not read": whole({
        registrations: { server: { found: true }, ingestion: { ...unread, code: "graph-unreachable" } },
      }),
      down: whole({ openMetadata: { ...down, access: down } }),
      refused: whole({ openMetadata: { ...server, access: refused } }),
      "own registration missing": whole({
        openMetadata: { ...server, access: { error: "None", code: "registration-missing" } },
      }),
      "access not read": whole({ openMetadata: { ...server, access: down } }),
      "down, and yet let in": whole({ openMetadata: { ...down, access: { user: "app", isAdmin: true } } }),
      obstacles: whole({
        openMetadata: { ...server, obstacles: ["a key", "a domain"], access: { user: "app", isAdmin: true } },
      }),
      "no administrator": whole({ openMetadata: { ...server, access: { user: "app", isAdmin: false } } }),
      "identity not read": whole({ identity: { ...unread, code: "graph-unreachable" } }),
      "needs a permission": whole({
        identity: { graphPermissions: { missing: [{ permission: "Application.ReadWrite.OwnedBy" }] } },
      }),
      "does without two": whole({
        identity: {
          graphPermissions: { missing: [{ permission: "Policy.Read.All" }, { permission: "Application.Read.All" }] },
        },
      }),
      "one finding": whole({ drift: { findings: [warning] } }),
      "three findings": whole({
        drift: { findings: [{ ...warning, severity: "critical" }, warning, warning, { ...warning, accepted: "so" }] },
      }),
      "its secret is named once": whole({
        credentials: [
          {
            secret: "a-secret",
            verdict: "failing",
            conditions: [
              {
                type: "Ready",
                status: "False",
                verdict: "failing",
                reason: "expired",
                message: 'Cannot read "a-secret"',
              },
            ],
          },
        ],
      }),
      "the worst comes first": whole({
        drift: { findings: [warning] },
        openMetadata: { ...server, access: { user: "app", isAdmin: false } },
      }),
    }).toMatchInlineSnapshot(`
      {
        "access not read": [
          "Ready True, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
          "Admitted Unknown, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
        ],
        "does without two": [
          "Permitted True, healthy: permitted. The app holds what rotation needs in Microsoft Graph; it does without Policy.Read.All, Application.Read.All",
        ],
        "down": [
          "Ready True, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
          "Reachable False, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
          "Admitted Unknown, healthy: openmetadata-unreachable. Cannot reach OpenMetadata",
        ],
        "down, and yet let in": [
          "Ready True, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
          "Reachable False, attention: openmetadata-unreachable. Cannot reach OpenMetadata",
        ],
        "fine": [
          "Ready True, healthy: ready. Everything works, or merely waits its time",
          "Provisioned True, healthy: provisioned. Both registrations are there",
          "Reachable True, healthy: reachable. OpenMetadata 1.12.6 answers",
          "Admitted True, healthy: admitted. The app is administrator "app"",
          "Permitted True, healthy: permitted. The app holds what rotation needs in Microsoft Graph",
          "Hardened True, healthy: hardened. No finding counts",
        ],
        "identity not read": [
          "Ready True, attention: graph-unreachable. Cannot reach it. Look",
          "Permitted Unknown, attention: graph-unreachable. Cannot reach it. Look",
        ],
        "ingestion's not read": [
          "Ready True, attention: graph-unreachable. Cannot reach it. Look",
          "Provisioned Unknown, attention: graph-unreachable. Cannot reach it. Look",
        ],
        "its secret is named once": [
          "Ready False, failing: expired. Cannot read "a-secret"",
        ],
        "needs a permission": [
          "Ready False, failing: permission-missing. The app lacks Application.ReadWrite.OwnedBy, without which it can neither provision nor rotate; the command beside it grants it",
          "Permitted False, failing: permission-missing. The app lacks Application.ReadWrite.OwnedBy, without which it can neither provision nor rotate; the command beside it grants it",
        ],
        "no administrator": [
          "Ready False, failing: not-administrator. The server knows the app as "app", who is no administrator: add that name to AUTHORIZER_ADMIN_PRINCIPALS and restart the server",
          "Admitted False, failing: not-administrator. The server knows the app as "app", who is no administrator: add that name to AUTHORIZER_ADMIN_PRINCIPALS and restart the server",
        ],
        "not set up": [
          "Ready True, attention: registration-missing. Not set up yet: there is no registration. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
          "Provisioned False, attention: registration-missing. Not set up yet: there is no registration. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
        ],
        "obstacles": [
          "Ready False, failing: obstacles. Settings of the server keep the app out: a key; a domain",
          "Admitted False, failing: obstacles. Settings of the server keep the app out: a key; a domain",
        ],
        "one finding": [
          "Ready True, attention: findings. It is ignored",
          "Hardened False, attention: findings. It is ignored",
        ],
        "own registration missing": [
          "Admitted Unknown, healthy: registration-missing. None",
        ],
        "refused": [
          "Ready False, failing: openmetadata-forbidden. Refused. Add the app",
          "Admitted False, failing: openmetadata-forbidden. Refused. Add the app",
        ],
        "server's not read": [
          "Ready True, attention: graph-unreachable. Cannot reach it. Look",
          "Provisioned Unknown, attention: graph-unreachable. Cannot reach it. Look",
        ],
        "the worst comes first": [
          "Ready False, failing: not-administrator. The server knows the app as "app", who is no administrator: add that name to AUTHORIZER_ADMIN_PRINCIPALS and restart the server",
          "Admitted False, failing: not-administrator. The server knows the app as "app", who is no administrator: add that name to AUTHORIZER_ADMIN_PRINCIPALS and restart the server",
          "Hardened False, attention: findings. It is ignored",
        ],
        "three findings": [
          "Ready False, failing: findings. It is ignored (and 2 more)",
          "Hardened False, failing: findings. It is ignored (and 2 more)",
        ],
        "without ingestion's registration": [
          "Ready False, failing: registration-missing. The registration of ingestion is missing. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
          "Provisioned False, failing: registration-missing. The registration of ingestion is missing. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
        ],
        "without the server's": [
          "Ready False, failing: registration-missing. The registration of the server is missing. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
          "Provisioned False, failing: registration-missing. The registration of the server is missing. Call POST /api/provision, then POST /api/consent and POST /api/rotate",
        ],
      }
    `);
  });

  it("of the app", () => {
    const quiet = { ranOn: undefined, nextOn: undefined, silent: false };
    expect({
      fine: told(appConditions(engine, [])),
      unseen: told(appConditions({ ...engine, timer: quiet }, [])).slice(0, 1),
      silent: told(
        appConditions({ ...engine, timer: { ...engine.timer, silent: true, hint: "Restart the app" } }, []),
      ).slice(0, 1),
      failed: told(appConditions({ ...engine, queue: { messages: 1, poisoned: 2, hint: "See the queue" } }, [])).slice(
        1,
        2,
      ),
      unread: told(appConditions({ ...unread, code: "storage-unreachable" }, [])).slice(0, 2),
      "left out": told(appConditions(engine, ["DEPLOYMENTS[1] is wrong", "DEPLOYMENTS[2] too"])).slice(2),
    }).toMatchInlineSnapshot(`
      {
        "failed": [
          "QueueClear False, attention: work-failed. See the queue",
        ],
        "fine": [
          "TimerRuns True, healthy: timer-runs. The timer runs | 2031-03-03T12:00:00.000Z",
          "QueueClear True, healthy: queue-clear. Nothing has failed for good",
          "DeploymentsRead True, healthy: deployments-read. All deployments are served",
        ],
        "left out": [
          "DeploymentsRead False, failing: deployments-faulty. Something is wrong with the list: DEPLOYMENTS[1] is wrong; DEPLOYMENTS[2] too",
        ],
        "silent": [
          "TimerRuns False, attention: timer-silent. Restart the app | 2031-03-03T12:00:00.000Z",
        ],
        "unread": [
          "TimerRuns Unknown, attention: storage-unreachable. Cannot reach it. Look",
          "QueueClear Unknown, attention: storage-unreachable. Cannot reach it. Look",
        ],
        "unseen": [
          "TimerRuns Unknown, healthy: timer-unseen. The timer has not run yet, as far as is known",
        ],
      }
    `);
  });
});
