import { describe, expect, it } from "vitest";
import { NotYetError } from "../../shared/errors.ts";
import type { Application } from "../../shared/registration/application.ts";
import { grant } from "../../shared/registration/grant.ts";

const OWN = "own-app";
const there = (appId: string) =>
  ({
    appId,
    createdByAppId: OWN,
    api: { oauth2PermissionScopes: [{ id: "scope", value: "Metadata.Access" }] },
    appRoles: [{ id: "role", value: "Ingestion.Run" }],
  }) as unknown as Application;

/** Grants after provisioning has told `told`, in a tenant that lists the service principals of `listed`. */
async function granting({ told = "", listed = ["server", "ingestion"], dryRun = false, fails = false } = {}) {
  let looks = 0;
  let asked = 0;
  const identity = async () => ({ objectId: "self", appId: OWN, graphPermissions: [] });
  const principal = (appId: string) => ({ appId, objectId: appId, assigned: [], createdByAppId: OWN });
  const { summary, ...outcome } = await grant(
    {
      provisioning: {
        registrations: {
          find: async (name) => {
            looks += 1;
            return there("appId" in name ? name.appId : name.uniqueName);
          },
        },
        identity,
        madeLately: () => false,
        told: () => (told ? { serverAppId: told, ingestionAppId: "ingestion", roleId: "role" } : undefined),
        now: () => new Date(0),
        wait: async () => undefined,
      },
      consent: {
        consents: {
          principals: async (appIds) => {
            asked += 1;
            return appIds
              .filter((appId) => (["server", "ingestion"].includes(appId) ? listed.includes(appId) : appId !== told))
              .map(principal);
          },
          grantsOf: async () => [],
          grant: async () => {
            if (fails) throw new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 15 });
            return true;
          },
          assignAppRole: async () => undefined,
        },
        identity,
        signsInAs: async () => undefined,
        log: () => undefined,
      },
    },
    {
      deployment: "om",
      names: { server: { uniqueName: "server" }, ingestion: { uniqueName: "ingestion" } },
      authority: "https://login.example",
      graphUrl: "https://graph.example",
      dryRun,
    },
  );
  return { ...outcome, summary, looks, asked };
}

describe("grant()", () => {
  it("reads both registrations, and tells what is granted", async () => {
    expect(await granting()).toMatchObject({
      steps: [{ state: "done" }, { state: "done" }, { state: "done" }],
      waitingFor: undefined,
      summary: { scope: "Metadata.Access", appRole: "Ingestion.Run" },
      looks: 2,
      asked: 1,
    });
  });

  it("takes what provisioning has told a moment ago without a look, but for a dry run", async () => {
    expect(await granting({ told: "server" })).toMatchObject({ looks: 0, asked: 1, waitingFor: undefined });
    expect(await granting({ told: "server", dryRun: true })).toMatchObject({
      looks: 2,
      steps: Array(3).fill({ state: "planned" }),
    });
  });

  it("looks where Graph knows nothing of what it was told, once", async () => {
    expect(await granting({ told: "gone" })).toMatchObject({ looks: 2, asked: 2, waitingFor: undefined });
    const pending = { waitingFor: { code: "replication-pending" }, steps: [] };
    expect(await granting({ told: "server", listed: [] })).toMatchObject({ ...pending, looks: 2, asked: 2 });
    expect(await granting({ listed: [] })).toMatchObject({ ...pending, looks: 2, asked: 1 });
  });

  it("does not begin anew where a step of its own must wait", async () => {
    const waits = await granting({ told: "server", fails: true });
    expect(waits).toMatchObject({ steps: [{ state: "waiting" }], looks: 0, asked: 1 });
  });
});
