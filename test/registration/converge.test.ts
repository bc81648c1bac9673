import { describe, expect, it } from "vitest";
import { NotYetError } from "../../shared/errors.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Application } from "../../shared/registration/application.ts";
import { EMPTY } from "../../shared/registration/plan.ts";
import type { ServicePrincipal } from "../../shared/registration/ports.ts";
import { provision } from "../../shared/registration/provision.ts";

const OWN = "own-app";
const THIEF = "thief-app";

/** A registration as somebody made it, before this app has put anything into it. */
const made = (appId: string, createdByAppId = OWN): Application => ({
  ...EMPTY,
  id: `${appId}-object`,
  appId,
  createdByAppId,
});

interface Tenant {
  found: Record<string, Application>;
  principals: Record<string, ServicePrincipal>;
  /** Who is quicker than this app. */
  maker: string;
  principalMaker: string;
  fails: Error | undefined;
  /** Whose service principal cannot be made then. */
  failsFor: string;
}

/** Provisions `openmetadata` in such a tenant; what was written to it, in order. */
async function provisioning(
  change: Partial<Tenant>,
  {
    adopted = false,
    signInFlow = "implicit" as "implicit" | "auth-code",
    dryRun = false,
    extraRedirectUris = [] as string[],
  } = {},
) {
  const did: string[] = [];
  const log: LogEvent[] = [];
  const { found = {}, principals = {}, maker = OWN, principalMaker = OWN, fails, failsFor } = change;
  const nameOf = (name: object): string => String(Object.values(name)[0]);
  const registrations = {
    find: async (name: object) => found[nameOf(name)],
    findServicePrincipal: async (appId: string) => principals[appId],
    async create(uniqueName: string, body: { displayName: string }) {
      expect(body).toMatchObject({ displayName: uniqueName, signInAudience: "AzureADMyOrg" });
      did.push(`create ${uniqueName}`);
      return { id: `${uniqueName}-object`, appId: uniqueName, createdByAppId: maker };
    },
    expose: async (_: string, uri: string) => void did.push(`expose ${uri}`),
    update: async (id: string) => void did.push(`update ${id}`),
    async createServicePrincipal(appId: string) {
      did.push(`create principal ${appId}`);
      if (fails && appId === failsFor) throw fails;
      return { id: `${appId}-principal`, createdByAppId: principalMaker };
    },
  };
  const order = {
    intent: {
      tenantId: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      name: "openmetadata",
      openMetadataUrl: "https://catalog.example.com",
      signInFlow,
      extraRedirectUris,
      ...(adopted ? { serverClientId: "server" } : {}),
    },
    authority: "https://login.microsoftonline.com/tenant",
    server: adopted ? { appId: "server" } : { uniqueName: "server" },
    ingestion: { uniqueName: "ingestion" },
    dryRun,
  };
  const ports = {
    registrations,
    identity: async () => ({ appId: OWN }),
    tell: (registered: object) => void did.push(`tell ${JSON.stringify(registered)}`),
    takeBackDelivery: async () => void did.push("take back delivery"),
    log: (event: LogEvent) => void log.push(event),
  };
  const outcome = await provision(ports, order).catch((error: unknown) => ({
    error,
    steps: [],
    waitingFor: undefined,
    result: undefined,
  }));
  return { did, log, ...outcome };
}
const notOurs = (what: string) => ({
  error: { code: "registration-not-ours", message: expect.stringContaining(what) },
});

