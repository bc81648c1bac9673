import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PasswordRestriction } from "../../local/cloud/directory/policies.ts";
import { type App, DAY, openApp } from "./app.ts";
import { removeReplaced, runTimer, said } from "./trouble.ts";

const restriction = (
  restrictionType: PasswordRestriction["restrictionType"],
  changes: Partial<PasswordRestriction> = {},
): PasswordRestriction => ({
  restrictionType,
  state: "enabled",
  maxLifetime: null,
  restrictForAppsCreatedAfterDateTime: null,
  ...changes,
});
const FORBIDDEN = restriction("passwordAddition");
const capped = (maxLifetime: string) => restriction("passwordLifetime", { maxLifetime });

const holder = ({ cloud }: App) =>
  cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-ingestion");
const tenantSays = ({ cloud }: App, ...restrictions: PasswordRestriction[]): void => {
  cloud.directory.policies.tenant.applicationRestrictions.passwordCredentials = restrictions;
};
/** A policy of the ingestion registration's own. */
const appSays = (app: App, ...restrictions: PasswordRestriction[]): void => {
  app.cloud.directory.policies.ofApplication.set(holder(app)?.id ?? "", {
    id: "7d2c0d6c-6f44-4b66-8a57-5e0a3b1c9f10",
    displayName: "Ingestion",
    description: "",
    isEnabled: true,
    restrictions: { passwordCredentials: restrictions, keyCredentials: [] },
  });
};
const rotate = (app: App) => app.call("POST", "rotate", { because: "leaver" });
/** Days that the newest client secret lives, rounded down. */
const life = (app: App): number => {
  const newest = app.inEntra().at(-1);
  return Math.floor((new Date(newest?.endDateTime ?? 0).getTime() - app.clock.now().getTime()) / DAY);
};

