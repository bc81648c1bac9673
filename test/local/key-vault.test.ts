import type { TokenCredential } from "@azure/identity";
import { type KeyVaultSecret, SecretClient } from "@azure/keyvault-secrets";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { movableClock } from "../../local/clock.ts";
import { type Certificate, createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import type { Exchange } from "../../local/cloud/exchange.ts";
import { createKeyVault, type KeyVault } from "../../local/cloud/key-vault/create-key-vault.ts";
import type { KeyVaultEvent } from "../../local/cloud/key-vault/event.ts";
import { type Served, serve } from "../../local/cloud/serve.ts";

const START = new Date("2026-03-01T12:00:00.250Z");
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const TENANT = "8d3c7f8e-5a0b-4c53-9f0e-0f8f2b9f7a11";
const OFFICER = "0b7a3c52-6a8a-4d0c-9a57-3f8a7d1c2e01";
const TOKEN = `token-of-${OFFICER}`;

let certificate: Certificate;
let clock: ReturnType<typeof movableClock>;
let vault: KeyVault;
let served: Served;
let client: SecretClient;
let events: KeyVaultEvent[];
let exchanges: Exchange[];
let asked: { scopes: string | string[]; tenantId: string | undefined }[];

beforeAll(async () => {
  certificate = await createCertificate();
  trustCertificate(certificate);
});

beforeEach(async () => {
  clock = movableClock(START);
  events = [];
  exchanges = [];
  asked = [];
  vault = createKeyVault({
    clock,
    name: "sample",
    url: () => served.url,
    tenantId: TENANT,
    authority: () => "https://login.localhost:4123",
    resource: () => `https://vault.localhost:${new URL(served.url).port}`,
    verify: async (token) => {
      const [, objectId] = /^token-of-(.+)$/.exec(token) ?? [];
      if (!objectId) throw new Error("bad signature");
      return { objectId };
    },
    raise: (event) => events.push(event),
  });
  vault.grant(OFFICER, ["get", "list", "set", "delete", "update", "recover", "purge"]);
  const wire = { faults: [], onExchange: [(exchange: Exchange) => exchanges.push(exchange)] };
  served = await serve(vault.app, { service: "key-vault", host: "sample.vault.localhost", certificate, wire });
  client = clientWith(TOKEN);
});

afterEach(async () => {
  clock.stop();
  await served.close();
});

/** Microsoft's client as it is in production: the check of the challenge's resource is on. */
function clientWith(token: string): SecretClient {
  const credential: TokenCredential = {
    getToken: async (scopes, options) => {
      asked.push({ scopes, tenantId: options?.tenantId });
      return { token, expiresOnTimestamp: Date.now() + 60 * MINUTE };
    },
  };
  return new SecretClient(served.url, credential, { retryOptions: { maxRetries: 0 } });
}

/** A request without the client, for what the client would never send. */
async function request(
  method: string,
  path: string,
  { body, token = TOKEN }: { body?: unknown; token?: string | undefined } = {},
) {
  const response = await fetch(`${served.url}${path}`, {
    method,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === "" ? undefined : JSON.parse(text) };
}

/** What the client makes of a refusal. */
async function refused(call: Promise<unknown>): Promise<{ status: number; code: string; inner?: string }> {
  const error = await call.then(
    () => undefined,
    (reason) => reason,
  );
  if (!error) throw new Error("The vault did not refuse");
  return { status: error.statusCode, code: error.code, inner: error.details?.error?.innerError?.code };
}

const versionOf = (secret: KeyVaultSecret): string => secret.properties.version ?? "";
const types = (): string[] => events.map(({ eventType }) => eventType.replace("Microsoft.KeyVault.Secret", ""));
const BAD = { status: 400, json: { error: { code: "BadParameter" } } };
const API = "api-version=2025-07-01";

describe("the gate", () => {
  it("answers a request without a token with a challenge that Microsoft's client verifies and follows", async () => {
    await client.setSecret("first", "value");
    const [bare, real] = exchanges;
    expect(bare).toMatchObject({ method: "PUT", status: 401, body: "" });
    expect(bare?.path).toMatch(/^\/secrets\/first\?api%2Dversion=\d{4}-\d\d-\d\d$/);
    expect(bare?.answerHeaders.get("www-authenticate")).toBe(
      `Bearer authorization="https://login.localhost:4123/${TENANT}", resource="https://vault.localhost:${new URL(served.url).port}"`,
    );
    expect(asked).toEqual([
      { scopes: [`https://vault.localhost:${new URL(served.url).port}/.default`], tenantId: TENANT },
    ]);
    expect(real?.status).toBe(200);
  });

  it("refuses a token that is not good, and says nothing of it", async () => {
    const answer = await request("GET", `/secrets?${API}`, { token: "forged" });
    expect(answer).toMatchObject({ status: 401, json: { error: { code: "Unauthorized" } } });
    expect(answer.headers.get("www-authenticate")).toContain("Bearer authorization=");
    expect(JSON.stringify(answer.json)).not.toContain("forged");
  });

  it("refuses a caller without the right, right by right", async () => {
    const reader = "5c1f7c0e-0000-4000-8000-000000000002";
    vault.setByHand("mine", "value");
    vault.grant(reader, ["get"]);
    const other = clientWith(`token-of-${reader}`);
    expect((await other.getSecret("mine")).value).toBe("value");
    const forbidden = { status: 403, code: "Forbidden", inner: "ForbiddenByRbac" };
    const [{ version } = { version: "" }] = vault.secrets()[0]?.versions ?? [];
    expect(await refused(other.setSecret("mine", "other"))).toEqual(forbidden);
    expect(await refused(other.updateSecretProperties("mine", version, { enabled: false }))).toEqual(forbidden);
    expect(await refused(other.listPropertiesOfSecretVersions("mine").next())).toMatchObject({ status: 403 });
    expect(await refused(other.beginDeleteSecret("mine"))).toEqual(forbidden);
    vault.revoke(reader);
    expect(await refused(other.getSecret("mine"))).toEqual(forbidden);
    vault.grant(reader, ["list"]);
    expect((await other.listPropertiesOfSecretVersions("mine").next()).value).toMatchObject({ version });
  });

  it("shuts everybody out while the firewall is on", async () => {
    vault.firewall(true);
    const forbidden = { status: 403, code: "Forbidden", inner: "ForbiddenByFirewall" };
    expect(await refused(client.setSecret("name", "value"))).toEqual(forbidden);
    vault.firewall(false);
    await client.setSecret("name", "value");
  });

  it("refuses versions of the API that it does not know, or none", async () => {
    expect(await request("GET", "/secrets")).toMatchObject(BAD);
    expect(await request("GET", "/secrets?api-version=2031-01-01")).toMatchObject(BAD);
    expect((await request("GET", "/secrets?api-version=7.4")).status).toBe(200);
  });

  it("refuses, in a cloud that is behind, the versions that are known elsewhere", async () => {
    vault.setRules({ apiVersions: ["7.3", "7.4"] });
    expect(await refused(client.setSecret("name", "value"))).toMatchObject({ status: 400, code: "BadParameter" });
    expect((await request("GET", "/secrets?api-version=7.4")).status).toBe(200);
  });

  it("shuts everybody out while public access is off, and says so", async () => {
    vault.setRules({ publicAccess: false });
    expect(await refused(client.setSecret("name", "value"))).toEqual({
      status: 403,
      code: "Forbidden",
      inner: "ForbiddenByConnection",
    });
  });
});

describe("setting and reading", () => {
  it("gives back what was set: the latest, or the version asked for", async () => {
    const expiresOn = new Date("2026-06-01T00:00:00Z");
    const tags = { keyId: "k1" };
    const first = await client.setSecret("name", "one", { expiresOn, tags, contentType: "text/plain" });
    await clock.advance(5_000);
    const second = await client.setSecret("name", "two");
    expect(versionOf(first)).toMatch(/^[0-9a-f]{32}$/);

    const latest = await client.getSecret("name");
    expect(latest).toMatchObject({ name: "name", value: "two" });
    expect(exchanges.at(-1)?.path).toMatch(/^\/secrets\/name\/\?api%2Dversion=/);
    expect(versionOf(latest)).toBe(versionOf(second));
    // Only the secrets behind certificates tell it.
    expect(latest.properties.previousVersion).toBeUndefined();
    expect(latest.properties.expiresOn).toBeUndefined();

    const older = await client.getSecret("name", { version: versionOf(first) });
    expect(older.value).toBe("one");
    expect(older.properties).toMatchObject({
      id: `${served.url}/secrets/name/${versionOf(first)}`,
      vaultUrl: served.url,
      enabled: true,
      expiresOn,
      createdOn: new Date("2026-03-01T12:00:00Z"),
      updatedOn: new Date("2026-03-01T12:00:00Z"),
      contentType: "text/plain",
      tags,
      recoverableDays: 90,
      recoveryLevel: "Recoverable+Purgeable",
    });
  });

  it("takes names without regard to case", async () => {
    await client.setSecret("Name", "one");
    await client.setSecret("name", "two");
    expect(await client.getSecret("NAME")).toMatchObject({ name: "Name", value: "two" });
    expect(vault.secrets()).toHaveLength(1);
  });

  it("answers 404 for an unknown secret, and for an unknown version", async () => {
    const missing = { status: 404, code: "SecretNotFound", inner: undefined };
    expect(await refused(client.getSecret("nothing"))).toEqual(missing);
    await client.setSecret("name", "value");
    expect(await refused(client.getSecret("name", { version: "0".repeat(32) }))).toEqual(missing);
    const { json } = await request("GET", `/secrets/nothing?${API}`);
    expect(json.error.message).toContain("A secret with (name/id) nothing was not found in this key vault.");
  });

  it("does not hide a version outside its validity: start and expiry are only informational", async () => {
    await client.setSecret("name", "value", { expiresOn: new Date("2026-03-02"), notBefore: new Date("2026-03-01") });
    await clock.advance(3 * DAY);
    expect((await client.getSecret("name")).value).toBe("value");
  });

  it("hides the value of a disabled version, until it is enabled again", async () => {
    await client.setSecret("name", "one");
    const second = await client.setSecret("name", "two");
    vault.disable("name");
    expect(await refused(client.getSecret("name"))).toEqual({
      status: 403,
      code: "Forbidden",
      inner: "SecretDisabled",
    });
    expect(vault.secrets()[0]?.versions.map(({ enabled }) => enabled)).toEqual([true, false]);
    await client.updateSecretProperties("name", versionOf(second), { enabled: true });
    expect((await client.getSecret("name")).value).toBe("two");
  });
});

describe("updating a version", () => {
  it("replaces tags as a whole and leaves what was not sent", async () => {
    const expiresOn = new Date("2026-06-01T00:00:00Z");
    const set = await client.setSecret("name", "value", { expiresOn, tags: { keyId: "k", nonce: "n" } });
    await clock.advance(MINUTE);
    const changed = await client.updateSecretProperties("name", versionOf(set), { tags: { keyId: "k2" } });
    expect(changed).toMatchObject({ tags: { keyId: "k2" }, expiresOn, enabled: true });
    expect(changed.tags).toEqual({ keyId: "k2" });
    expect(changed.updatedOn).toEqual(new Date("2026-03-01T12:01:00Z"));
    await client.updateSecretProperties("name", versionOf(set), { contentType: "text/plain" });
    const [only] = vault.secrets()[0]?.versions ?? [];
    expect(only).toMatchObject({ value: "value", tags: { keyId: "k2" }, contentType: "text/plain", expiresOn });
    expect(exchanges.at(-1)?.answerBody).not.toContain('"value"');
  });

  it("changes no other version and makes none", async () => {
    const first = await client.setSecret("name", "one", { tags: { a: "1" } });
    await client.setSecret("name", "two", { tags: { a: "2" } });
    await client.updateSecretProperties("name", versionOf(first), { tags: {} });
    expect(vault.secrets()[0]?.versions.map(({ tags }) => tags)).toEqual([{}, { a: "2" }]);
    expect(types()).toEqual(["NewVersionCreated", "NewVersionCreated"]);
  });

  it("means the latest version where it names none", async () => {
    await client.setSecret("name", "one");
    await client.setSecret("name", "two");
    expect(await request("PATCH", `/secrets/name?${API}`, { body: { tags: { a: "2" } } })).toMatchObject({
      status: 200,
    });
    expect(await request("PATCH", `/secrets/name/?${API}`, { body: { contentType: "x" } })).toMatchObject({
      status: 200,
    });
    expect(vault.secrets()[0]?.versions).toMatchObject([{ tags: {} }, { tags: { a: "2" }, contentType: "x" }]);
  });

  it("refuses to change the value", async () => {
    const set = await client.setSecret("name", "value");
    const path = `/secrets/name/${versionOf(set)}?${API}`;
    expect(await request("PATCH", path, { body: { value: "other" } })).toMatchObject(BAD);
    expect(await request("PATCH", path, { body: { tags: { a: "b" } } })).toMatchObject({ status: 200 });
  });
});

describe("what a request may say", () => {
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "v"]));

  it.each([
    ["an unknown property", { value: "v", colour: "red" }],
    ["an unknown attribute", { value: "v", attributes: { expires: 1 } }],
    ["a body without a value", { tags: {} }],
    ["a value that is no text", { value: 1 }],
    ["a value of more than 25 KB", { value: "é".repeat(12_801) }],
    ["sixteen tags", { value: "v", tags: tags(16) }],
    ["a tag name of 257 characters", { value: "v", tags: { ["n".repeat(257)]: "v" } }],
    ["a tag of 257 characters", { value: "v", tags: { n: "v".repeat(257) } }],
    ["a tag that is no text", { value: "v", tags: { n: 1 } }],
    ["a content type of 256 characters", { value: "v", contentType: "c".repeat(256) }],
    ["an expiry with a fraction", { value: "v", attributes: { exp: 1.5 } }],
    ["a negative expiry", { value: "v", attributes: { exp: -2117514496 } }],
    ["broken JSON", "{"],
    ["nothing", undefined],
  ])("refuses %s", async (_, body) => {
    expect(await request("PUT", `/secrets/name?${API}`, { body })).toMatchObject(BAD);
    expect(vault.secrets()).toEqual([]);
    expect(events).toEqual([]);
  });

  it.each([
    { value: "v", attributes: { created: 1 } },
    { value: "v", id: "https://sample.vault.localhost/secrets/name" },
    { value: "v", contentType: null },
    { value: "v", attributes: { exp: null } },
  ])("does not speak for the vault about what nobody has seen it answer: %j", async (body) => {
    expect(await request("PUT", `/secrets/name?${API}`, { body })).toMatchObject({
      status: 501,
      json: { error: { code: "NotModelled" } },
    });
  });

  it("takes everything at its limit", async () => {
    const body = {
      value: "é".repeat(12_800),
      tags: { ...tags(14), ["n".repeat(256)]: "v".repeat(256) },
      contentType: "c".repeat(255),
    };
    expect((await request("PUT", `/secrets/${"n".repeat(127)}?${API}`, { body })).status).toBe(200);
  });

  it("refuses names that no secret can have", async () => {
    for (const name of ["under_score", "n".repeat(128), "with%20blank"]) {
      expect(await request("PUT", `/secrets/${name}?${API}`, { body: { value: "v" } })).toMatchObject(BAD);
    }
  });

  it("refuses dates that Microsoft's client has cut to 32 bits", async () => {
    const call = client.setSecret("name", "value", { expiresOn: new Date("2039-01-01") });
    expect(await refused(call)).toMatchObject({ status: 400, code: "BadParameter" });
  });

  it("does not do what it does not know", async () => {
    for (const [method, path] of [
      ["POST", "/secrets/name"],
      ["GET", "/keys"],
      ["POST", "/secrets/name/backup"],
      ["POST", "/secrets/restore"],
    ] as const) {
      const { status, json } = await request(method, `${path}?${API}`);
      expect({ status, message: json.error.message }).toEqual({
        status: 501,
        message: `The local stand-in does not model ${method} ${path}.`,
      });
    }
  });
});

