import { WebSiteManagementClient } from "@azure/arm-appservice";
import { createWebSiteManagement } from "@azure/arm-appservice/api";
import { afterEach, describe, expect, it } from "vitest";
import { SUBSCRIPTION } from "../../local/cloud/app-service/site.ts";
import type { Release } from "../../local/cloud/openmetadata/releases.ts";
import { MINUTE, openServer, type ServerWorld } from "./openmetadata-security-world.ts";

const DAY = 24 * 60 * MINUTE;
const GROUP = "openmetadata";
const SITE = "openmetadata-server";
const NAME = "openmetadata-server-client-secret";
const KEY = "OIDC_CLIENT_SECRET";
const SITE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/${SITE}`;

let world: ServerWorld;
afterEach(() => world.close());

/** OpenMetadata on App Service, whose client secret is the one in the vault; its people sign in every hour. */
const open = async ({ release = "1.9.17", contributor = true }: { release?: Release; contributor?: boolean } = {}) => {
  world = await openServer({ release });
  const version = world.vault.setByHand(NAME, world.first.value);
  const reference = `@Microsoft.KeyVault(SecretUri=${world.urls.vault}/secrets/${NAME})`;
  const site = await world.hostOnAppService({ settings: { [KEY]: reference, PLAIN: "text" }, contributor });
  return { ...world, site, version, reference };
};
const credential = (objectId: string, aud: string) => ({
  async getToken() {
    const token = await world.entra.issueToken({ aud, oid: objectId, idtyp: "app" });
    return { token, expiresOnTimestamp: world.clock.now().getTime() + 3600_000 };
  },
});
const options = () => ({ endpoint: world.urls.arm, retryOptions: { maxRetries: 1 } });
/** Microsoft's client, signed in as the app unless told otherwise. */
const client = (objectId = world.app.objectId, aud = "https://management.azure.com") =>
  new WebSiteManagementClient(credential(objectId, aud), SUBSCRIPTION, options());
/** No member of the client, but it can be sent through it. */
const refresh = async (version = "2022-03-01") => {
  const by = credential(world.app.objectId, "https://management.azure.com");
  const arm = createWebSiteManagement(by, SUBSCRIPTION, options());
  const path = arm.pathUnchecked(`${SITE_ID}/config/configreferences/appsettings/refresh`);
  return Number((await path.post({ queryParameters: { "api-version": version } })).status);
};
const reference = (key = KEY) => client().webApps.getAppSettingKeyVaultReference(GROUP, SITE, key);
/** A new secret in Entra and in the vault; returns its version and its value. */
const rotate = () => {
  const { value } = world.addSecret();
  return { value, version: world.vault.setByHand(NAME, value) };
};

describe("references of a site", () => {
  it("are listed with what they were resolved to, never with the value", async () => {
    const { reference: text, version, first } = await open();
    const found = [];
    for await (const one of client().webApps.listAppSettingsKeyVaultReferences(GROUP, SITE)) found.push(one);
    expect(found).toEqual([
      expect.objectContaining({
        name: KEY,
        reference: text,
        status: "Resolved",
        vaultName: "openmetadata-kv",
        secretName: NAME,
        activeVersion: version,
        source: "KeyVault",
      }),
    ]);
    expect(found[0]).toMatchObject({ secretVersion: undefined });
    expect(JSON.stringify(found)).not.toContain(first.value);
    expect(await reference()).toMatchObject({ name: KEY, status: "Resolved", activeVersion: version });
    await expect(reference("PLAIN")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("say why they were not resolved, and are passed on as text", async () => {
    const { urls, vault, site, version } = await open();
    const at = (path: string) => `@Microsoft.KeyVault(SecretUri=${urls.vault}/secrets/${path})`;
    vault.setByHand("off", "value");
    vault.disable("off");
    await site.configure({
      BY_NAME: `@Microsoft.KeyVault(VaultName=openmetadata-kv;SecretName=${NAME})`,
      BY_VERSION: at(`${NAME}/${version}`),
      NO_SYNTAX: "@Microsoft.KeyVault(Secret=x)",
      NO_PATH: `@Microsoft.KeyVault(SecretUri=${urls.vault}/keys/x)`,
      NO_VAULT: `@Microsoft.KeyVault(VaultName=another;SecretName=${NAME})`,
      NO_SECRET: at("nothing"),
      NO_VERSION: at(`${NAME}/${"0".repeat(32)}`),
      OFF: at("off"),
    });
    const status = (key: string) => site.resolution(key)?.status;
    expect(Object.fromEntries(Object.keys(site.environment()).map((key) => [key, status(key)]))).toEqual({
      BY_NAME: "Resolved",
      BY_VERSION: "Resolved",
      NO_SYNTAX: "InvalidSyntax",
      NO_PATH: "InvalidSyntax",
      NO_VAULT: "VaultNotFound",
      NO_SECRET: "SecretNotFound",
      NO_VERSION: "SecretVersionNotFound",
      OFF: "OtherReasons",
    });
    expect(site.environment().NO_SECRET).toBe(at("nothing"));
    expect(await reference("BY_VERSION")).toMatchObject({ secretVersion: version, activeVersion: version });
    expect(await reference("NO_SECRET")).toMatchObject({ status: "SecretNotFound", activeVersion: undefined });
  });

  it("need an identity that may read the vault", async () => {
    const { appService, urls } = await open();
    const settings = { [KEY]: `@Microsoft.KeyVault(SecretUri=${urls.vault}/secrets/${NAME})` };
    const bare = await appService.addSite({ name: "bare", settings });
    expect(bare.resolution(KEY)?.status).toBe("MSINotEnabled");
    const denied = await appService.addSite({ name: "denied", settings, identityObjectId: "nobody" });
    expect(denied.resolution(KEY)?.status).toBe("AccessToKeyVaultDenied");
  });
});

describe("a new version in the vault", () => {
  it("is seen by the platform after a refresh, and by the process only after a restart", async () => {
    const { site, openMetadata, first, version } = await open();
    const second = rotate();
    expect(await reference()).toMatchObject({ activeVersion: version });
    expect(await refresh()).toBe(200);
    expect(await reference()).toMatchObject({ activeVersion: second.version });
    expect([site.starts(), openMetadata.clientSecret()]).toEqual([1, first.value]);
    await client().webApps.restart(GROUP, SITE);
    expect([site.starts(), openMetadata.clientSecret()]).toEqual([2, second.value]);
  });

  it("is not fetched by a restart alone", async () => {
    const { site, first, version } = await open();
    rotate();
    await client().webApps.restart(GROUP, SITE, { softRestart: false, synchronous: true });
    expect([site.starts(), site.environment()[KEY]]).toEqual([2, first.value]);
    expect(await reference()).toMatchObject({ activeVersion: version });
  });

  it("reaches the process by itself within a day, and a process that needs nothing is left alone", async () => {
    const { clock, site, openMetadata } = await open();
    await clock.advance(DAY);
    expect(site.starts()).toBe(1);
    await clock.advance(DAY / 2);
    const second = rotate();
    await clock.advance(DAY / 2 - 1);
    expect(site.starts()).toBe(1);
    await clock.advance(1);
    expect([site.starts(), openMetadata.clientSecret()]).toEqual([2, second.value]);
  });

  it("is fetched at any change of the settings, which starts the process anew", async () => {
    const { site, reference: text } = await open();
    const second = rotate();
    const { properties } = await client().webApps.listApplicationSettings(GROUP, SITE);
    expect(properties).toEqual({ [KEY]: text, PLAIN: "text" });
    const changed = { properties: { [KEY]: text, MORE: "text" } };
    expect(await client().webApps.updateApplicationSettings(GROUP, SITE, changed)).toMatchObject(changed);
    expect([site.starts(), site.environment()]).toEqual([2, { [KEY]: second.value, MORE: "text" }]);
  });

  it("leaves people signed in as long as the old one is not taken away before the restart", async () => {
    const { clock, people, directory, first } = await open();
    people.start();
    rotate();
    await refresh();
    directory.removePasswordByHand(first.keyId);
    await clock.advance(60 * MINUTE);
    expect(people.refusals()).toHaveLength(1);
    await client().webApps.restart(GROUP, SITE);
    await clock.advance(60 * MINUTE);
    expect([people.signIns(), people.refusals().length]).toEqual([2, 1]);
  });

  it("never reaches an OpenMetadata that has stored its security configuration", async () => {
    const { site, openMetadata, first } = await open({ release: "1.12.6" });
    const second = rotate();
    await refresh();
    await client().webApps.restart(GROUP, SITE);
    expect(site.environment()[KEY]).toBe(second.value);
    expect(openMetadata.clientSecret()).toBe(first.value);
  });

  it("takes its time where refreshing and restarting do", async () => {
    const { clock, site, version } = await open();
    Object.assign(site.timing, { refreshing: 20_000, restarting: 30_000 });
    const second = rotate();
    await refresh();
    expect(await reference()).toMatchObject({ activeVersion: version });
    await clock.advance(20_000);
    expect(await reference()).toMatchObject({ activeVersion: second.version });
    await client().webApps.restart(GROUP, SITE);
    expect(site.starts()).toBe(1);
    await clock.advance(30_000);
    expect(site.starts()).toBe(2);
  });
});

describe("a soft restart", () => {
  it("happens only where the process would find something new", async () => {
    const { site } = await open();
    const softly = () => client().webApps.restart(GROUP, SITE, { softRestart: true });
    await softly();
    expect(site.starts()).toBe(1);
    rotate();
    await refresh();
    await softly();
    expect(site.starts()).toBe(2);
  });
});

describe("Azure Resource Manager", () => {
  it("lets nobody do what no role allows, and does not tell them what exists", async () => {
    const { appService, site } = await open({ contributor: false });
    const denied = { statusCode: 403, code: "AuthorizationFailed" };
    const { webApps } = client();
    await expect(webApps.restart(GROUP, SITE)).rejects.toMatchObject(denied);
    await expect(webApps.restart(GROUP, "nothing")).rejects.toMatchObject(denied);
    expect(await refresh()).toBe(403);
    appService.grant(world.app.objectId, ["read"], site.id);
    await expect(reference()).resolves.toMatchObject({ status: "Resolved" });
    await expect(webApps.listApplicationSettings(GROUP, SITE)).rejects.toMatchObject(denied);
    await expect(webApps.restart(GROUP, SITE)).rejects.toThrow("Microsoft.Web/sites/restart/action");
    appService.revoke(world.app.objectId);
    await expect(reference()).rejects.toMatchObject(denied);
  });

  it("says of a site that is not there that it is not, to whoever may look", async () => {
    const { appService } = await open();
    appService.grant(world.app.objectId, ["restart"], `/subscriptions/${SUBSCRIPTION}`);
    await expect(client().webApps.restart(GROUP, "nothing")).rejects.toMatchObject({
      statusCode: 404,
      code: "ResourceNotFound",
    });
    await expect(client().webApps.restart(GROUP.toUpperCase(), SITE)).resolves.toBeUndefined();
  });

  it("takes no token but its own", async () => {
    await open();
    const other = client(world.app.objectId, "https://vault.localhost");
    await expect(other.webApps.restart(GROUP, SITE)).rejects.toMatchObject({ statusCode: 401 });
    const bare = await fetch(`${world.urls.arm}${SITE_ID}/restart?api-version=2025-05-01`, { method: "POST" });
    expect(bare.status).toBe(401);
    expect(bare.headers.get("www-authenticate")).toContain(`/${world.directory.tenantId}"`);
  });

  it("gives the app's managed identity tokens for itself, under each of its names", async () => {
    const { settings, urls, clock } = await open();
    for (const name of ["https://management.azure.com", "https://management.core.windows.net/", urls.arm]) {
      const query = new URLSearchParams({ "api-version": "2019-08-01", resource: name });
      query.set("client_id", settings.AZURE_CLIENT_ID ?? "");
      const headers = { "x-identity-header": settings.IDENTITY_HEADER ?? "" };
      const answer = await fetch(`${settings.IDENTITY_ENDPOINT}?${query}`, { headers });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const getToken = async () => ({ token, expiresOnTimestamp: clock.now().getTime() + 3600_000 });
      const { webApps } = new WebSiteManagementClient({ getToken }, SUBSCRIPTION, { endpoint: settings.ARM_URL ?? "" });
      expect((await webApps.getAppSettingKeyVaultReference(GROUP, SITE, KEY)).status).toBe("Resolved");
    }
  });

  it("refuses a change while another operation is in progress", async () => {
    const { site } = await open();
    site.busy(2);
    await expect(client().webApps.restart(GROUP, SITE)).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining("another operation is in progress"),
    });
    expect(await refresh()).toBe(409);
    await expect(reference()).resolves.toMatchObject({ status: "Resolved" });
    expect(await refresh()).toBe(200);
  });

  it("slows down whoever asks too often", async () => {
    const { appService } = await open();
    appService.throttle(1, 0);
    await expect(reference()).resolves.toMatchObject({ status: "Resolved" });
    appService.throttle(5, 0);
    await expect(reference()).rejects.toMatchObject({ statusCode: 429, code: "TooManyRequests" });
  });

  it("wants a version of its interface, and knows no other settings than texts", async () => {
    await open();
    expect(await refresh("2025-05-01")).toBe(200);
    expect(await refresh("1999-01-01")).toBe(400);
    const token = await world.entra.issueToken({ aud: "https://management.azure.com", oid: world.app.objectId });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ properties: { KEY: 1 } });
    const url = `${world.urls.arm}${SITE_ID}/config/appsettings`;
    expect((await fetch(url, { method: "PUT", headers, body })).status).toBe(400);
    const answer = await fetch(`${url}?api-version=2025-05-01`, { method: "PUT", headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "BadRequest" } });
  });

  it("shows the subscriptions in which the caller may do something, and the tenant", async () => {
    const { appService } = await open();
    const token = await world.entra.issueToken({ aud: "https://management.azure.com", oid: world.app.objectId });
    const get = async (path: string) =>
      (
        await fetch(`${world.urls.arm}${path}?api-version=2022-12-01`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).json();
    const { tenantId } = world.directory;
    expect(await get("/subscriptions")).toMatchObject({ value: [{ subscriptionId: SUBSCRIPTION, tenantId }] });
    expect(await get(`/subscriptions/${SUBSCRIPTION}`)).toMatchObject({ state: "Enabled" });
    expect(await get("/tenants")).toMatchObject({ value: [{ tenantId }] });
    appService.revoke(world.app.objectId);
    expect(await get("/subscriptions")).toMatchObject({ value: [] });
    expect(await get(`/subscriptions/${SUBSCRIPTION}`)).toMatchObject({ error: { code: "SubscriptionNotFound" } });
    expect(await get("/providers")).toMatchObject({
      error: { code: "NotModelled", message: "The local stand-in does not model GET /providers." },
    });
  });

  it("tells everybody where the services of its cloud are", async () => {
    await open();
    const ask = async (version: string) =>
      (await fetch(`${world.urls.arm}/metadata/endpoints?api-version=${version}`)).json();
    const expected = {
      resourceManager: world.urls.arm,
      authentication: { loginEndpoint: world.urls.entra },
      microsoftGraphResourceId: world.urls.graph,
      suffixes: { keyVaultDns: "vault.localhost" },
    };
    expect(await ask("2022-09-01")).toMatchObject(expected);
    expect(await ask("2019-05-01")).toMatchObject([expected]);
    expect(await ask("2015-01-01")).toMatchObject({ authentication: expected.authentication });
  });
});
