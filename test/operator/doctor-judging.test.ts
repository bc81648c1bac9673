import { describe, expect, it } from "vitest";
import { judgeClock, judgeReachable } from "../../operator/doctor/app.ts";
import { accountOf, judgeCounts } from "../../operator/doctor/events.ts";
import type { Finding } from "../../operator/doctor/finding.ts";
import { judgeQueues } from "../../operator/doctor/queues.ts";
import { judgeSubscriptions, type Subscription } from "../../operator/doctor/subscriptions.ts";
import { judgeTimer, patienceWith } from "../../operator/doctor/timer.ts";
import { judgeRoles } from "../../operator/doctor/vault.ts";
import { QUEUES } from "../../operator/queues.ts";
import * as ofTheApp from "../../shared/engine/queues.ts";

const reds = (findings: Finding[]): string[] => findings.filter(({ state }) => state === "red").map(({ what }) => what);

const EXPIRY_ALERT: Subscription = {
  name: "evgs-prod-expired",
  properties: {
    provisioningState: "Succeeded",
    destination: { endpointType: "MonitorAlert", properties: { actionGroups: ["ag"] } },
    filter: { includedEventTypes: ["Microsoft.KeyVault.SecretExpired"] },
  },
};

describe("judging", () => {
  it.each<[state: string, finding: Finding]>([
    ["ok", judgeTimer(new Date("2031-01-01T10:00:00Z"), new Date("2031-01-01T13:00:00Z"), patienceWith(undefined))],
    ["red", judgeTimer(new Date("2031-01-01T10:00:00Z"), new Date("2031-01-01T13:00:01Z"), patienceWith(undefined))],
    ["red", judgeTimer(undefined, new Date("2031-01-01T13:00:00Z"), patienceWith("0 0 * * * *"))],
    [
      "ok",
      judgeTimer(new Date("2031-01-01T00:00:00Z"), new Date("2031-01-01T18:00:00Z"), patienceWith("0 0 */6 * * *")),
    ],
    [
      "red",
      judgeTimer(new Date("2031-01-01T00:00:00Z"), new Date("2031-01-01T18:00:01Z"), patienceWith("0 0 */6 * * *")),
    ],
    ["notice", judgeCounts([0, 0, 0, 0])],
    ["ok", judgeCounts([1, 3, 0, 0])],
    ["red", judgeCounts([0, 3, 0, 0])],
    ["red", judgeCounts([9, 0, 0, 1])],
  ])("%s: %o", (state, finding) => {
    expect(finding.state).toBe(state);
  });

  it("takes only queues of the app's own storage account for a way to it", () => {
    const account = accountOf("https://stabc123.queue.core.windows.net/");
    const all = ["SecretNewVersionCreated", "SecretNearExpiry", "SecretExpired"].map(
      (one) => `Microsoft.KeyVault.${one}`,
    );
    const toQueueOf = (name: string): Subscription => ({
      name: "evgs-prod",
      properties: {
        provisioningState: "Succeeded",
        deliveryWithResourceIdentity: {
          destination: {
            endpointType: "StorageQueue",
            properties: {
              resourceId: `/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/${name}`,
              queueName: "secret-new-version",
            },
          },
        },
        filter: { includedEventTypes: all },
      },
    });
    const judged = (name: string, known: string | undefined) =>
      reds(
        judgeSubscriptions([toQueueOf(name), EXPIRY_ALERT], {
          appId: undefined,
          account: known,
          secrets: ["openmetadata-bot-token"],
        }),
      );
    expect(account).toBe("stabc123");
    expect(judged("stABC123", account)).toEqual([]);
    expect(judged("stother", account)).toHaveLength(3);
    expect(judged("stother", undefined)).toEqual([]);
    expect(accountOf(undefined)).toBeUndefined();
  });

  it("knows every queue that the app takes work from", () => {
    expect(QUEUES).toEqual(ofTheApp.QUEUES);
  });

  it("counts poison messages of any queue", () => {
    const counts = {
      "secret-new-version": 1,
      "secret-near-expiry": 0,
      "rotate-credential": 900,
      "send-notification": 0,
      "secret-new-version-poison": 2,
      "others-poison": 0,
    };
    expect(reds(judgeQueues(counts, "stopenmetadata"))).toEqual([
      "secret-new-version-poison holds 2 messages that failed too often and were given up",
    ]);
    expect(judgeQueues(counts, "stopenmetadata").find(({ state }) => state === "red")?.do).toMatch(
      /\naz storage message clear --auth-mode login --account-name stopenmetadata --queue-name secret-new-version-poison$/,
    );
    const { "secret-new-version": _, ...others } = counts;
    expect(reds(judgeQueues({ ...others, "secret-new-version-poison": 0 }, "stopenmetadata"))).toEqual([
      "queue secret-new-version does not exist",
    ]);
  });

  it("takes two minutes between two clocks for nothing", () => {
    const at = (seconds: number) =>
      judgeClock({ kind: "answered", status: 401, json: undefined, date: new Date(seconds * 1000) }, new Date(0));
    expect([at(119)[0]?.state, at(-119)[0]?.state, at(120)[0]?.state]).toEqual(["ok", "ok", "notice"]);
  });

  it("takes a role that is narrowed for what it leaves", () => {
    const permissions = [{ dataActions: ["Microsoft.KeyVault/vaults/*"], notDataActions: ["*/setSecret/action"] }];
    expect(judgeRoles([{ roleName: "narrow", permissions }], { vaultId: "v", identity: "i" }).what).toMatch(
      /lacks [^,]*setSecret\/action$/,
    );
  });

  it("finds an app that tells strangers everything, and one that is not deployed", () => {
    const said = (status: number, json?: unknown) =>
      judgeReachable("https://app", { kind: "answered", status, json, date: undefined })[0]?.what;
    expect(said(200, {})).toContain("answers anybody");
    expect(said(404)).toContain("has no function");
    expect(said(403)).toContain("refuses this address");
    expect(said(503)).toContain("the host does not run the app");
    expect(said(401)).toContain("strangers are refused");
  });
});