describe("a vault with the Azure Policy that demands an expiry", () => {
  const expiresOn = new Date("2026-06-01T00:00:00Z");
  const denied = { status: 403, code: "Forbidden", inner: "ForbiddenByPolicy" };

  it("denies a secret without one, and a change of a version that has none", async () => {
    const old = await client.setSecret("name", "old");
    vault.setRules({ demandsExpiry: true });
    expect(await refused(client.setSecret("name", "value"))).toEqual(denied);
    expect(await refused(client.updateSecretProperties("name", versionOf(old), { tags: { a: "b" } }))).toEqual(denied);
    const set = await client.setSecret("name", "value", { expiresOn });
    await client.updateSecretProperties("name", versionOf(set), { tags: { a: "b" } });
    await client.updateSecretProperties("name", versionOf(old), { expiresOn });
    expect(vault.secrets()[0]?.versions.map(({ value }) => value)).toEqual(["old", "value"]);
  });
});

describe("an automation that tags new versions", () => {
  it("fills them after the answer, and leaves no room for more", async () => {
    vault.setRules({ automationTags: 15 });
    const set = await client.setSecret("name", "value", { tags: { mine: "1" } });
    expect(set.properties.tags).toEqual({ mine: "1" });
    const { tags } = (await client.getSecret("name")).properties;
    expect(Object.keys(tags ?? {})).toHaveLength(15);
    const more = client.updateSecretProperties("name", versionOf(set), { tags: { ...tags, another: "1" } });
    expect(await refused(more)).toMatchObject({ status: 400, code: "BadParameter" });
  });
});

