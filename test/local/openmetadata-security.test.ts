import { afterEach, describe, expect, it } from "vitest";
import type { CloudOptions } from "../../local/cloud/cloud.ts";
import { openServer, SECRET, type ServerWorld } from "./openmetadata-security-world.ts";

const CONFIG = "/v1/system/security/config";
const VALIDATE = "POST /v1/system/security/validate";

let world: ServerWorld;
afterEach(() => world.close());
const open = async (options: Partial<CloudOptions> = {}) => {
  world = await openServer(options);
  return world;
};
interface Shown {
  authenticationConfiguration: { oidcConfiguration: Record<string, unknown> } & Record<string, unknown>;
  authorizerConfiguration: object;
}
const get = async (token?: string) =>
  (await world.call(`GET ${CONFIG}`, token === undefined ? {} : { token })).body as Shown;
const patchSecret = (value: string) => world.patch(world.replace(SECRET, value));
const held = () => world.openMetadata.clientSecret();
const oidc = (name: string) => `/authenticationConfiguration/oidcConfiguration/${name}`;
/** The error that a patch of one setting is refused with. */
const fault = async (path: string, value: unknown) => {
  const { status, body } = await world.patch(world.replace(path, value));
  expect({ status, body }).toMatchObject({ status: 400, body: { status: "failed" } });
  return (body as { errors: { field: string; error: string }[] }).errors;
};

describe("the public sign-in configuration", () => {
  it("tells of a confidential client, and nothing of its secret", async () => {
    const { call, urls, directory, clientId, first } = await open();
    const { body } = await call("GET /v1/system/config/auth");
    expect(body).toMatchObject({
      provider: "azure",
      clientType: "confidential",
      responseType: "id_token",
      clientId,
      authority: `${urls.entra}/${directory.tenantId}`,
      callbackUrl: `${urls.openMetadata}/callback`,
      publicKeyUrls: [],
    });
    expect((await get()).authenticationConfiguration.publicKeyUrls).toEqual([
      expect.stringContaining("/discovery/v2.0/keys"),
      expect.stringContaining("/config/jwks"),
    ]);
    expect(JSON.stringify(body)).not.toContain(first.value);
    expect(body).not.toHaveProperty("oidcConfiguration");
  });

  it("tells of a public client otherwise, which has no client secret", async () => {
    const { call } = await open({ flow: "implicit" });
    expect((await call("GET /v1/system/config/auth")).body).toMatchObject({
      clientType: "public",
      responseType: "id_token",
    });
    expect(held()).toBeUndefined();
    expect((await get()).authenticationConfiguration).not.toHaveProperty("oidcConfiguration");
  });

  it("cannot be one of a confidential client before 1.3", async () => {
    await open();
    await expect(openServer({ release: "1.2.5" })).rejects.toThrow("cannot be a confidential client");
  });
});

describe("the security configuration", () => {
  it("is not there before 1.10", async () => {
    const { call } = await open({ release: "1.9.17" });
    for (const line of [`GET ${CONFIG}`, `PATCH ${CONFIG}`, `PUT ${CONFIG}`, VALIDATE]) {
      expect((await call(line, { token: "nonsense" })).status).toBe(404);
    }
  });

  it("is shown to administrators only: masked to a person, in clear to a bot", async () => {
    const { openMetadata, personToken, first, call } = await open();
    openMetadata.createUser({ name: "ann" });
    expect((await call(`GET ${CONFIG}`, { token: await personToken("ann") })).status).toBe(403);
    expect((await get(await personToken("admin"))).authenticationConfiguration.oidcConfiguration.secret).toBe(
      "*********",
    );
    const clear = await get();
    expect(clear.authenticationConfiguration.oidcConfiguration.secret).toBe(first.value);
    expect(clear.authenticationConfiguration).toMatchObject({ ldapConfiguration: { sslEnabled: false } });
    expect(clear.authenticationConfiguration).toMatchObject({ samlConfiguration: { idp: { entityId: "" } } });
  });
});

