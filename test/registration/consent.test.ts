import { describe, expect, it } from "vitest";
import { NotYetError, UpstreamError } from "../../shared/errors.ts";
import type { LogEvent } from "../../shared/log.ts";
import { consent } from "../../shared/registration/consent.ts";
import type { Consents } from "../../shared/registration/ports.ts";

const own = { appId: "app", objectId: "self", graphPermissions: [] };
const forbidden = new UpstreamError("refused", { service: "Microsoft Graph", status: 403 });

/** What a call for consent comes to and tells, where the server registration is called `server` and so on. */
async function granting(
  change: Partial<Consents>,
  {
    assignmentRequired = undefined as boolean | undefined,
    held = [] as string[],
    /** Those that have the app role already. */
    assigned = [] as string[],
    missing = "",
    planted = "",
    signsIn = true,
    dryRun = false,
  } = {},
) {
  const told: LogEvent[] = [];
  const role = { resourceId: "server-object", appRoleId: "role" };
  const principal = (appId: string) => ({
    appId,
    objectId: `${appId}-object`,
    assigned: assigned.includes(appId) ? [role] : [],
    createdByAppId: appId === planted ? "thief" : "app",
    appRoleAssignmentRequired: assignmentRequired,
  });
  const consents: Consents = {
    principals: async (appIds) => appIds.filter((appId) => appId !== missing).map(principal),
    grantsOf: async () => [],
    grant: async () => true,
    assignAppRole: async () => undefined,
    ...change,
  };
  const ports = {
    consents,
    identity: async () => ({ ...own, graphPermissions: held }),
    signsInAs: async () => (signsIn ? own : undefined),
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
    dryRun,
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
    expect(steps.at(-1)).toMatchObject({
      step: "assign-app-role",
      state: "skipped",
      message:
        'consent: assign-app-role this app\'s identity on server is not permitted; it is needed only where the server registration has "Assignment required" set',
    });
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

  it.each([
    new UpstreamError("down", { service: "Microsoft Graph", status: 503 }),
    new UpstreamError("refused", { service: "OpenMetadata", status: 403 }),
    Object.assign(new Error("of another kind"), { service: "Microsoft Graph", status: 403 }),
  ])("is told of another failure as what it is: %s", async (failure) => {
    const fail = () => Promise.reject(failure);
    await expect(granting({ grant: fail })).rejects.toBe(failure);
    await expect(granting({ grantsOf: fail }, { assigned: ["ingestion"] })).rejects.toBe(failure);
    await expect(granting({ assignAppRole: fail })).rejects.toBe(failure);
    const ofItsOwn: Consents["assignAppRole"] = async ({ principalId }) => {
      if (principalId === "app-object") throw failure;
    };
    await expect(granting({ assignAppRole: ofItsOwn })).rejects.toBe(failure);
  });

  it("does not swallow that the role of ingestion, or a grant, is refused, only that of its own which nobody needs", async () => {
    const only = (refused: string): Partial<Consents> => ({
      assignAppRole: async ({ principalId }) => {
        if (principalId === refused) throw forbidden;
      },
    });
    await expect(granting(only("ingestion-object"))).rejects.toMatchObject({ code: "consent-forbidden" });
    await expect(granting(only("app-object"))).resolves.toBeDefined();
  });

  it("tries nothing of a kind that was refused already", async () => {
    let tried = 0;
    const grant = () => {
      tried += 1;
      return Promise.reject(forbidden);
    };
    await expect(granting({ grant })).rejects.toMatchObject({ code: "consent-forbidden" });
    expect(tried).toBe(1);
  });

  it("says in full how a person consents, and which commands let the app", async () => {
    const refuse = () => Promise.reject(forbidden);
    const refused = await granting({ grant: refuse, assignAppRole: refuse }).catch((error: unknown) => error);
    const command = (id: string) =>
      `az rest --method POST --url "https://graph.example/v1.0/servicePrincipals/self/appRoleAssignments" --body "{\\"principalId\\":\\"self\\",\\"resourceId\\":\\"$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id --output tsv)\\",\\"appRoleId\\":\\"${id}\\"}"`;
    expect(refused).toMatchObject({
      message:
        'Cannot grant admin consent for "server" and "ingestion": the app\'s identity lacks DelegatedPermissionGrant.ReadWrite.All and AppRoleAssignment.ReadWrite.All and Application.Read.All',
      adminConsentUrls: ["https://login.example/adminconsent?client_id=server"],
      hint: [
        'Ask an administrator to consent. For "server", by this link; after Accept the browser shows OpenMetadata, possibly with an error message, which you can ignore:',
        "https://login.example/adminconsent?client_id=server",
        'For "ingestion" by this command, which prints nothing, or by App registrations > ingestion > API permissions > Grant admin consent:',
        "az ad app permission admin-consent --id ingestion",
        "Or let an administrator grant the identity what it lacks:",
        command("8e8e4742-1d95-4f68-9d56-6ee75648c72a"),
        command("06b708a9-e830-4db3-a914-8e69da51d44f"),
        command("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
      ].join("\n"),
    });
  });

  it("names all that a step needs where the identity seems to hold it: its token may be older than its rights", async () => {
    const grant = () => Promise.reject(forbidden);
    const held = ["DelegatedPermissionGrant.ReadWrite.All"];
    await expect(granting({ grant }, { held })).rejects.toMatchObject({ permissions: held });
  });

  it("writes what is to be granted, and tells of each step", async () => {
    const written: object[] = [];
    const { outcome, steps } = await granting({
      grant: async (wanted) => {
        written.push(wanted);
        return true;
      },
      assignAppRole: async (wanted) => void written.push(wanted),
    });
    expect(written).toEqual([
      { clientId: "server-object", resourceId: "graph-object", scopes: ["openid"], grantId: undefined },
      { clientId: "ingestion-object", resourceId: "server-object", scopes: ["access"], grantId: undefined },
      { principalId: "ingestion-object", resourceId: "server-object", appRoleId: "role" },
      { principalId: "app-object", resourceId: "server-object", appRoleId: "role" },
    ]);
    expect(outcome).toMatchObject({ waitingFor: undefined, steps: Array(4).fill({ state: "done" }) });
    expect(steps.map(({ message }) => message)).toEqual([
      "consent: grant-scopes server on Microsoft Graph (openid not granted)",
      "consent: grant-scopes ingestion on server (access not granted)",
      "consent: assign-app-role ingestion on server (Ingestion.Run not assigned)",
      "consent: assign-app-role this app's identity on server (Ingestion.Run not assigned)",
    ]);
  });

  it("gives the app no role where it does not sign in by Entra", async () => {
    const { outcome } = await granting({}, { signsIn: false });
    expect(outcome.steps.map(({ target }) => target)).toEqual([
      "server on Microsoft Graph",
      "ingestion on server",
      "ingestion on server",
    ]);
  });

  it("reads the grants where ingestion has its role already, and does what is missing of them", async () => {
    const of: string[] = [];
    const grantsOf: Consents["grantsOf"] = async (objectId) => {
      of.push(objectId);
      return [{ id: "grant", resourceId: "graph-object", scopes: ["openid"] }];
    };
    const all = { assigned: ["ingestion", "app"] };
    const { outcome } = await granting({ grantsOf }, all);
    expect(of).toEqual(["server-object", "ingestion-object"]);
    expect(outcome.steps.map(({ target }) => target)).toEqual(["ingestion on server"]);
    of.length = 0;
    await granting({ grantsOf });
    expect(of).toEqual([]);
    const unread = await granting({ grantsOf: () => Promise.reject(forbidden) }, all);
    expect(unread.outcome.steps).toHaveLength(2);
  });

  it("only says what it would do in a dry run, for which it reads the grants", async () => {
    const written: object[] = [];
    const write = async (wanted: object) => written.push(wanted) > 0;
    const grants = [{ id: "grant", resourceId: "graph-object", scopes: ["openid"] }];
    const { outcome, steps } = await granting(
      { grant: write, assignAppRole: async (wanted) => void (await write(wanted)), grantsOf: async () => grants },
      { dryRun: true },
    );
    expect(written).toEqual([]);
    expect(outcome.steps.map(({ kind, target, state }) => `${kind} ${target} ${state}`)).toEqual([
      "grant-scopes ingestion on server planned",
      "assign-app-role ingestion on server planned",
      "assign-app-role this app's identity on server planned",
    ]);
    expect(steps.map(({ state }) => state)).toEqual(["planned", "planned", "planned"]);
  });

  it("waits for a service principal that Graph does not list yet, before any step", async () => {
    const name = { server: "server", ingestion: "ingestion", graph: "Microsoft Graph" };
    for (const missing of ["server", "ingestion", "graph"] as const) {
      const { outcome } = await granting({}, { missing });
      expect(outcome).toMatchObject({
        steps: [],
        waitingFor: {
          code: "replication-pending",
          message: `Cannot grant admin consent yet: Microsoft Graph does not list the service principal of "${name[missing]}"`,
          retryAfterSeconds: 15,
        },
      });
    }
  });

  it("tells of a step that must wait as waiting", async () => {
    const grant = () => Promise.reject(new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 30 }));
    const { outcome } = await granting({ grant });
    expect(outcome.steps.map(({ state }) => state)).toEqual(["waiting"]);
    expect(outcome.waitingFor?.message).toBe("not yet");
  });

  it.each(["server", "ingestion"])(
    "grants nothing to a service principal of %s that somebody else made",
    async (planted) => {
      await expect(granting({}, { planted })).rejects.toMatchObject({
        code: "registration-not-ours",
        message: expect.stringContaining(`the service principal of "${planted}"`),
      });
    },
  );
});