describe("lists", () => {
  it("lists every version once, page by page and in no order of time, without values", async () => {
    const made: string[] = [];
    for (let index = 0; index < 60; index++) made.push(vault.setByHand("name", `value-${index}`));
    const listed: (string | undefined)[] = [];
    for await (const properties of client.listPropertiesOfSecretVersions("name")) listed.push(properties.version);
    expect(exchanges.filter(({ method, status }) => method === "GET" && status === 200)).toHaveLength(3);
    expect([...listed].sort()).toEqual([...made].sort());
    expect(listed).not.toEqual(made);
    expect(exchanges.map(({ answerBody }) => answerBody).join()).not.toContain("value-");
  });

  it("gives pages of the size asked for", async () => {
    for (const name of ["c", "a", "b"]) vault.setByHand(name, "value");
    const pages: string[][] = [];
    for await (const page of client.listPropertiesOfSecrets().byPage({ maxPageSize: 2 })) {
      pages.push(page.map(({ name }) => name));
    }
    expect(pages).toEqual([["a", "b"], ["c"]]);
    for (const wrong of ["0", "26", "x"]) {
      expect(await request("GET", `/secrets?${API}&maxresults=${wrong}`)).toMatchObject(BAD);
    }
  });

  it("lists a secret with the properties of its latest version, deleted ones apart", async () => {
    vault.setByHand("kept", "one", { tags: { a: "1" } });
    vault.setByHand("kept", "two", { tags: { a: "2" } });
    vault.setByHand("gone", "value");
    vault.deleteByHand("gone");
    const secrets = await request("GET", `/secrets?${API}`);
    expect(secrets.json).toMatchObject({ value: [{ id: `${served.url}/secrets/kept`, tags: { a: "2" } }] });
    expect(secrets.json.value).toHaveLength(1);
    expect(secrets.json.nextLink).toBeNull();
    const deleted = await request("GET", `/deletedsecrets?${API}`);
    expect(deleted.json.value).toMatchObject([
      { id: `${served.url}/secrets/gone`, recoveryId: `${served.url}/deletedsecrets/gone` },
    ]);
  });
});

