import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examine, type Patient } from "../../operator/doctor/examine.ts";
import type { Finding } from "../../operator/doctor/finding.ts";
import { QUEUES } from "../../operator/queues.ts";
import { HOUR, openApp } from "../app/app.ts";
import { everything } from "../app/raw-call.ts";
import { APP_ID, type Azure, alertOnExpiry, OFFICER, openAzure, subscribe, TOPIC_ID, VAULT_ID } from "./azure.ts";
import { openShell } from "./azure-cli.ts";

const app = openApp();
let azure: Azure;
beforeAll(async () => {
  azure = await openAzure(app().cloud);
});
afterAll(() => azure.close());

/** What the doctor says. Whoever asks is a reader, and leaves no trace. */
async function look(given: Partial<Patient> & { roles?: string[] } = {}): Promise<Finding[]> {
  const before = everything(app());
  app().mark();
  const { roles, ...patient } = given;
  const told: Finding[] = [];
  const findings = await examine(
    { url: app().host.url, audience: app().cloud.app.audience, appId: APP_ID, vaultId: VAULT_ID, ...patient },
    {
      tokenFor: async (scope) => azure.tokenFor(scope, roles),
      ...azure.urls,
      now: () => app().clock.now(),
      tell: (one) => told.push(one),
    },
  );
  expect(told).toEqual(findings);
  expect(everything(app())).toBe(before);
  return findings;
}

const reds = (findings: Finding[], check?: string): string[] =>
  findings.filter((one) => one.state === "red" && (check ?? one.check) === one.check).map(({ what }) => what);
const todo = (findings: Finding[], fragment: string): string | undefined =>
  findings.find(({ what }) => what.includes(fragment))?.do;

describe("the doctor, on a first run", () => {
  it("says what is still to come, and that everything else is well", async () => {
    for (const queue of QUEUES) app().cloud.storageQueue.createQueue(queue);
    azure.logs.requests.push({ name: "rotate-on-schedule", timestamp: app().clock.now(), success: true });
    const findings = await look();
    expect(reds(findings, "registrations")).toHaveLength(2);
    expect(todo(findings, "the server registration does not exist")).toContain("POST /api/provision");
    for (const check of ["reachable", "authorised", "settings", "vault", "events", "queues", "timer"]) {
      expect(reds(findings, check), check).toEqual([]);
    }
  });
});