describe("patching the security configuration", () => {
  it("takes a new secret that signs in, at once", async () => {
    const { addSecret } = await open();
    const { value } = addSecret();
    expect(await patchSecret(value)).toEqual({ status: 204, body: undefined });
    expect(held()).toBe(value);
  });

  it("refuses a secret that Entra refuses, a new one too until it is known there", async () => {
    const { directory, addSecret, clock, first } = await open();
    expect(await fault(SECRET, "wrong")).toEqual([
      { field: "authenticationConfiguration.oidcConfiguration.secret", error: expect.any(String) },
    ]);
    directory.replication = { objects: 0, secrets: 5000, reads: 0 };
    const { value } = addSecret();
    expect((await patchSecret(value)).status).toBe(400);
    expect(held()).toBe(first.value);
    await clock.advance(5000);
    expect((await patchSecret(value)).status).toBe(204);
  });

  it.each(["a&b", "a+b", "a%41b"])("spoils a secret like %s on its way to Entra", async (odd) => {
    const { addOddSecret } = await open();
    addOddSecret(odd);
    expect(await fault(SECRET, odd)).toHaveLength(1);
  });

  it("is for administrators, and for patches sent as such", async () => {
    const { openMetadata, personToken, patch, call } = await open();
    openMetadata.createUser({ name: "ann" });
    expect((await patch([], await personToken("ann"))).status).toBe(403);
    expect((await call(`PATCH ${CONFIG}`, { body: [] })).status).toBe(415);
  });

  it("fails as a server where the patch does not fit", async () => {
    const { patch } = await open();
    const failed = {
      status: 500,
      body: {
        errorType: "UNHANDLED_SERVER_EXCEPTION",
        message: expect.stringMatching(/^An exception with message \[Failed to patch security configuration: /),
      },
    };
    expect(await patch([{ op: "add", path: oidc("unknown"), value: "x" }])).toMatchObject(failed);
    expect(await patch([{ op: "replace", path: oidc("unknown"), value: "x" }])).toMatchObject(failed);
    expect(await patch([{ op: "test", path: SECRET, value: "not this" }])).toMatchObject(failed);
    const unreadable = { status: 500, body: { code: 500, message: "Failed to parse JsonPatch" } };
    expect(await patch([{ op: "explode", path: SECRET }])).toEqual(unreadable);
    expect(await patch({})).toEqual(unreadable);
  });

  it("fails with the whole object in its words where a step of the path is missing, the client secret in clear", async () => {
    const { patch, first } = await open();
    const { status, body } = await patch([{ op: "replace", path: oidc("nope/x"), value: "1" }]);
    expect({ status, body }).toMatchObject({ status: 500, body: { message: expect.stringContaining(first.value) } });
    expect(body).toMatchObject({ message: expect.stringContaining("contains no mapping for the name 'nope'") });
    const elsewhere = await patch([{ op: "replace", path: "/authenticationConfiguration/nothing/x", value: "1" }]);
    expect(elsewhere).toMatchObject({ status: 500, body: { message: expect.stringContaining(first.value) } });
  });

  it("applies nothing of a patch that is refused", async () => {
    const { patch, addSecret, replace } = await open();
    const before = await get();
    const operations = [...replace(SECRET, addSecret().value), ...replace(oidc("scope"), "openid")];
    expect((await patch(operations)).status).toBe(400);
    expect(await get()).toEqual(before);
  });

  it("changes other settings too, which count at once", async () => {
    const { patch, replace, call, personToken } = await open();
    expect((await patch(replace("/authorizerConfiguration/enforcePrincipalDomain", true))).status).toBe(204);
    expect((await call("GET /v1/users/loggedInUser", { token: await personToken("admin") })).status).toBe(401);
    expect((await get()).authorizerConfiguration).toMatchObject({ enforcePrincipalDomain: true });
    expect((await call("GET /v1/system/config/authorizer")).body).not.toHaveProperty("enforcePrincipalDomain");
  });
});

describe("the validator", () => {
  const at = (name: string, error: unknown = expect.any(String)) => [
    { field: `authenticationConfiguration.${name}`, error },
  ];

  it("demands a name of the provider, which is empty where the environment of the first start set none", async () => {
    const { patch, addSecret, replace, openMetadata } = await open();
    const name = "/authenticationConfiguration/providerName";
    const missing = at("providerName", "Provider name is required");
    expect(await fault(name, "")).toEqual(missing);
    openMetadata.removeSecurityConfiguration();
    openMetadata.setEnvironment({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "" });
    openMetadata.restart();
    expect(await fault(SECRET, addSecret().value)).toEqual(missing);
    // Too late: what is stored wins.
    openMetadata.setEnvironment({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "azure" });
    openMetadata.restart();
    expect(await fault(SECRET, addSecret().value)).toEqual(missing);
    const { value } = addSecret();
    expect((await patch([{ op: "add", path: name, value: "azure" }, ...replace(SECRET, value)])).status).toBe(204);
    expect(held()).toBe(value);
  });

  it("demands an administrator", async () => {
    await open();
    expect(await fault("/authorizerConfiguration/adminPrincipals", [])).toEqual([
      { field: "authorizerConfiguration.adminPrincipals", error: "At least one admin principal is required" },
    ]);
  });

  it("names the field of each old mistake, and lets no new secret pass before it is mended", async () => {
    const { urls, directory, addSecret } = await open();
    const { entra } = urls;
    const discovery = `${entra}/${directory.tenantId}/.well-known/openid-configuration or ${entra}/${directory.tenantId}/v2.0/.well-known/openid-configuration`;
    expect(await fault(oidc("discoveryUri"), `${entra}/v2.0/.well-known/openid-configuration`)).toEqual(
      at(
        "oidcConfiguration.discoveryUri",
        `Invalid Azure discovery URI. Expected: ${discovery} but got: ${entra}/v2.0/.well-known/openid-configuration`,
      ),
    );
    expect(await fault(oidc("scope"), "openid email profile")).toEqual(
      at("oidcConfiguration.scope", expect.stringMatching(/Current scope: 'openid email profile'$/)),
    );
    expect(await fault(oidc("tenant"), `${entra}/${directory.tenantId}`)).toEqual(at("oidcConfiguration.tenant"));
    expect(await fault(oidc("secret"), "")).toEqual(at("oidcConfiguration.secret", "Client secret is required"));
    expect(await fault(oidc("id"), "00000000-0000-4000-8000-000000000000")).toEqual(at("oidcConfiguration.id"));
    const keys = "/authenticationConfiguration/publicKeyUrls";
    const right = `${entra}/${directory.tenantId}/discovery/v2.0/keys`;
    expect(await fault(keys, [`${entra}/common/discovery/keys`])).toEqual(
      at("publicKeyUrls", `At least one public key URL must be the Azure JWKS endpoint: ${right}`),
    );
    const nothing = `${urls.openMetadata}/nothing`;
    expect(await fault(keys, [right, nothing])).toEqual(at("publicKeyUrls", `Invalid public key URL: ${nothing}`));
    expect(
      (await world.patch(world.replace(keys, [`${urls.openMetadata}/api/v1/system/config/jwks`, right]))).status,
    ).toBe(204);
    world.openMetadata.setEnvironment({ OIDC_SCOPE: "openid" });
    world.openMetadata.restart();
    expect(await fault(SECRET, addSecret().value)).toEqual(at("oidcConfiguration.scope"));
  });

  it("looks at the authority of a public client, and not at that of a confidential one", async () => {
    const { patch, replace, urls, directory } = await open();
    const authority = "/authenticationConfiguration/authority";
    const versioned = `${urls.entra}/${directory.tenantId}/v2.0`;
    expect((await patch(replace(authority, versioned))).status).toBe(204);
    await world.close();
    const other = await open({ flow: "implicit" });
    expect((await other.patch(other.replace("/authenticationConfiguration/enableSelfSignup", false))).status).toBe(204);
    for (const wrong of [versioned, `${other.urls.entra}/nobody`, `https://elsewhere.org/${directory.tenantId}`]) {
      expect(await fault(authority, wrong)).toEqual(at("authority"));
    }
  });

  it("looks at settings that are only shown to it, without keeping them", async () => {
    const { call, first } = await open({ release: "1.10.14" });
    const shown = await get();
    expect(await call(VALIDATE, { body: shown })).toEqual({ status: 200, body: { status: "success" } });
    shown.authenticationConfiguration.oidcConfiguration.secret = "wrong";
    expect(await call(VALIDATE, { body: shown })).toMatchObject({ status: 200, body: { status: "failed" } });
    expect(held()).toBe(first.value);
  });
});

describe("putting the security configuration", () => {
  const putBack = async (secret: string) => {
    const { authenticationConfiguration, authorizerConfiguration } = await get();
    const { ldapConfiguration: _, samlConfiguration: __, ...rest } = authenticationConfiguration;
    const oidcConfiguration = { ...rest.oidcConfiguration, secret };
    const body = { authenticationConfiguration: { ...rest, oidcConfiguration }, authorizerConfiguration };
    return world.call(`PUT ${CONFIG}`, { body });
  };

  it("tries nothing out", async () => {
    await open();
    expect(await putBack("never seen")).toMatchObject({ status: 200 });
    expect(held()).toBe("never seen");
  });

  it("stores the mask as the secret, but in 2.x restores what it stood for", async () => {
    const { openMetadata, first } = await open();
    openMetadata.options.securityMask = "restored";
    expect((await putBack("*********")).status).toBe(200);
    expect(held()).toBe(first.value);
    delete openMetadata.options.securityMask;
    openMetadata.options.release = "2.0.0";
    await putBack("*********");
    expect(held()).toBe(first.value);
    openMetadata.options.release = "1.12.6";
    await putBack("*********");
    expect(held()).toBe("*********");
  });

  it("takes back the sections of LDAP and SAML that it shows, but not from 1.12 on", async () => {
    const { call, openMetadata } = await open({ release: "1.10.14" });
    const body = await get();
    expect((await call(`PUT ${CONFIG}`, { body })).status).toBe(200);
    openMetadata.options.release = "1.12.6";
    const said =
      "[query param mailAttributeName must not be null, query param port must not be null, query param host must not be null]";
    for (const line of [`PUT ${CONFIG}`, VALIDATE]) {
      expect(await call(line, { body })).toEqual({ status: 400, body: { code: 400, message: said } });
    }
  });

  it("refuses what the schema does not know", async () => {
    const { call } = await open();
    const body = { ...(await get()), extra: true };
    expect((await call(`PUT ${CONFIG}`, { body })).status).toBe(400);
  });
});

describe("a new secret in the environment", () => {
  const deploy = (value: string, more: Record<string, string> = {}) => {
    world.openMetadata.setEnvironment({ OIDC_CLIENT_SECRET: value, ...more });
    world.openMetadata.restart();
  };

  it("counts at the next start, not before, up to 1.9", async () => {
    const { openMetadata, first } = await open({ release: "1.9.17" });
    openMetadata.setEnvironment({ OIDC_CLIENT_SECRET: "second" });
    expect(held()).toBe(first.value);
    openMetadata.restart();
    expect(held()).toBe("second");
  });

  it("is ignored in silence from 1.10 on, until what is stored is removed", async () => {
    const { openMetadata, first } = await open();
    deploy("second");
    expect(held()).toBe(first.value);
    openMetadata.removeSecurityConfiguration();
    expect(held()).toBe(first.value);
    openMetadata.restart();
    expect(held()).toBe("second");
  });

  it("wins in 2.x, unless a caller changed the secret since the last start", async () => {
    const { addSecret } = await open({ release: "2.0.0" });
    deploy("second");
    expect(held()).toBe("second");
    const patched = addSecret().value;
    expect((await patchSecret(patched)).status).toBe(204);
    deploy("third");
    expect(held()).toBe(patched);
    deploy("third");
    expect(held()).toBe(patched);
    deploy("fourth");
    expect(held()).toBe("fourth");
  });

  it("always wins in 2.x where the environment owns the settings, and then callers change nothing", async () => {
    const { addSecret, first } = await open({ release: "2.0.0" });
    const patched = addSecret().value;
    await patchSecret(patched);
    deploy(first.value, { SECURITY_CONFIG_SOURCE: "ENV" });
    expect(held()).toBe(first.value);
    expect(await patchSecret(patched)).toMatchObject({
      status: 409,
      body: {
        errorType: "SETTINGS_MANAGED_BY_ENVIRONMENT",
        message: expect.stringContaining("SECURITY_CONFIG_SOURCE=ENV"),
      },
    });
    expect(held()).toBe(first.value);
  });

  it("never wins in 2.x where the database owns the settings", async () => {
    const { first } = await open({ release: "2.0.0" });
    deploy("second", { SECURITY_CONFIG_SOURCE: "DB" });
    expect(held()).toBe(first.value);
  });

  it("has to have a name that the server reads", async () => {
    const { openMetadata } = await open();
    expect(() => openMetadata.setEnvironment({ OIDC_SECRET: "x" })).toThrow("OIDC_SECRET");
    expect(() => openMetadata.setEnvironment({ SECURITY_CONFIG_SOURCE: "YAML" })).toThrow("YAML");
  });
});