describe("soft delete", () => {
  const deleted = { status: 409, code: "Conflict", inner: "ObjectIsDeletedButRecoverable" };

  it("keeps the name until the secret is recovered, with all its versions", async () => {
    const first = await client.setSecret("name", "one");
    await client.setSecret("name", "two");
    const poller = await client.beginDeleteSecret("name", { intervalInMs: 1 });
    const gone = await poller.pollUntilDone();
    expect(gone).toMatchObject({ name: "name", recoveryId: `${served.url}/deletedsecrets/name` });
    expect(gone.deletedOn).toEqual(new Date("2026-03-01T12:00:00Z"));
    expect(gone.scheduledPurgeDate).toEqual(new Date("2026-05-30T12:00:00Z"));

    expect(await refused(client.getSecret("name"))).toMatchObject({ status: 404, code: "SecretNotFound" });
    expect(await refused(client.setSecret("name", "three"))).toEqual(deleted);
    expect((await client.getDeletedSecret("name")).name).toBe("name");

    const recovery = await client.beginRecoverDeletedSecret("name", { intervalInMs: 1 });
    expect((await recovery.pollUntilDone()).name).toBe("name");
    expect((await client.getSecret("name")).value).toBe("two");
    expect((await client.getSecret("name", { version: versionOf(first) })).value).toBe("one");
    expect(await refused(client.getDeletedSecret("name"))).toMatchObject({ status: 404, code: "SecretNotFound" });
  });

  it("frees the name when the secret is purged, by a caller or by time", async () => {
    vault.setByHand("name", "old");
    vault.deleteByHand("name");
    await client.purgeDeletedSecret("name");
    await client.setSecret("name", "new");
    expect(vault.secrets()[0]?.versions.map(({ value }) => value)).toEqual(["new"]);
    expect(await refused(client.purgeDeletedSecret("name"))).toMatchObject({ status: 404 });

    vault.deleteByHand("name");
    await clock.advance(90 * DAY - 1);
    expect(await refused(client.setSecret("name", "newer"))).toEqual(deleted);
    await clock.advance(1);
    await client.setSecret("name", "newer");
  });

  it("is not purged by the date of an earlier deletion", async () => {
    vault.setByHand("name", "value");
    vault.deleteByHand("name");
    vault.recoverByHand("name");
    await clock.advance(DAY);
    vault.deleteByHand("name");
    await clock.advance(89 * DAY + 1);
    vault.recoverByHand("name");
    expect((await client.getSecret("name")).value).toBe("value");
  });

  it("refuses writes while a recovery takes its time, and reads already succeed", async () => {
    vault.setByHand("name", "value");
    vault.recoveringFor = 10_000;
    vault.deleteByHand("name");
    vault.recoverByHand("name");
    expect((await client.getSecret("name")).value).toBe("value");
    const busy = { status: 409, code: "Conflict", inner: "ObjectIsBeingRecovered" };
    expect(await refused(client.setSecret("name", "other"))).toEqual(busy);
    await clock.advance(9_999);
    expect(await refused(client.setSecret("name", "other"))).toEqual(busy);
    await clock.advance(1);
    await client.setSecret("name", "other");
  });

  it("shows a secret nowhere while its deletion takes its time, and keeps the name", async () => {
    vault.setByHand("name", "value");
    vault.deletingFor = 10_000;
    vault.deleteByHand("name");
    const busy = { status: 409, code: "Conflict", inner: "ObjectIsBeingDeleted" };
    expect(await refused(client.setSecret("name", "other"))).toEqual(busy);
    expect(await refused(client.getSecret("name"))).toMatchObject({ status: 404 });
    expect(await refused(client.getDeletedSecret("name"))).toMatchObject({ status: 404 });
    expect(await refused(client.purgeDeletedSecret("name"))).toEqual(busy);
    await clock.advance(10_000);
    expect(await refused(client.setSecret("name", "other"))).toEqual(deleted);
    expect((await client.getDeletedSecret("name")).name).toBe("name");
  });
});

