import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SUBSCRIPTION } from "../../local/cloud/app-service/site.ts";
import { appService } from "../../shared/clients/app-service/app-service.ts";
import type { Site } from "../../shared/delivery/server-ports.ts";
import { openServer, type ServerWorld } from "../local/openmetadata-security-world.ts";

const SECRET = "openmetadata-server-client-secret";
const REFERENCE = `@Microsoft.KeyVault(VaultName=openmetadata-kv;SecretName=${SECRET})`;
const ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/openmetadata/providers/Microsoft.Web/sites/openmetadata-server`;

let world: ServerWorld;
let site: Awaited<ReturnType<ServerWorld["hostOnAppService"]>>;
let first: string;
beforeEach(async () => {
  world = await openServer({ release: "1.9.17" });
  first = world.vault.setByHand(SECRET, world.first.value);
  site = await world.hostOnAppService({ settings: { OIDC_CLIENT_SECRET: REFERENCE, PLAIN: "text" } });
});
afterEach(() => world.close());

function client(id = ID, objectId = world.app.objectId): Site {
  const getToken = async () => ({
    token: await world.entra.issueToken({ aud: "https://management.azure.com", oid: objectId, idtyp: "app" }),
    expiresOnTimestamp: world.clock.now().getTime() + 3_600_000,
  });
  return appService({ getToken }, world.urls.arm, id);
}
const CALLS = ["references", "refresh", "restart"] as const;
/** Answers requests to Azure Resource Manager otherwise; tells how many there were. */
function answers(status: number, body: unknown, { method = "GET", headers = {} } = {}): () => number {
  let hits = 0;
  world.wire.faults.push((request) => {
    if (request.service !== "arm" || request.method !== method) return undefined;
    hits += 1;
    const response = () => Response.json(body, { status, headers: { "x-injected-fault": "1", ...headers } });
    return { kind: "answer", response };
  });
  return () => hits;
}

describe("appService()", () => {
  it("lists what refers to the vault and to which version it was resolved, without the value", async () => {
    const found = await client().references();
    expect(found).toEqual([
      {
        setting: "OIDC_CLIENT_SECRET",
        vault: "openmetadata-kv",
        secret: SECRET,
        pinnedVersion: undefined,
        activeVersion: first,
        status: "Resolved",
        details: "Reference has been successfully resolved.",
      },
    ]);
    expect(JSON.stringify(found)).not.toContain(world.first.value);
  });

  it("has the platform read the vault again, and restarts the process", async () => {
    const second = world.vault.setByHand(SECRET, world.addSecret().value);
    await client().refresh();
    expect((await client().references())[0]?.activeVersion).toBe(second);
    expect(site.starts()).toBe(1);
    await client().restart();
    expect(site.starts()).toBe(2);
  });

  it("goes through all pages", async () => {
    const page = (name: string) => ({ name, properties: { status: "Resolved", vaultName: "kv" } });
    const next = `${world.urls.arm}${ID}/config/configreferences/appsettings?api-version=2025-05-01&page=2`;
    world.wire.faults.push(({ service, path }) => {
      if (service !== "arm") return undefined;
      const body = path.includes("page=2") ? { value: [page("TWO")] } : { value: [page("ONE")], nextLink: next };
      return { kind: "answer", response: () => Response.json(body, { headers: { "x-injected-fault": "1" } }) };
    });
    expect((await client().references()).map(({ setting }) => setting)).toEqual(["ONE", "TWO"]);
  });

  it.each(CALLS)("says which role %s needs, with the command that grants it", async (call) => {
    const objectId = "6f0c1f9e-9a55-4f6f-8a51-0c2f4a3f7d10";
    await expect(client(ID, objectId)[call]()).rejects.toMatchObject({
      code: "app-service-forbidden",
      message: expect.stringContaining("403 AuthorizationFailed"),
      hint: expect.stringContaining(
        `\naz role assignment create --role 'Website Contributor' --assignee-object-id ${objectId} --assignee-principal-type`,
      ),
    });
  });

  it.each(CALLS)("says that there is no such site to %s, and which setting names it", async (call) => {
    const other = ID.replace("openmetadata-server", "nowhere");
    world.appService.grant(world.app.objectId, ["read", "refresh", "restart"], other);
    await expect(client(other)[call]()).rejects.toMatchObject({
      code: "app-service-misconfigured",
      hint: expect.stringContaining("APP_SERVICE_ID"),
    });
  });

  it.each(["refresh", "restart"] as const)("leaves a %s to the next run while the site is busy", async (call) => {
    site.busy(9);
    await expect(client()[call]()).rejects.toMatchObject({
      code: "app-service-unavailable",
      service: "App Service",
      status: 409,
      transient: true,
    });
    expect(site.starts()).toBe(1);
  });

  it.each(CALLS)("has %s done with another token where the one it kept is refused", async (call) => {
    const asked: unknown[] = [];
    const tokenFor = (aud: string) => world.entra.issueToken({ aud, oid: world.app.objectId, idtyp: "app" });
    const getToken = async (_: unknown, { claims }: { claims?: string } = {}) => {
      asked.push(claims);
      return {
        token: await tokenFor(claims === undefined ? "https://elsewhere.example" : "https://management.azure.com"),
        expiresOnTimestamp: world.clock.now().getTime() + 3_600_000,
      };
    };
    await appService({ getToken }, world.urls.arm, ID)[call]();
    expect(asked).toEqual([undefined, "{}"]);
  });

  it.each(CALLS)("asks again where %s is one request too many", async (call) => {
    world.appService.throttle(2, 0);
    await client()[call]();
  });

  it("leaves it to the next run when it stays so", async () => {
    const hits = answers(
      429,
      { error: { code: "TooManyRequests", message: "later" } },
      { headers: { "retry-after": "0" } },
    );
    await expect(client().references()).rejects.toMatchObject({ status: 429, transient: true });
    expect(hits()).toBe(4);
  });

  it("leaves a 503 to the next run", async () => {
    answers(503, { error: { code: "Oops", message: "oops" } }, { method: "POST", headers: { "retry-after": "0" } });
    await expect(client().restart()).rejects.toMatchObject({ status: 503, transient: true });
  });

  it("repeats no message of the platform, in which a token may stand", async () => {
    answers(400, { error: { code: "Bad", message: "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln" } });
    const message = await client()
      .references()
      .catch((error: Error) => error.message);
    expect(message).toBe(
      'Cannot read the Key Vault references of App Service "openmetadata-server": Azure answered 400 Bad',
    );
  });

  it("tells that nobody answers", async () => {
    world.wire.faults.push(({ service }) => (service === "arm" ? { kind: "refuse" } : undefined));
    await expect(client().restart()).rejects.toMatchObject({
      message: expect.stringMatching(/Cannot restart App Service "openmetadata-server": no answer \(/),
      status: 0,
      transient: true,
    });
  });

  it("finds the site whatever the case of its id", async () => {
    expect(await client(ID.toLowerCase()).references()).toHaveLength(1);
  });
});
