import { beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../shared/hygiene/finding.ts";
import { asAdministrator, principalOf } from "./administrator.ts";
import { type App, DAY, openApp } from "./app.ts";
import { everything } from "./raw-call.ts";

const SETTINGS = { SECRET_LIFETIME_DAYS: "10", SECRET_RENEW_BEFORE_DAYS: "5", SECRET_OVERLAP_DAYS: "1" };

interface ByHand {
  server: string;
  ingestion: string;
  secret: { keyId: string; value: string };
}

/** As OpenMetadata's guide has it: two registrations, a secret, and a bot that signs in with it. All of it works. */
async function setUpByHand(app: App, platform: "spa" | "web"): Promise<ByHand> {
  const { directory, urls, app: identity } = app.cloud;
  const server = directory.createApi({ displayName: "OpenMetadata", appRoles: [] }).clientId;
  const ingestion = directory.createApi({ displayName: "OpenMetadata ingestion", appRoles: [] }).clientId;
  for (const clientId of [server, ingestion]) directory.addOwner(clientId, identity.objectId);
  await asAdministrator(app, "PATCH", {
    path: `/applications(appId='${server}')`,
    body: {
      signInAudience: "AzureADMultipleOrgs",
      identifierUris: [`api://${server}`, `api://${directory.tenantId}/openmetadata`],
      [platform]: { redirectUris: ["https://old.example.com/callback", `${urls.openMetadata}/callback`] },
      api: { requestedAccessTokenVersion: null },
    },
  });
  await asAdministrator(app, "PATCH", {
    path: `/applications(appId='${server}')`,
    body: { web: { implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true } } },
  });
  const secret = directory.addPasswordByHand(ingestion, { displayName: "made in the portal" });
  app.cloud.openMetadata.options.clientId = () => server;
  await giveToBot(app, { server, ingestion, secret });
  return { server, ingestion, secret };
}

/** What a person enters in Settings > Bots. */
async function giveToBot(app: App, { server, ingestion, secret }: ByHand): Promise<void> {
  const { urls, openMetadata, directory } = app.cloud;
  const name = principalOf(app, ingestion) ?? "";
  const authConfig = {
    clientSecret: secret.value,
    authority: `${urls.entra}/${directory.tenantId}`,
    clientId: ingestion,
    scopes: [`api://${server}/.default`],
  };
  const user = {
    name,
    email: `ingestion-${name}@example.com`,
    displayName: "Ingestion of the data platform",
    isBot: true,
    botName: "ingestion-bot",
    authenticationMechanism: { authType: "SSO", config: { ssoServiceType: "azure", authConfig } },
  };
  const bot = { name: "ingestion-bot", displayName: "ingestion-bot", botUser: name };
  for (const [path, body] of [["users", user] as const, ["bots", bot] as const]) {
    const answer = await fetch(`${urls.openMetadata}/api/v1/${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${openMetadata.adminBotToken()}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }
}

const registrationOf = ({ cloud }: App, clientId: string) =>
  cloud.directory.applications().find(({ appId }) => appId === clientId);

async function signsIn({ cloud }: App, { server, ingestion }: ByHand, value: string): Promise<boolean> {
  const answer = await fetch(`${cloud.urls.entra}/${cloud.directory.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ingestion,
      client_secret: value,
      scope: `api://${server}/.default`,
    }),
  });
  await answer.text();
  return answer.status === 200;
}