describe("the doctor, with everything in place", () => {
  beforeAll(() => app().settle());

  it("finds nothing red that the app could help, and reads no secret", async () => {
    const findings = await look();
    expect(reds(findings).filter((what) => !/default-admin|quickstart-key|own-keys/.test(what))).toEqual([]);
    expect(findings.filter(({ state }) => state === "unseen")).toEqual([]);
    expect(JSON.stringify(findings)).not.toContain(app().latest()?.value);
  });

  it("says who may not call", async () => {
    // It takes service principals only, and whoever asks a doctor is mostly a person.
    expect(todo(await look({ roles: [] }), "you lack the app role")).toMatch(
      /Enterprise applications.*npm run permit/s,
    );
    expect(todo(await look({ audience: "00000000-0000-4000-8000-000000000000" }), "500011")).toContain(
      "npm run permit",
    );
  });

  it("takes the audience from the app settings where it is not given", async () => {
    expect(reds(await look({ audience: undefined }), "authorised")).toEqual([]);
  });

  it("says what it was not told, and goes on with the rest", async () => {
    const findings = await look({ appId: undefined, vaultId: undefined });
    expect(findings.filter(({ state }) => state === "unseen").map(({ check }) => check)).toEqual(["app", "vault"]);
  });

  it("says that nobody answers", async () => {
    expect(reds(await look({ url: "http://127.0.0.1:9" }), "reachable")[0]).toContain("does not answer");
  });

  it("names the command that gives the identity what it lacks in Entra", async () => {
    const { directory, app: identity } = app().cloud;
    directory.revokeGraphPermission(identity.objectId, "Application.Read.All");
    directory.revokeGraphPermission(identity.objectId, "Application.ReadWrite.OwnedBy");
    await app().restart();
    const findings = await look();
    directory.grantGraphPermission(identity.objectId, "Application.Read.All");
    directory.grantGraphPermission(identity.objectId, "Application.ReadWrite.OwnedBy");
    await app().restart();
    expect(todo(findings, "lacks Application.ReadWrite.OwnedBy")).toContain(
      `npm run permit -- --identity ${identity.objectId}`,
    );
    expect(findings.find(({ what }) => what.includes("lacks Application.Read.All"))).toMatchObject({
      state: "notice",
      do: expect.stringContaining("--consent"),
    });
  });

  it("names the command that gives the identity its role on the vault", async () => {
    azure.arm.put(OFFICER, {
      properties: {
        roleName: "Key Vault Secrets User",
        permissions: [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"] }],
      },
    });
    const findings = await look();
    azure.arm.put(OFFICER, {
      properties: {
        roleName: "Key Vault Secrets Officer",
        permissions: [{ dataActions: ["Microsoft.KeyVault/vaults/secrets/*"] }],
      },
    });
    expect(reds(findings, "vault")[0]).toContain("setSecret");
    expect(todo(findings, "setSecret")).toContain(
      `az role assignment create --role "Key Vault Secrets Officer" --assignee-object-id ${app().cloud.app.objectId}`,
    );
  });

  it.each<[what: string, change: () => void, says: string]>([
    [
      "is not there",
      () => azure.arm.remove(`${TOPIC_ID}/eventSubscriptions/prod-new-version`),
      "no subscription sends Microsoft.KeyVault.SecretNewVersionCreated",
    ],
    [
      "was never validated",
      () =>
        subscribe(azure.arm, "prod-new-version", {
          function: "push-client-secret",
          types: ["SecretNewVersionCreated"],
          state: "Failed",
        }),
      "prod-new-version is Failed",
    ],
    [
      "filters the app's secrets out",
      () =>
        subscribe(azure.arm, "prod-new-version", {
          function: "push-client-secret",
          types: ["SecretNewVersionCreated"],
          prefix: "other-",
        }),
      "is filtered out",
    ],
    [
      "that raises the alert on expiry is not there, though the app hears of it",
      () => azure.arm.remove(`${TOPIC_ID}/eventSubscriptions/prod-expired`),
      "no subscription raises an alert on Microsoft.KeyVault.SecretExpired",
    ],
    [
      "that raises the alert on expiry filters the app's secrets out",
      () => alertOnExpiry(azure.arm, { prefix: "other-" }),
      "is filtered out (prod-expired)",
    ],
    [
      "that raises the alert on expiry tells nobody",
      () => alertOnExpiry(azure.arm, { actionGroups: [] }),
      "goes to no action group",
    ],
  ])("says that a subscription %s", async (_, change, says) => {
    change();
    const [found, ...more] = reds(await look(), "events");
    expect(found).toContain(says);
    expect(more).toEqual([]);
    alertOnExpiry(azure.arm);
    subscribe(azure.arm, "prod-new-version", { function: "push-client-secret", types: ["SecretNewVersionCreated"] });
  });

  it("counts what Event Grid could not deliver, and messages that were given up", async () => {
    azure.arm.count(TOPIC_ID, { DeadLetteredCount: 3 });
    expect(reds(await look(), "events")[0]).toContain("3 dead letters");
    azure.arm.count(TOPIC_ID, { DeliverySuccessCount: 2 });
    app().cloud.storageQueue.createQueue("secret-new-version-poison");
    expect(reds(await look(), "queues")).toEqual([]);
  });

  it("says that the timer has stopped", async () => {
    azure.logs.requests.push({ name: "rotate-on-schedule", timestamp: app().clock.now(), success: false });
    const at = app().clock.now().getTime();
    azure.logs.requests.splice(0, 2, { name: "rotate-on-schedule", timestamp: new Date(at - 4 * HOUR), success: true });
    expect(reds(await look(), "timer")).toHaveLength(1);
  });

  it("says that OpenMetadata does not answer", async () => {
    app().cloud.wire.faults.push(({ service }) => (service === "openmetadata" ? { kind: "refuse" } : undefined));
    const findings = await look();
    app().cloud.wire.faults.splice(0);
    expect(reds(findings, "OpenMetadata")[0]).toContain("does not answer");
    expect(findings.find(({ check, state }) => check === "OpenMetadata" && state === "red")?.do).toContain(
      "OPENMETADATA_URL",
    );
  });

  it("says that OpenMetadata does not let the app in, and how to change that", async () => {
    const { urls, openMetadata, app: identity } = app().cloud;
    const headers = { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" };
    const body = { name: identity.objectId, email: `${identity.objectId}@example.com` };
    const admit = (isAdmin: boolean) =>
      fetch(`${urls.openMetadata}/api/v1/users`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ ...body, isAdmin }),
      });
    await admit(false);
    const findings = await look();
    await admit(true);
    expect(reds(findings, "OpenMetadata")[0]).toContain("who is not an administrator");
    expect(todo(findings, "who is not an administrator")).toContain("AUTHORIZER_ADMIN_PRINCIPALS");
  });

  it("names every wrong setting, though the app tells nobody whom it cannot verify", async () => {
    const wrong = { SECRET_LIFETIME_DAYS: "many", TENANT_ID: "mine" };
    await azure.configure(wrong);
    await app().restart(wrong);
    const findings = await look();
    await azure.configure({});
    await app().restart();
    const told = reds(findings, "settings").sort();
    expect(told).toEqual([
      "Cannot start: callers' tokens cannot be verified; TENANT_ID must be a GUID",
      expect.stringMatching(/^SECRET_LIFETIME_DAYS/),
      expect.stringMatching(/^TENANT_ID/),
    ]);
    expect((await look()).filter(({ check, state }) => check === "settings" && state === "ok")).toHaveLength(1);
  });
});

describe("npm run doctor", () => {
  it("explains itself, refuses what makes no sense, and ends with 1 when something is red", async () => {
    const shell = await openShell({
      token: await app().cloud.callerToken(["Automation.Read"]),
      certificate: app().cloud.certificate.cert,
      env: {},
    });
    const command = (args: string[]) => shell.run("node", ["operator/doctor/main.ts", ...args]);
    expect(await command(["--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("npm run doctor -- <app url>"),
    });
    expect(await command(["--colour"])).toMatchObject({ code: 2, stdout: "" });
    const ended = await command([app().host.url, "--audience", app().cloud.app.audience]);
    expect(ended.stdout).toContain("ok      authorised     your token is accepted");
    expect(ended.stdout).toMatch(/\d+ red, \d+ to know, \d+ unseen, \d+ ok\n$/);
    const asJson = await command([app().host.url, "--audience", app().cloud.app.audience, "--json"]);
    const findings: Finding[] = JSON.parse(asJson.stdout);
    expect(asJson.code).toBe(findings.some(({ state }) => state === "red") ? 1 : 0);
    await shell.close();
  });
});
