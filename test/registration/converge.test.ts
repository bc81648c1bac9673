import { describe, expect, it } from "vitest";
import { NotYetError } from "../../shared/errors.ts";
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
}

/** Provisions `openmetadata` in such a tenant; what was written to it, in order. */
async function provisioning(
  change: Partial<Tenant>,
  { adopted = false, signInFlow = "implicit" as "implicit" | "auth-code" } = {},
) {
  const did: string[] = [];
  const { found = {}, principals = {}, maker = OWN, principalMaker = OWN, fails } = change;
  const nameOf = (name: object): string => String(Object.values(name)[0]);
  const registrations = {
    find: async (name: object) => found[nameOf(name)],
    findServicePrincipal: async (appId: string) => principals[appId],
    async create(uniqueName: string) {
      did.push(`create ${uniqueName}`);
      return { id: `${uniqueName}-object`, appId: uniqueName, createdByAppId: maker };
    },
    expose: async (_: string, uri: string) => void did.push(`expose ${uri}`),
    update: async (id: string) => void did.push(`update ${id}`),
    async createServicePrincipal(appId: string) {
      did.push(`create principal ${appId}`);
      if (fails) throw fails;
      return { id: `${appId}-principal`, createdByAppId: principalMaker };
    },
  };
  const order = {
    intent: {
      tenantId: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      name: "openmetadata",
      openMetadataUrl: "https://catalog.example.com",
      signInFlow,
      extraRedirectUris: [],
      ...(adopted ? { serverClientId: "server" } : {}),
    },
    authority: "https://login.microsoftonline.com/tenant",
    server: adopted ? { appId: "server" } : { uniqueName: "server" },
    ingestion: { uniqueName: "ingestion" },
    dryRun: false,
  };
  const ports = {
    registrations,
    identity: async () => ({ appId: OWN }),
    tell: () => void did.push("tell"),
    takeBackDelivery: async () => void did.push("take back delivery"),
    log: () => undefined,
  };
  const outcome = await provision(ports, order).catch((error: unknown) => ({
    error,
    steps: [],
    waitingFor: undefined,
  }));
  return { did, ...outcome };
}
const planted = { error: { code: "registration-not-ours" } };

describe("provisioning", () => {
  it("makes both registrations, each with its App ID URI and service principal, and passes on what it made", async () => {
    const { did, steps } = await provisioning({});
    expect(did).toEqual([
      "create openmetadata-server",
      "expose api://openmetadata-server",
      "create principal openmetadata-server",
      "create openmetadata-ingestion",
      "expose api://openmetadata-ingestion",
      "create principal openmetadata-ingestion",
      "tell",
    ]);
    expect(steps.every(({ state }) => state === "done")).toBe(true);
  });

  it("touches nothing that somebody else made under our name", async () => {
    const found = { server: made("server", THIEF) };
    expect(await provisioning({ found })).toMatchObject({ ...planted, did: [] });
  });

  it("touches nothing whose service principal somebody else made", async () => {
    const found = { server: made("server") };
    const principals = { server: { id: "principal", createdByAppId: THIEF } };
    expect(await provisioning({ found, principals })).toMatchObject({ ...planted, did: [] });
  });

  it("goes no further where somebody was quicker than it", async () => {
    expect(await provisioning({ maker: THIEF })).toMatchObject({ ...planted, did: ["create openmetadata-server"] });
    const { did, ...rest } = await provisioning({ principalMaker: THIEF });
    expect(rest).toMatchObject(planted);
    expect(did.at(-1)).toBe("create principal openmetadata-server");
  });

  it("takes what the settings name, whoever made it, and leaves its redirect URIs where they are", async () => {
    const server = { ...made("server", THIEF), web: { redirectUris: ["https://catalog.example.com/callback"] } };
    const found = { server };
    expect(await provisioning({ found }, { adopted: true })).toMatchObject({
      error: { code: "redirect-uri-misplaced" },
      did: [],
    });
    const { did } = await provisioning({ found }, { adopted: true, signInFlow: "auth-code" });
    expect(did).toContain("update server-object");
  });

  it("does not make a registration that the settings name and that is not there", async () => {
    expect(await provisioning({}, { adopted: true })).toMatchObject({
      error: { code: "registration-missing" },
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
    const { steps, waitingFor } = await provisioning({ fails });
    expect(waitingFor).toBe(fails);
    expect(steps.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "create-registration done",
      "create-service-principal waiting",
    ]);
  });
});