describe("registrations made by hand that are in use", () => {
  const app = openApp();
  let byHand: ByHand;
  let before: ReturnType<typeof registrationOf>;

  beforeAll(async () => {
    byHand = await setUpByHand(app(), "spa");
    before = registrationOf(app(), byHand.server);
    app().cloud.openMetadata.addPipeline({ name: "warehouse", deployed: true });
    app().cloud.ingestion.start();
    const ids = { SERVER_CLIENT_ID: byHand.server, INGESTION_CLIENT_ID: byHand.ingestion };
    await app().restart({ ...SETTINGS, ...ids });
  });

  it("are shown first as they are, with what would be done and what is left alone; nothing is written", async () => {
    const world = everything(app());
    const plan = await app().call("POST", "provision", { dryRun: true });
    expect(plan).toMatchObject({
      status: 200,
      body: {
        converged: false,
        steps: [
          {
            kind: "update-registration",
            because: "differs in implicit flow, scopes, app roles, API permissions, optional claims",
            target: "openmetadata-server",
            state: "planned",
          },
          { because: "differs in API permissions", target: "openmetadata-ingestion", state: "planned" },
        ],
        result: {
          server: {
            clientId: byHand.server,
            leftAlone: [
              expect.stringContaining("signInAudience AzureADMultipleOrgs"),
              expect.stringContaining("version 1 access tokens"),
            ],
          },
        },
      },
    });
    const status = await app().call("GET", "status");
    expect(status.body.deployments).toMatchObject([
      {
        registrations: { server: { clientId: byHand.server }, ingestion: { clientId: byHand.ingestion } },
        credentials: [{ dueNow: { kind: "issue" }, inEntra: { managed: [], foreign: 1 } }, {}],
      },
    ]);
    const rotation = await app().call("POST", "rotate", { dryRun: true });
    expect(rotation.body.steps?.map(({ kind }) => kind)).toEqual(["issue", "prove", "promote", "push"]);
    expect(everything(app())).toBe(world);
  });

  it("are added to, and keep what they have", async () => {
    await app().post("provision");
    await app().post("consent");
    const after = registrationOf(app(), byHand.server);
    expect(after).toMatchObject({
      displayName: "OpenMetadata",
      signInAudience: "AzureADMultipleOrgs",
      identifierUris: before?.identifierUris,
      spa: before?.spa,
      api: { requestedAccessTokenVersion: null },
      web: { implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true } },
    });
    expect((await app().post("provision")).body).toMatchObject({ converged: true, steps: [] });
  });

  it("get a secret of ours beside the one in use, which the bot is given once it is proven", async () => {
    expect(app().held()).toBe(byHand.secret.value);
    await app().post("rotate");
    const secrets = registrationOf(app(), byHand.ingestion)?.secrets;
    expect(secrets).toMatchObject([
      { keyId: byHand.secret.keyId, displayName: "made in the portal" },
      { keyId: app().latest()?.tags.keyId },
    ]);
    expect(app().held()).toBe(app().latest()?.value);
    expect(await signsIn(app(), byHand, byHand.secret.value)).toBe(true);
    const name = principalOf(app(), byHand.ingestion);
    const user = app()
      .cloud.openMetadata.users()
      .find((one) => one.name === name);
    expect(user).toMatchObject({
      email: `ingestion-${name}@example.com`,
      displayName: "Ingestion of the data platform",
    });
  });

  it("keep the foreign secret through all later rotations, and ingestion never notices", async () => {
    const first = app().latest()?.tags.keyId;
    await app().clock.advance(13 * DAY);
    const secrets = registrationOf(app(), byHand.ingestion)?.secrets ?? [];
    const keyIds = secrets.map(({ keyId }) => keyId);
    expect(keyIds).not.toContain(first);
    expect(keyIds).toContain(byHand.secret.keyId);
    expect(await signsIn(app(), byHand, byHand.secret.value)).toBe(true);
    await app().post("rotate", { because: "leak", revokeOld: true });
    expect(await signsIn(app(), byHand, byHand.secret.value)).toBe(true);
    expect(app().held()).toBe(app().latest()?.value);
    expect(app().cloud.ingestion.signIns()).toBeGreaterThan(500);
    expect(app().cloud.ingestion.refusals()).toEqual([]);
  });

  it("are told of in status for what a person should change", async () => {
    const { body } = await app().call("GET", "status");
    const [{ drift, credentials }] = body.deployments as [{ drift: { findings: Finding[] }; credentials: object[] }];
    expect(credentials[0]).toMatchObject({ inEntra: { foreign: 1 } });
    const found = drift.findings.filter(({ kind }) => kind === "registration");
    expect(found).toMatchObject([
      { what: expect.stringContaining("AzureADMultipleOrgs"), do: expect.stringContaining("change it in Entra") },
      { what: expect.stringContaining("version 1") },
    ]);
  });
});

describe("a server registration made by hand for the Web flow", () => {
  const app = openApp();
  let byHand: ByHand;
  const ids = () => ({ SERVER_CLIENT_ID: byHand.server, INGESTION_CLIENT_ID: byHand.ingestion });

  beforeAll(async () => {
    byHand = await setUpByHand(app(), "web");
  });

  it("is not moved to the implicit flow, which is the default of the settings: people could not sign in", async () => {
    await app().restart(ids());
    const world = everything(app());
    for (const body of [{ dryRun: true }, {}]) {
      expect(await app().call("POST", "provision", body)).toMatchObject({
        status: 409,
        body: {
          code: "redirect-uri-misplaced",
          hint: expect.stringContaining('Set SIGN_IN_FLOW to "auth-code"'),
        },
      });
    }
    expect(everything(app())).toBe(world);
    const { body } = await app().call("GET", "status");
    expect(JSON.stringify(body)).toContain("on platform Web, which does not match SIGN_IN_FLOW");
  });

  it("keeps its redirect URIs, and the implicit issuance that it has, once the settings name its flow", async () => {
    const before = registrationOf(app(), byHand.server);
    await app().restart({ ...ids(), SIGN_IN_FLOW: "auth-code" });
    const { body } = await app().post("provision");
    const after = registrationOf(app(), byHand.server);
    expect(after?.web).toEqual(before?.web);
    expect(after?.spa).toEqual(before?.spa);
    expect(body.result).toMatchObject({
      server: { leftAlone: expect.arrayContaining([expect.stringContaining("implicit flow")]) },
    });
  });
});