describe("events", () => {
  const LIFETIME = { expiresOn: new Date(START.getTime() + 90 * DAY) };

  it("tells of each new version at once, whoever made it, and never its value", async () => {
    const expiresOn = new Date("2026-06-01T00:00:00Z");
    const set = await client.setSecret("name", "p4ssw0rd", { expiresOn });
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
        subject: "name",
        eventTime: "2026-03-01T12:00:00.2500000Z",
        data: {
          Id: `${served.url}/secrets/name/${versionOf(set)}`,
          VaultName: "sample",
          ObjectType: "Secret",
          ObjectName: "name",
          Version: versionOf(set),
          NBF: null,
          EXP: expiresOn.getTime() / 1000,
        },
      },
    ]);
    const version = vault.setByHand("name", "p4ssw0rd");
    expect(events[1]?.data).toMatchObject({ Version: version, EXP: null });
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
    expect(JSON.stringify(events)).not.toContain("p4ssw0rd");
  });

  it("says that expiry is near exactly 30 days before it, and that it has come", async () => {
    await client.setSecret("name", "value", { expiresOn: new Date("2026-06-01T00:00:00Z") });
    await clock.advance(new Date("2026-05-02T00:00:00Z").getTime() - START.getTime() - 1);
    expect(types()).toEqual(["NewVersionCreated"]);
    await clock.advance(1);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry"]);
    await clock.advance(30 * DAY - 1);
    expect(types()).toHaveLength(2);
    await clock.advance(1);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry", "Expired"]);
    expect(events.map(({ eventTime }) => eventTime).slice(1)).toEqual([
      "2026-05-02T00:00:00.0000000Z",
      "2026-06-01T00:00:00.0000000Z",
    ]);
    expect(new Set(events.map(({ data }) => data.Version)).size).toBe(1);
  });

  it("tells 15 minutes after its birth of a version that is born near its expiry", async () => {
    vault.setByHand("name", "value", { expiresOn: new Date(START.getTime() + 10 * DAY) });
    await clock.advance(15 * MINUTE - 1);
    expect(types()).toEqual(["NewVersionCreated"]);
    await clock.advance(1);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry"]);
    await clock.advance(10 * DAY);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry", "Expired"]);
  });

  it("says nothing of a version that is no longer the latest, nor of one without an expiry", async () => {
    vault.setByHand("name", "one", LIFETIME);
    vault.setByHand("name", "two");
    await clock.advance(200 * DAY);
    expect(types()).toEqual(["NewVersionCreated", "NewVersionCreated"]);
  });

  it("tells of a disabled version like of any other", async () => {
    vault.setByHand("name", "one", LIFETIME);
    vault.disable("name");
    await clock.advance(90 * DAY);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry", "Expired"]);
  });

  it("follows an expiry that is changed, and tells of it once", async () => {
    const set = await client.setSecret("name", "one", LIFETIME);
    await client.updateSecretProperties("name", versionOf(set), { expiresOn: new Date("2026-12-01T00:00:00Z") });
    await client.updateSecretProperties("name", versionOf(set), { tags: {} });
    await clock.advance(95 * DAY);
    expect(types()).toEqual(["NewVersionCreated"]);
    await clock.advance(300 * DAY);
    expect(types()).toEqual(["NewVersionCreated", "NearExpiry", "Expired"]);
  });

  it("says nothing of a deleted secret, but of one that was recovered in time", async () => {
    vault.setByHand("lost", "one", LIFETIME);
    vault.setByHand("found", "one", LIFETIME);
    vault.deleteByHand("lost");
    vault.deleteByHand("found");
    vault.recoverByHand("found");
    await clock.advance(95 * DAY);
    expect(events.slice(2).map(({ subject }) => subject)).toEqual(["found", "found"]);
  });
});
