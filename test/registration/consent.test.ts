import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import type { LogEvent } from "../../shared/log.ts";
import { consent } from "../../shared/registration/consent.ts";
import type { Consents } from "../../shared/registration/ports.ts";

const own = { appId: "app", objectId: "self", graphPermissions: [] };
const forbidden = new UpstreamError("refused", { service: "Microsoft Graph", status: 403 });

/** What a call for consent comes to and tells, where the server registration is called `server` and so on. */
async function granting(change: Partial<Consents>, { assignmentRequired = false, held = [] as string[] } = {}) {
  const told: LogEvent[] = [];
  const principals = ["server", "ingestion", "graph", "app"].map((appId) => ({
    appId,
    objectId: `${appId}-object`,
    assigned: [],
    createdByAppId: "app",
    appRoleAssignmentRequired: assignmentRequired,
  }));
  const consents: Consents = {
    principals: async () => principals,
    grantsOf: async () => [],
    grant: async () => true,
    assignAppRole: async () => undefined,
    ...change,
  };
  const ports = {
    consents,
    identity: async () => ({ ...own, graphPermissions: held }),
    signsInAs: async () => own,
    log: (event: LogEvent) => void told.push(event),
  };
  const outcome = await consent(ports, {
    desired: {
      serverName: "server",
      ingestionName: "ingestion",
      graphScopes: ["openid"],
      serverScope: "access",
      appRole: { id: "role", value: "Ingestion.Run" },
    },
    serverAppId: "server",
    ingestionAppId: "ingestion",
    graphAppId: "graph",
    names: { server: { uniqueName: "server" }, ingestion: { uniqueName: "ingestion" } },
    authority: "https://login.example",
    graphUrl: "https://graph.example",
    dryRun: false,
  });
  const steps = told.flatMap((one) => (one.event === "step" && one.state !== "begun" ? [one] : []));
  return { outcome, steps };
}

describe("consent()", () => {
  it("tells of a grant that exists already as skipped, and not as a step that was taken", async () => {
    const { outcome, steps } = await granting({ grant: async () => false });
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      "grant-scopes skipped",
      "grant-scopes skipped",
      "assign-app-role done",
      "assign-app-role done",
    ]);
    expect(steps[0]?.message).toBe(
      "consent: grant-scopes server on Microsoft Graph is not needed: it is granted already",
    );
    expect(outcome.steps.map(({ kind }) => kind)).toEqual(["assign-app-role", "assign-app-role"]);
  });

  it("tells of the role that nobody needs yet as skipped where it is not permitted, and of no failure", async () => {
    const assignAppRole: Consents["assignAppRole"] = async ({ principalId }) => {
      if (principalId === "app-object") throw forbidden;
    };
    const { outcome, steps } = await granting({ assignAppRole });
    expect(steps.at(-1)).toMatchObject({ step: "assign-app-role", state: "skipped" });
    expect(steps.filter(({ state }) => state === "failed")).toEqual([]);
    expect(outcome.steps.at(-1)).toMatchObject({
      kind: "assign-app-role",
      state: "done",
      target: "ingestion on server",
    });
  });

  it("does what it may though the other is refused, and names just what is lacking", async () => {
    const did: string[] = [];
    const grant = () => Promise.reject(forbidden);
    const assignAppRole: Consents["assignAppRole"] = async ({ principalId }) => void did.push(principalId);
    const held = ["AppRoleAssignment.ReadWrite.All", "Application.Read.All"];
    const refused = await granting({ grant, assignAppRole }, { held }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "consent-forbidden",
      permissions: ["DelegatedPermissionGrant.ReadWrite.All"],
    });
    expect(did).toEqual(["ingestion-object", "app-object"]);
  });

  it("names none that the identity holds, though Graph refuses it", async () => {
    const refuse = () => Promise.reject(forbidden);
    const refused = granting({ grant: refuse, assignAppRole: refuse }, { held: ["Application.Read.All"] });
    await expect(refused).rejects.toMatchObject({
      permissions: ["DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"],
    });
  });

  it("needs the app's own role where Entra lets nobody in without one", async () => {
    const assignAppRole: Consents["assignAppRole"] = async ({ principalId }) => {
      if (principalId === "app-object") throw forbidden;
    };
    const refused = granting({ assignAppRole }, { assignmentRequired: true });
    await expect(refused).rejects.toMatchObject({ code: "consent-forbidden" });
  });

  it("is told of another failure as what it is", async () => {
    const down = new UpstreamError("down", { service: "Microsoft Graph", status: 503 });
    await expect(granting({ grant: () => Promise.reject(down) })).rejects.toBe(down);
  });
});