describe("provisioning", () => {
  it("makes both registrations with their service principals, and an App ID URI for the one that tokens are asked for", async () => {
    const { did, steps, result } = await provisioning({});
    expect(did).toEqual([
      "create openmetadata-server",
      "expose api://openmetadata-server",
      "create principal openmetadata-server",
      "create openmetadata-ingestion",
      "create principal openmetadata-ingestion",
      expect.stringMatching(
        /^tell {"serverAppId":"openmetadata-server","ingestionAppId":"openmetadata-ingestion","roleId":"[0-9a-f-]{36}"}$/,
      ),
    ]);
    expect(steps.every(({ state }) => state === "done")).toBe(true);
    expect(result).toEqual({
      server: {
        clientId: "openmetadata-server",
        applicationObjectId: "openmetadata-server-object",
        servicePrincipalObjectId: "openmetadata-server-principal",
        appIdUri: "api://openmetadata-server",
        scope: "api://openmetadata-server/Metadata.Access",
        redirectUris: ["https://catalog.example.com/callback"],
      },
      ingestion: {
        clientId: "openmetadata-ingestion",
        applicationObjectId: "openmetadata-ingestion-object",
        servicePrincipalObjectId: "openmetadata-ingestion-principal",
      },
      authority: "https://login.microsoftonline.com/tenant",
    });
  });

  it("only says what it would do in a dry run", async () => {
    const { did, steps, result, log } = await provisioning({}, { dryRun: true });
    expect(did).toEqual([]);
    expect(steps.map(({ kind, target, state }) => `${kind} ${target} ${state}`)).toEqual([
      "create-registration openmetadata-server planned",
      "create-service-principal openmetadata-server planned",
      "create-registration openmetadata-ingestion planned",
      "create-service-principal openmetadata-ingestion planned",
    ]);
    expect(log.map(({ message }) => message)).toEqual(Array(4).fill(expect.stringContaining("provisioning")));
    expect(result).toMatchObject({ server: { clientId: undefined, scope: undefined } });
    const found = { server: made("server"), ingestion: made("ingestion") };
    expect((await provisioning({ found }, { dryRun: true })).did).toEqual([]);
  });

  it("does nothing in a repeat, and tells the same ids", async () => {
    const principals = { server: { id: "principal", createdByAppId: OWN } };
    const { result } = await provisioning({ found: { server: made("server") }, principals });
    expect(result?.server).toMatchObject({
      clientId: "server",
      applicationObjectId: "server-object",
      servicePrincipalObjectId: "principal",
    });
  });

  it("tells what an adopted registration has otherwise, and only of one that has", async () => {
    const { result } = await provisioning({ found: { server: made("server") } }, { adopted: true });
    expect(result?.server.leftAlone).toEqual([
      expect.stringContaining("other tenants"),
      expect.stringContaining("version 1"),
    ]);
    expect(result?.ingestion).not.toHaveProperty("leftAlone");
  });

  it("touches nothing that somebody else made under our name", async () => {
    const found = { server: made("server", THIEF) };
    expect(await provisioning({ found })).toMatchObject({ ...notOurs('registration "openmetadata-server"'), did: [] });
  });

  it("touches nothing whose service principal somebody else made", async () => {
    const found = { server: made("server") };
    const principals = { server: { id: "principal", createdByAppId: THIEF } };
    const what = 'the service principal of "openmetadata-server"';
    expect(await provisioning({ found, principals })).toMatchObject({ ...notOurs(what), did: [] });
  });

  it("goes no further where somebody was quicker than it", async () => {
    const made = { ...notOurs('registration "openmetadata-server"'), did: ["create openmetadata-server"] };
    expect(await provisioning({ maker: THIEF })).toMatchObject(made);
    const { did, ...rest } = await provisioning({ principalMaker: THIEF });
    expect(rest).toMatchObject(notOurs('the service principal of "openmetadata-server"'));
    expect(did.at(-1)).toBe("create principal openmetadata-server");
  });

  it("takes what the settings name, whoever made it, and leaves its redirect URIs where they are", async () => {
    const server = { ...made("server", THIEF), web: { redirectUris: ["https://catalog.example.com/callback"] } };
    const found = { server };
    const uri = "https://catalog.example.com/callback";
    expect(await provisioning({ found }, { adopted: true })).toMatchObject({
      error: {
        code: "redirect-uri-misplaced",
        message: `Cannot adopt the registration of "openmetadata-server": its redirect URI "${uri}" belongs to platform Web, but SIGN_IN_FLOW needs SPA`,
        hint: expect.stringMatching(/^Set SIGN_IN_FLOW to "auth-code" if .* move the URI from Web to SPA/),
      },
      did: [],
    });
    const spa = { server: { ...made("server", THIEF), spa: { redirectUris: [uri] } } };
    expect(await provisioning({ found: spa }, { adopted: true, signInFlow: "auth-code" })).toMatchObject({
      error: {
        message: expect.stringContaining("belongs to platform SPA, but SIGN_IN_FLOW needs Web"),
        hint: expect.stringMatching(/^Set SIGN_IN_FLOW to "implicit" if .* move the URI from SPA to Web/),
      },
    });
    const { did } = await provisioning({ found }, { adopted: true, signInFlow: "auth-code" });
    expect(did).toContain("update server-object");
  });

  it("does not make a registration that the settings name and that is not there", async () => {
    expect(await provisioning({}, { adopted: true })).toMatchObject({
      error: {
        code: "registration-missing",
        message: 'Cannot adopt the registration of "openmetadata-server": no application has the client ID "server"',
        hint: expect.stringContaining("Correct SERVER_CLIENT_ID"),
      },
      did: [],
    });
  });

  it("has the secret pushed again before a registration gets a new service principal, and not for a new registration", async () => {
    const { did } = await provisioning({ found: { ingestion: made("ingestion") } });
    expect(did.indexOf("take back delivery")).toBeGreaterThan(0);
    expect(did.indexOf("take back delivery")).toBeLessThan(did.indexOf("create principal ingestion"));
    expect((await provisioning({})).did).not.toContain("take back delivery");
  });

  it("tells of the step that must wait as waiting, and of those before as done", async () => {
    const fails = new NotYetError("replication-pending", "not yet", { retryAfterSeconds: 30 });
    const { steps, waitingFor } = await provisioning({ fails, failsFor: "openmetadata-ingestion" });
    expect(waitingFor).toBe(fails);
    expect(steps.map(({ kind, target, state }) => `${kind} ${target} ${state}`)).toEqual([
      "create-registration openmetadata-server done",
      "create-service-principal openmetadata-server done",
      "create-registration openmetadata-ingestion done",
      "create-service-principal openmetadata-ingestion waiting",
    ]);
  });
});
