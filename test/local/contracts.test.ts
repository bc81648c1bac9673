import { Ajv } from "ajv";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { createCertificate, trustCertificate } from "../../local/cloud/certificate.ts";
import type { Exchange, Service, Wire } from "../../local/cloud/exchange.ts";
import { serve } from "../../local/cloud/serve.ts";
import type { Contracts } from "../../local/contracts/contracts.ts";
import { contractsFromEnvironment } from "../../local/contracts/contracts.ts";
import { explain } from "../../local/contracts/explain.ts";

/** Stands in every place where a real secret could stand; no violation may repeat it. */
const SECRET = "p1Anted~secret.V4lue_that-nobody-may-see";
const ID = "7c1e5a52-3c3f-4f8e-9d4d-0a9d6b1c2e3f";
const TENANT = "11111111-2222-4333-8444-555555555555";
const KEY_ID = "9f3b1c1e-6a57-4b8a-8a43-6f0a4c0e2d11";

type Body = string | object | undefined;

interface Told {
  service?: Service;
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: Body;
  status?: number;
  answerHeaders?: Record<string, string>;
  answer?: Body;
}

function exchange(told: Told): Exchange {
  const text = (body: Body): string => (typeof body === "object" ? JSON.stringify(body) : (body ?? ""));
  const json = { "content-type": "application/json" };
  return {
    service: told.service ?? "graph",
    method: told.method ?? "GET",
    path: told.path,
    headers: new Headers({ ...(told.body === undefined ? {} : json), ...told.headers }),
    body: text(told.body),
    status: told.status ?? 200,
    answerHeaders: new Headers({ ...(told.answer === undefined ? {} : json), ...told.answerHeaders }),
    answerBody: text(told.answer),
  };
}

describe("contractsFromEnvironment", () => {
  it("is undefined when CONTRACTS_DIR is not set", () => {
    expect(contractsFromEnvironment({})).toBeUndefined();
  });

  it("throws, naming the directory, when CONTRACTS_DIR is wrong", () => {
    expect(() => contractsFromEnvironment({ CONTRACTS_DIR: "/no/such/contracts" })).toThrow("/no/such/contracts");
    expect(() => contractsFromEnvironment({ CONTRACTS_DIR: import.meta.dirname })).toThrow(import.meta.dirname);
  });
});

describe("explain", () => {
  const choice = { oneOf: [{ required: ["a"] }, { required: ["b"] }] };
  const optional = { anyOf: [{ type: "object", required: ["c"] }, { type: "null" }] };
  const names = { propertyNames: { maxLength: 64 }, additionalProperties: { type: "string" } };
  const validate = new Ajv({ allErrors: true, strict: false }).compile({ properties: { choice, optional, names } });
  const faults = (value: object) => {
    validate(value);
    return explain(validate.errors ?? []);
  };

  it("reports a choice as one fault, and what is wrong inside a thing that may be null", () => {
    expect(faults({ choice: {} })).toEqual([{ at: "/choice", text: "must match exactly one schema in oneOf" }]);
    expect(faults({ optional: {} })).toEqual([{ at: "/optional", text: 'lacks "c"' }]);
  });

  it("hides a property name that looks like a value", () => {
    expect(faults({ names: { "Bearer a/b+c=": 1 } })).toEqual([{ at: "/names/(odd name)", text: "must be string" }]);
  });
});