describe("a policy that the app can read", () => {
  const app = openApp();

  beforeAll(async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
  });
  afterEach(() => {
    const { policies } = app().cloud.directory;
    tenantSays(app());
    policies.tenant.isEnabled = true;
    policies.ofApplication.clear();
    removeReplaced(app());
  });

  it.each([
    ["forbids client secrets", FORBIDDEN, /Exempt the application/],
    ["leaves no time to renew them", capped("P31D"), /RENEW_BEFORE_DAYS/],
  ])("and that %s stops a rotation before anything is written", async (_, says, hint) => {
    tenantSays(app(), says);
    app().mark();
    const answer = await app().call("POST", "rotate");
    expect(answer).toMatchObject({
      status: 409,
      body: { code: "tenant-policy-conflict", hint: expect.stringMatching(hint) },
    });
    expect(await runTimer(app())).toBe(false);
    expect(said(app())).toContain("failed (tenant-policy-conflict)");
    expect(app().writes("graph")).toEqual([]);
    expect(app().cloud.vault.secrets()).toEqual([]);
  });

  it("and that caps their life shortens it", async () => {
    tenantSays(app(), capped("P60D"));
    const { body } = await app().post("rotate");
    expect(life(app())).toBe(59);
    const [rotated] = (body.result as { credentials: { expiresOn: string }[] }).credentials;
    const expiresOn = new Date(rotated?.expiresOn ?? "").getTime();
    expect(body.later).toContainEqual({
      credential: "ingestion-client-secret",
      kind: "promote",
      on: new Date(expiresOn - 30 * DAY).toISOString(),
      target: "openmetadata-ingestion-client-secret",
    });
  });

  it.each<[string, (policies: App["cloud"]["directory"]["policies"]) => unknown]>([
    ["is switched off", ({ tenant }) => Object.assign(tenant, { isEnabled: false })],
    [
      "spares older applications",
      () => tenantSays(app(), { ...FORBIDDEN, restrictForAppsCreatedAfterDateTime: "2031-04-01T00:00:00Z" }),
    ],
    ["has its restriction disabled", () => tenantSays(app(), { ...FORBIDDEN, state: "disabled" })],
    ["exempts the application", () => appSays(app(), { ...FORBIDDEN, state: "disabled" })],
  ])("and that %s changes nothing", async (_, make) => {
    tenantSays(app(), FORBIDDEN);
    make(app().cloud.directory.policies);
    expect(await rotate(app())).toMatchObject({ status: 200 });
    expect(life(app())).toBe(89);
  });

  describe("and that spares whoever has an attribute", () => {
    const ATTRIBUTE = "Automation_Exempt";
    const spares = (one: PasswordRestriction): PasswordRestriction => ({
      ...one,
      excludeActors: {
        customSecurityAttributes: [
          {
            "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
            id: ATTRIBUTE,
            operator: "equals",
            value: "yes",
          },
        ],
      },
    });
    const mark = (value: string): void =>
      app().cloud.directory.setSecurityAttribute(app().cloud.app.objectId, ATTRIBUTE, value);
    afterEach(() => mark("no"));

    it.each([
      ["forbids client secrets", FORBIDDEN],
      ["leaves no time to renew them", capped("P31D")],
    ])("is left to Entra where it %s", async (_, says) => {
      tenantSays(app(), spares(says));
      app().mark();
      expect(await rotate(app())).toMatchObject({ status: 409, body: { code: "tenant-policy-conflict" } });
      expect(app().writes("graph")).toHaveLength(1);
      mark("yes");
      expect(await rotate(app())).toMatchObject({ status: 200 });
      expect(life(app())).toBe(89);
    });

    it("is kept to where that leaves time to renew", async () => {
      tenantSays(app(), spares(capped("P60D")));
      expect(await rotate(app())).toMatchObject({ status: 200 });
      expect(life(app())).toBe(59);
    });
  });

  it("of the application counts before the tenant's, which holds for what it does not mention", async () => {
    tenantSays(app(), FORBIDDEN, capped("P60D"));
    appSays(app(), { ...FORBIDDEN, state: "disabled" });
    expect(await rotate(app())).toMatchObject({ status: 200 });
    expect(life(app())).toBe(59);
    tenantSays(app(), capped("P60D"));
    appSays(app(), capped("P70D"));
    expect(await rotate(app())).toMatchObject({ status: 200 });
    expect(life(app())).toBe(69);
  });

  it("and that comes later leaves the current secret in use", async () => {
    app().cloud.ingestion.start();
    const held = app().held();
    tenantSays(app(), FORBIDDEN);
    expect(await rotate(app())).toMatchObject({ status: 409 });
    await app().clock.advance(DAY);
    expect(app().held()).toBe(held);
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });
});

describe("a policy that the app may not read", () => {
  const app = openApp({
    graphPermissions: [
      "Application.ReadWrite.OwnedBy",
      "DelegatedPermissionGrant.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "Application.Read.All",
    ],
  });

  beforeAll(async () => {
    for (const path of ["provision", "consent"]) await app().post(path);
  });

  it.each([
    ["forbids client secrets", FORBIDDEN, /Exempt the application/],
    ["caps their life", capped("P60D"), /SECRET_LIFETIME_DAYS/],
  ])("and that %s is told from Entra's refusal, after one request", async (_, says, hint) => {
    tenantSays(app(), says);
    app().mark();
    const answer = await app().call("POST", "rotate");
    expect(answer).toMatchObject({
      status: 409,
      body: { code: "tenant-policy-conflict", hint: expect.stringMatching(hint) },
    });
    expect(app().writes("graph")).toHaveLength(1);
    expect(app().inEntra()).toEqual([]);
  });

  it("is obeyed by settings that do as the answer said", async () => {
    tenantSays(app(), capped("P60D"));
    await app().restart({ SECRET_LIFETIME_DAYS: "60" });
    await app().post("rotate");
    expect(life(app())).toBe(59);
  });
});