describe.skipIf(!process.env.CONTRACTS_DIR)("exchanges against the published contracts", () => {
  const contracts: Contracts = contractsFromEnvironment(process.env) ?? { check: () => ["no contracts"] };

  /** The violations of one exchange; each is checked to keep the planted secret. */
  function violations(told: Told, release?: string): string[] {
    const found = contracts.check(exchange(told), release);
    expect(found.join("\n")).not.toContain(SECRET);
    return found;
  }

  function expectViolation(told: Told, text: string, release?: string): void {
    const found = violations(told, release);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(text);
  }

  describe("Microsoft Graph", () => {
    const upsert: Told = {
      method: "PATCH",
      path: "/v1.0/applications(uniqueName='openmetadata-server')",
      headers: { prefer: "create-if-missing" },
      body: { displayName: "OpenMetadata", signInAudience: "AzureADMyOrg", spa: { redirectUris: [] } },
      status: 201,
      answer: { "@odata.context": "https://graph.localhost/v1.0/$metadata#applications/$entity", id: ID, appId: ID },
    };
    const addPassword: Told = {
      method: "POST",
      path: `/v1.0/applications(appId='${ID}')/addPassword`,
      body: { passwordCredential: { displayName: "managed", endDateTime: "2026-11-01T00:00:00Z" } },
      answer: { keyId: KEY_ID, secretText: SECRET, hint: "p1A", endDateTime: "2026-11-01T00:00:00Z" },
    };
    const refused = { error: { code: "Request_ResourceNotFound", message: `There is no ${SECRET}` } };

    it("passes an upsert, a new password, a filtered list and an error", () => {
      expect(violations(upsert)).toEqual([]);
      expect(violations({ ...upsert, status: 204, answer: undefined })).toEqual([]);
      expect(violations(addPassword)).toEqual([]);
      expect(violations({ path: `/v1.0/applications/${ID}?$select=id,appId`, status: 404, answer: refused })).toEqual(
        [],
      );
      const filter = encodeURIComponent(`clientId eq '${ID}' and consentType eq 'AllPrincipals'`);
      expect(
        violations({
          path: `/v1.0/oauth2PermissionGrants?$filter=${filter}`,
          answer: { value: [{ id: "a", scope: "b" }] },
        }),
      ).toEqual([]);
    });

    it("takes a deleted item for the type that it says it has", () => {
      const restore = { method: "POST", path: `/v1.0/directory/deletedItems/${ID}/restore` };
      const answer = { "@odata.type": "#microsoft.graph.application", id: ID, displayName: "OpenMetadata" };
      expect(violations({ ...restore, answer })).toEqual([]);
      expectViolation({ ...restore, answer: { ...answer, shoeSize: 44 } }, 'unknown property "shoeSize"');
    });

    it("finds an unknown property in a request, however deep", () => {
      const body = { displayName: "OpenMetadata", secretText: SECRET };
      expectViolation(
        { ...upsert, body },
        'has the unknown property "secretText" (microsoft.graph.application.request)',
      );
      expectViolation({ ...upsert, body: { [SECRET]: "" } }, 'has the unknown property "(odd name)"');
      expectViolation({ ...upsert, body: { spa: { uris: [SECRET] } } }, 'at /spa has the unknown property "uris"');
    });

    it("finds a success code that is not documented", () => {
      expectViolation({ ...upsert, status: 200 }, "answer has the status 200, which is not documented");
    });

    it("finds an answer that does not fit, and a body where there is none", () => {
      expectViolation({ ...addPassword, answer: { keyId: SECRET } }, "answer at /keyId must match pattern");
      expectViolation({ ...upsert, status: 204 }, "answer has a body where none is documented");
      expectViolation({ ...addPassword, status: 400, answer: { message: SECRET } }, 'lacks "error"');
    });

    it("finds a path, a method or a version that is not listed", () => {
      expectViolation({ path: `/v1.0/users/${SECRET}?$select=${SECRET}` }, "graph GET /v1.0/users/{…}");
      expectViolation({ ...upsert, method: "PUT" }, "not documented");
      expectViolation({ ...upsert, path: upsert.path.replace("v1.0", "beta") }, "not documented");
      expectViolation({ ...addPassword, path: `/v1.0/applications(uniqueName='x')/addPassword` }, "not documented");
    });

    it("finds a query option, a selected or a filtered property that does not exist", () => {
      const path = "/v1.0/applications";
      const answer = { value: [] };
      expectViolation({ path: `${path}/${ID}?$top=1`, answer: { id: ID } }, "a query option that is not documented");
      expectViolation({ path: `${path}?%24select=id,${SECRET}`, answer }, "names in $select what the entity does not");
      expectViolation({ path: `${path}?$filter=colour eq '${SECRET}'`, answer }, "names in $filter what the entity");
      expectViolation({ path: `${path}?$filter=displayName eq '${SECRET}`, answer }, "unbalanced quote");
      expectViolation({ path: `${path}?$expand=displayName`, answer }, "names in $expand what the entity");
    });

    it("finds a body that is not JSON, unless it is the answer of an injected fault", () => {
      const page: Told = {
        ...upsert,
        status: 502,
        answer: `<html>${SECRET}</html>`,
        answerHeaders: { "content-type": "text/html" },
      };
      expectViolation(page, "answer is not JSON (microsoft.graph.ODataErrors.ODataError.response)");
      const injected = { ...page, answerHeaders: { ...page.answerHeaders, "x-injected-fault": "1" } };
      expect(violations(injected)).toEqual([]);
      expectViolation({ ...injected, body: `{"secretText": ${SECRET}` }, "request is not JSON");
      expectViolation({ ...upsert, headers: { "content-type": "text/plain" } }, "request does not have a JSON content");
    });
  });

  describe("Key Vault", () => {
    const attributes = { enabled: true, created: 1767225600, updated: 1767225600, recoveryLevel: "Recoverable" };
    const id = "https://openmetadata.vault.localhost:1/secrets/openmetadata-bot-token/0123456789abcdef0123456789abcdef";
    const set: Told = {
      service: "key-vault",
      method: "PUT",
      path: "/secrets/openmetadata-bot-token?api%2Dversion=2025-07-01",
      headers: { authorization: `Bearer ${SECRET}` },
      body: { value: SECRET, contentType: "text/plain", tags: { keyId: KEY_ID }, attributes: { exp: 1798761600 } },
      answer: { value: SECRET, id, attributes, tags: { keyId: KEY_ID } },
    };
    const error = { error: { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." } };
    const bearer = 'Bearer authorization="https://login.localhost:1/t", resource="https://vault.localhost"';
    const challenge: Told = {
      ...set,
      headers: {},
      body: undefined,
      status: 401,
      answer: error,
      answerHeaders: { "www-authenticate": bearer },
    };

    it("passes a new version, the latest one, a list and the challenge", () => {
      expect(violations(set)).toEqual([]);
      const get = { ...set, method: "GET", body: undefined };
      expect(violations({ ...get, path: "/secrets/openmetadata-bot-token/?api%2Dversion=2025-07-01" })).toEqual([]);
      const list = { ...get, path: "/secrets/a/versions?api-version=2025-07-01&maxresults=25" };
      expect(violations({ ...list, answer: { value: [{ id, attributes }], nextLink: null } })).toEqual([]);
      expect(violations(challenge)).toEqual([]);
    });

    it("finds a tag that is a number and a property that is not known", () => {
      expectViolation({ ...set, body: { value: SECRET, tags: { age: 4 } } }, "request at /tags/age must be string");
      expectViolation({ ...set, body: { value: SECRET, secret: SECRET } }, 'has the unknown property "secret"');
      expectViolation(
        { ...set, body: { value: SECRET, attributes: { created: 1 } } },
        '"created" (SecretSetParameters)',
      );
    });

    it("finds values in a list, a missing api-version and too many results", () => {
      const list: Told = { ...set, method: "GET", body: undefined, answer: { value: [{ id, value: SECRET }] } };
      expectViolation(
        { ...list, path: "/secrets?api-version=2025-07-01" },
        'at /value/0 has the unknown property "value"',
      );
      expectViolation({ ...set, path: "/secrets/a" }, "request has no api-version");
      const many = "/secrets?api-version=2025-07-01&maxresults=26";
      expectViolation({ ...list, path: many, answer: { value: [] } }, "maxresults out of its range");
    });

    it("finds an updated version that carries its value, a wrong status, and a path that is not listed", () => {
      const update = { ...set, method: "PATCH", path: "/secrets/a/b?api-version=2025-07-01", body: { tags: {} } };
      expectViolation(update, "answer has the value in it (SecretBundle)");
      expectViolation({ ...set, status: 201 }, "status 201");
      expectViolation({ ...set, path: `/keys/${SECRET}?api-version=2025-07-01` }, "key-vault PUT /keys/{…}");
    });

    it("finds a challenge without an authority, and an error in another form", () => {
      expectViolation({ ...challenge, answerHeaders: { "www-authenticate": "Bearer" } }, "WWW-Authenticate");
      const forbidden = { ...set, status: 403 };
      const flat = violations({ ...forbidden, answer: { code: "Forbidden", message: SECRET } });
      expect(flat.join()).toContain('answer lacks "error" (KeyVaultError)');
      const more = { error: { ...error.error, hint: SECRET } };
      expectViolation({ ...forbidden, answer: more }, 'at /error has the unknown property "hint" (KeyVaultError)');
    });
  });

  describe("Entra", () => {
    const claims = {
      aud: ID,
      iss: `https://login.localhost:41234/${TENANT}/v2.0`,
      iat: 1,
      nbf: 1,
      exp: 3600,
      azp: ID,
      azpacr: "1",
      oid: ID,
      sub: ID,
      tid: TENANT,
      ver: "2.0",
    };
    const old = { aud: "https://vault.azure.net", iss: `https://sts.windows.net/${TENANT}/`, appid: ID, appidacr: "2" };
    const managed = { ...old, oid: ID, sub: ID, tid: TENANT, ver: "1.0" };
    const signed = (payload: object, header: object = { alg: "RS256", kid: "1" }): string =>
      [header, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".")
        .concat(".c2ln");
    const answer = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: signed(claims) };
    const fields = {
      grant_type: "client_credentials",
      client_id: ID,
      client_secret: SECRET,
      scope: `api://${ID}/.default`,
    };
    const form = (changed: Record<string, string>): string => new URLSearchParams({ ...fields, ...changed }).toString();
    const signIn: Told = {
      service: "entra",
      method: "POST",
      path: `/${TENANT}/oauth2/v2.0/token`,
      headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
      body: form({}),
      answer,
    };
    const identity: Told = {
      service: "entra",
      path: "/msi/token?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net",
      headers: { "x-identity-header": SECRET },
      answer: {
        access_token: signed(managed),
        expires_on: "3600",
        resource: "https://vault.azure.net",
        token_type: "Bearer",
      },
    };

    it("passes a sign-in, a refused one, a managed identity and discovery", () => {
      expect(violations(signIn)).toEqual([]);
      const error_description = "AADSTS7000215: Invalid client secret provided.";
      const refusal = { error: "invalid_client", error_description, error_codes: [7000215] };
      expect(violations({ ...signIn, status: 401, answer: refusal })).toEqual([]);
      expect(violations(identity)).toEqual([]);
      const key = { kid: "1", kty: "RSA", n: "AQAB", e: "AQAB" };
      const read = { service: "entra", method: "GET" } as const;
      expect(violations({ ...read, path: `/${TENANT}/discovery/v2.0/keys`, answer: { keys: [key] } })).toEqual([]);
      const configuration = { issuer: "https://a/v2.0", jwks_uri: "https://a/keys" };
      const path = `/${TENANT}/v2.0/.well-known/openid-configuration`;
      expect(violations({ ...read, path, answer: configuration })).toEqual([]);
    });

    it("finds a refresh token in an answer", () => {
      expectViolation(
        { ...signIn, answer: { ...answer, refresh_token: SECRET } },
        "the schema excludes (TokenResponse)",
      );
    });

    it("finds what is wrong with a request without repeating its fields", () => {
      expectViolation({ ...signIn, body: form({ scope: SECRET }) }, "request at /scope must match pattern");
      expectViolation({ ...signIn, body: form({ grant_type: "password" }) }, "request at /grant_type must be equal");
      expectViolation({ ...signIn, body: form({ client_secret: "" }) }, "does not prove the client");
      expectViolation(
        { ...signIn, body: fields, headers: { "content-type": "application/json" } },
        "is not form encoded",
      );
      expect(violations({ ...signIn, body: `client_secret=a&${SECRET}=1&${SECRET}=2` })).not.toEqual([]);
    });

    it("finds claims that an app-only token does not have", () => {
      const token = (payload: object) => ({ ...signIn, answer: { ...answer, access_token: signed(payload) } });
      expectViolation(
        token({ ...claims, scp: SECRET }),
        "/access_token has what the schema excludes (AppOnlyV2AccessToken)",
      );
      expectViolation(
        token({ ...claims, iss: `https://elsewhere.example/${TENANT}/v2.0` }),
        "/access_token/iss must match",
      );
      expectViolation(token({ ...managed, appid: 7 }), "/access_token/appid must be string (AppOnlyV1AccessToken)");
      const unsigned = { ...answer, access_token: signed(claims, { alg: "none" }) };
      expectViolation({ ...signIn, answer: unsigned }, "/access_token is no signed JWT");
    });

    it("finds a managed identity asked for a scope or without its header, and an unlisted path", () => {
      const scope = identity.path.concat("%2F.default");
      expectViolation({ ...identity, path: scope }, "names a scope as its resource");
      expectViolation({ ...identity, headers: {} }, "has no X-IDENTITY-HEADER");
      expectViolation({ ...signIn, path: `/${TENANT}/oauth2/token/${SECRET}` }, "entra POST /{…}/oauth2/token/{…}");
    });
  });

  describe("Azure Resource Manager", () => {
    const site = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/openmetadata";
    const version = "?api%2Dversion=2025-05-01";
    const list: Told = {
      service: "arm",
      method: "POST",
      path: `${site}/config/appsettings/list${version}`,
      answer: { properties: { OIDC_CLIENT_SECRET: SECRET } },
    };
    const reference = {
      name: "OIDC_CLIENT_SECRET",
      properties: {
        reference: `@Microsoft.KeyVault(${SECRET})`,
        status: "Resolved",
        source: "KeyVault",
        activeVersion: "1",
      },
    };
    const references: Told = {
      service: "arm",
      path: `${site}/config/configreferences/appsettings${version}`,
      answer: { value: [reference] },
    };
    const refresh: Told = {
      service: "arm",
      method: "POST",
      path: `${site}/config/configreferences/appsettings/refresh?api-version=2022-03-01`,
    };
    const refused = { error: { code: "AuthorizationFailed", message: `Not ${SECRET}` } };

    it("passes settings, references, a refresh, a restart and an error", () => {
      expect(violations(list)).toEqual([]);
      expect(
        violations({ ...list, method: "PUT", path: `${site}/config/appsettings${version}`, body: list.answer }),
      ).toEqual([]);
      expect(violations(references)).toEqual([]);
      const one = references.path.replace("?", "/OIDC_CLIENT_SECRET?");
      expect(violations({ ...references, path: one, answer: reference })).toEqual([]);
      expect(violations(refresh)).toEqual([]);
      const restart = `${site}/restart${version}&softRestart=true&synchronous=true`;
      expect(violations({ service: "arm", method: "POST", path: restart })).toEqual([]);
      expect(violations({ ...list, status: 403, answer: refused })).toEqual([]);
    });

    it("reports what the published definitions do not have", () => {
      const unknown = { ...reference, properties: { ...reference.properties, status: "Fine" } };
      expectViolation({ ...references, answer: { value: [unknown] } }, "must be equal to one of the allowed values");
      const more = { ...reference, properties: { ...reference.properties, value: SECRET } };
      expectViolation({ ...references, answer: { value: [more] } }, 'unknown property "value"');
      expectViolation({ ...references, answer: {} }, 'lacks "value"');
      expectViolation({ ...list, answer: { properties: { KEY: 1 } } }, "must be string");
      expectViolation({ ...list, status: 201 }, "status 201, which is not documented");
      expectViolation({ ...list, status: 409, answer: { error: { kind: "x" } } }, 'unknown property "kind"');
    });

    it("reports a request that is not documented", () => {
      expectViolation({ ...list, path: `${site}/config/appsettings/list` }, "has no api-version");
      expectViolation({ ...list, body: { properties: {} } }, "has a body where none is documented");
      expectViolation({ service: "arm", path: `${site}/config/${SECRET}${version}` }, "not documented");
    });
  });

  describe("Event Grid", () => {
    const data = {
      Id: "https://openmetadata.vault.azure.net/secrets/a/b",
      VaultName: "openmetadata",
      ObjectType: "Secret",
      ObjectName: "a",
      Version: "b",
      NBF: null,
      EXP: 1798761600,
    };
    const about = { id: ID, topic: "/vaults/openmetadata", subject: "a", eventTime: "2026-01-01T00:00:00.1Z" };
    const event = { ...about, eventType: "Microsoft.KeyVault.SecretNewVersionCreated", data, dataVersion: "1" };
    const delivery: Told = {
      service: "event-grid",
      method: "POST",
      path: `/runtime/webhooks/EventGrid?functionName=push-client-secret&code=${SECRET}`,
      headers: { "aeg-event-type": "Notification" },
      body: [event],
      status: 202,
    };
    const cloudEvent = {
      id: ID,
      source: "/vaults/openmetadata",
      type: "Microsoft.KeyVault.SecretExpired",
      specversion: "1.0",
      data,
    };
    const handshake: Told = {
      ...delivery,
      headers: { "aeg-event-type": "SubscriptionValidation" },
      body: [
        {
          ...about,
          subject: "",
          eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
          data: { validationCode: SECRET },
          dataVersion: "1",
        },
      ],
      status: 200,
      answer: { validationResponse: SECRET },
    };

    it("passes a batch, a cloud event and both handshakes", () => {
      expect(violations(delivery)).toEqual([]);
      expect(violations({ ...delivery, body: cloudEvent })).toEqual([]);
      expect(violations(handshake)).toEqual([]);
      const origin = {
        method: "OPTIONS",
        headers: { "webhook-request-origin": "eventgrid.azure.net" },
        body: undefined,
      };
      const allowed = { answerHeaders: { "webhook-allowed-origin": "*" }, status: 200 };
      expect(violations({ ...delivery, ...origin, ...allowed })).toEqual([]);
    });

    it("finds an event without subject, an expiry that is no time and a kind that does not exist", () => {
      expectViolation(
        { ...delivery, body: [{ ...event, subject: undefined }] },
        'at /0 lacks "subject" (EventGridBatch)',
      );
      expectViolation(
        { ...delivery, body: [{ ...event, eventType: SECRET }] },
        "at /0/eventType must be equal to one of",
      );
      const badExpiry = violations({ ...delivery, body: [{ ...event, data: { ...data, EXP: SECRET } }] });
      expect(badExpiry.join()).toContain("at /0/data/EXP must match pattern");
      expectViolation({ ...delivery, body: { ...cloudEvent, source: undefined } }, 'lacks "source" (CloudEvent)');
    });

    it("finds a handshake answered with another code, and a delivery that does not say what it is", () => {
      expectViolation(
        { ...handshake, answer: { validationResponse: "another" } },
        "does not give the validation code back",
      );
      expectViolation({ ...delivery, headers: {} }, "does not say that it is a Notification");
    });
  });

  describe("OpenMetadata", () => {
    const om = { service: "openmetadata", path: "/api/v1/users" } as const;
    const user = {
      id: ID,
      name: ID,
      email: `${ID}@example.com`,
      href: `https://openmetadata.localhost/api/v1/users/${ID}`,
    };
    const azure = {
      clientSecret: SECRET,
      authority: "https://login/t",
      clientId: ID,
      scopes: [`api://${ID}/.default`],
    };
    const sso = { authType: "SSO", config: { ssoServiceType: "azure", authConfig: azure } };
    const jwt = { authType: "JWT", config: { JWTTokenExpiry: "90" } };
    const wanted = { name: ID, email: `${ID}@example.com`, isBot: true, botName: "ingestion-bot" };
    const put = (authenticationMechanism: object, changed: object = {}): Told => ({
      ...om,
      method: "PUT",
      body: { ...wanted, authenticationMechanism, ...changed },
      answer: user,
    });

    it.each(["0.13.3", "1.2.5", "1.5.13", "1.12.3", undefined])("passes a good bot in release %s", (release) => {
      expect(violations(put(sso), release)).toEqual([]);
      expect(violations({ ...put(jwt), status: 201 }, release)).toEqual([]);
      const shown = { authType: "JWT", config: { JWTToken: SECRET, JWTTokenExpiry: "90", JWTTokenExpiresAt: 1 } };
      expect(violations({ ...om, path: `/om/api/v1/users/auth-mechanism/${ID}`, answer: shown }, release)).toEqual([]);
      expect(violations({ ...put(jwt), answer: { ...user, version: 0.3 } }, release)).toEqual([]);
      const botUser = release === "0.13.3" ? { id: ID, type: "user" } : ID;
      const bot = { id: ID, name: "ingestion-bot", botUser: { id: ID, type: "user", name: ID } };
      const repoint: Told = {
        ...om,
        method: "PUT",
        path: "/api/v1/bots",
        body: { name: "ingestion-bot", botUser },
        answer: bot,
      };
      expect(violations(repoint, release)).toEqual([]);
    });

    it("judges the runs of a pipeline, whatever the release", () => {
      const path = "/api/v1/services/ingestionPipelines/warehouse.orders/pipelineStatus?startTs=1&endTs=2";
      const run = { runId: ID, pipelineState: "running", timestamp: 1, startDate: 1 };
      const listed = (...data: object[]): Told => ({ ...om, path, answer: { data, paging: { total: data.length } } });
      for (const release of ["0.13.3", "1.2.5", "1.5.13", "1.12.6"]) {
        expect(violations(listed(run), release)).toEqual([]);
        expectViolation(listed({ ...run, state: "running" }), 'unknown property "state"', release);
        expectViolation(listed(run, { ...run, pipelineState: "ended" }), "/data/1/pipelineState", release);
      }
    });

    it("finds an extra key in createUser, and null where a key has to be left out", () => {
      expectViolation(
        put(sso, { secret: SECRET }),
        'has the unknown property "secret" (api/teams/createUser.json)',
        "1.2.5",
      );
      expectViolation(put(sso, { description: null }), "at /description must be string", "1.2.5");
    });

    it.each(["0.13.3", "1.2.5", "1.5.13", "1.12.3"])("finds a config of another kind in release %s", (release) => {
      const crossed = violations(put({ authType: "SSO", config: { JWTTokenExpiry: "90" } }), release);
      expect(crossed.join()).toContain('at /authenticationMechanism/config has the unknown property "JWTTokenExpiry"');
      const other = { authType: "SSO", config: { ssoServiceType: "google", authConfig: azure } };
      expect(violations(put(other), release).join()).toContain(
        '/authenticationMechanism/config/authConfig lacks "secretKey"',
      );
      expect(violations(put({ authType: "SSO", config: {} }), release)).toHaveLength(1);
      const bare = {
        authType: "SSO",
        config: { ssoServiceType: "azure", authConfig: { ...azure, scopes: undefined } },
      };
      expectViolation(put(bare), 'at /authenticationMechanism/config/authConfig lacks "scopes"', release);
      expect(violations(put({ authType: "JWT", config: sso.config }), release)).not.toEqual([]);
    });

    it("finds an unlisted path, an undocumented status and an error without its code", () => {
      expectViolation({ ...om, path: `/api/v1/tables/${SECRET}` }, "openmetadata GET /api/v1/tables/{…}");
      expectViolation({ ...put(sso), status: 202 }, "status 202", "1.2.5");
      expectViolation(
        { ...put(sso), status: 403, answer: { message: SECRET } },
        'lacks "code" (error envelope)',
        "1.2.5",
      );
      expectViolation(
        { ...put(sso), status: 403, answer: { code: 401, message: SECRET } },
        "at /code must be the status",
      );
    });

    it("lets a client ask for what a release does not have, but not the release answer", () => {
      const config = { ...om, path: "/api/v1/system/security/config" };
      expect(violations({ ...config, status: 404, answer: "" }, "1.2.5")).toEqual([]);
      expectViolation({ ...config, answer: {} }, "a release that does not have this call", "1.9.1");
      const version = { version: "0.13.3", revision: "a", timestamp: 1 };
      expect(violations({ ...om, path: "/api/v1/version", answer: version }, "0.13.3")).toEqual([]);
      expectViolation({ ...om, path: "/api/v1/system/version", answer: version }, "does not have this call", "0.13.3");
    });

    it("asks of the public sign-in configuration all but what the server withholds", () => {
      const signIn = {
        provider: "azure",
        providerName: "",
        clientType: "confidential",
        publicKeyUrls: ["https://keys"],
        authority: "https://login/t",
        clientId: ID,
        callbackUrl: "https://openmetadata.localhost/callback",
        jwtPrincipalClaims: ["email"],
      };
      const read = { ...om, path: "/api/v1/system/config/auth" };
      expect(violations({ ...read, answer: signIn }, "1.12.3")).toEqual([]);
      const { authority: _, ...incomplete } = signIn;
      expectViolation({ ...read, answer: incomplete }, 'lacks "authority"', "1.5.13");
      const oidcConfiguration = { id: ID, secret: SECRET, discoveryUri: "https://d", tenant: TENANT };
      const leak = { ...signIn, oidcConfiguration };
      expectViolation({ ...read, answer: leak }, "at /oidcConfiguration must not be public", "1.12.3");
    });

    it("looks into lists of pipelines and into each answer of a bulk deployment", () => {
      const pipeline = { name: "a", pipelineType: "metadata", sourceConfig: {}, airflowConfig: {} };
      const list = { ...om, path: "/api/v1/services/ingestionPipelines?limit=100" };
      expect(violations({ ...list, answer: { data: [pipeline], paging: { total: 1 } } }, "1.12.3")).toEqual([]);
      const wrong = { data: [{ ...pipeline, token: SECRET }], paging: { total: 1, next: "a" } };
      expect(violations({ ...list, answer: wrong }, "1.12.3")).toHaveLength(2);
      const path = "/api/v1/services/ingestionPipelines/bulk/deploy";
      const deploy: Told = { ...om, method: "POST", path, body: [ID], answer: [{ code: 200, platform: "Airflow" }] };
      expect(violations(deploy, "1.12.3")).toEqual([]);
      expectViolation({ ...deploy, answer: [{ code: "200", platform: "a" }] }, "at /0/code must be integer", "1.12.3");
      expectViolation({ ...deploy, answer: [{ code: "200", platform: "a" }] }, "at /0/code must be integer", "1.2.5");
      const one = { ...deploy, path: `/api/v1/services/ingestionPipelines/deploy/${ID}`, body: undefined };
      const openMetadataServerConnection = { hostPort: "https://openmetadata/api" };
      expect(violations({ ...one, answer: { ...pipeline, openMetadataServerConnection } }, "0.13.3")).toEqual([]);
      expectViolation({ ...one, answer: { code: "200", platform: "a" } }, "at /code must be integer", "1.12.3");
    });
  });

  it("judges what was really sent, and passes over the answer of a cut connection", async () => {
    const certificate = await createCertificate();
    trustCertificate(certificate);
    const found: string[] = [];
    const wire: Wire = { faults: [], onExchange: [(recorded) => found.push(...contracts.check(recorded))] };
    const app = new Hono().get("/v1.0/applications/:id", (context) => context.json({ id: ID, secret: SECRET }));
    const served = await serve(app, { service: "graph", host: "graph.localhost", certificate, wire });
    try {
      await fetch(`${served.url}/v1.0/applications/${ID}?$select=id`);
      expect(found).toEqual([
        "graph GET /v1.0/applications/{application-id}: the answer " +
          'has the unknown property "secret" (microsoft.graph.application.response)',
      ]);
      wire.faults.push(() => ({ kind: "lose" }));
      await expect(fetch(`${served.url}/v1.0/applications/${ID}`)).rejects.toThrow();
      expect(found).toHaveLength(1);
    } finally {
      await served.close();
    }
  });
});
