import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMetadataCalls } from "../../shared/clients/open-metadata/calls.ts";
import { securityConfiguration } from "../../shared/clients/open-metadata/security-configuration.ts";
import { openServer, type ServerWorld } from "../local/openmetadata-security-world.ts";

/** The provider has a name, as in most tests. */
const NAMED = { namesProvider: false };

let world: ServerWorld;
beforeEach(async () => {
  world = await openServer();
});
afterEach(() => world.close());

/** As a person or an app, to whom secrets are masked, or as a bot. */
const as = async (who: "person" | "bot") => {
  const { openMetadata, urls } = world;
  const token = who === "bot" ? openMetadata.adminBotToken() : await world.personToken("admin");
  return securityConfiguration(openMetadataCalls(urls.openMetadata, async () => token));
};
const answers = (status: number, body: unknown, { method = "PATCH", headers = {} } = {}): void => {
  const response = () => Response.json(body, { status, headers: { "x-injected-fault": "1", ...headers } });
  world.wire.faults.push(({ service, method: sent }) =>
    service === "openmetadata" && sent === method ? { kind: "answer", response } : undefined,
  );
};
const failure = async (secret: string): Promise<Error> =>
  (await as("bot")).replaceSecret(secret, NAMED).then(
    (answer) => {
      throw new Error(`answered ${answer.kind}`);
    },
    (error: Error) => error,
  );

describe("read()", () => {
  it("tells how people sign in, and whether the secret is shown, but never the secret", async () => {
    const { clientId, urls, directory, first } = world;
    const read = await (await as("person")).read();
    expect(read).toMatchObject({
      provider: "azure",
      clientType: "confidential",
      clientId,
      authority: `${urls.entra}/${directory.tenantId}`,
      oidc: { clientId, scope: expect.stringContaining("offline_access"), showsSecret: false },
    });
    const shown = await (await as("bot")).read();
    expect(shown.oidc?.showsSecret).toBe(true);
    expect(JSON.stringify([read, shown])).not.toContain(first.value);
  });

  it.each(["*********", "fernet:gAAAAABl", "secret:/openmetadata/oidc", ""])(
    "does not take %j for a secret that is shown",
    async (secret) => {
      answers(200, { authenticationConfiguration: { oidcConfiguration: { id: "x", secret } } }, { method: "GET" });
      expect((await (await as("bot")).read()).oidc?.showsSecret).toBe(false);
    },
  );

  it("reads a server that signs people in by another provider, or as a public client", async () => {
    answers(200, { authenticationConfiguration: { provider: "google", oidcConfiguration: null } }, { method: "GET" });
    expect(await (await as("bot")).read()).toEqual({
      provider: "google",
      providerName: "",
      clientType: undefined,
      authority: "",
      clientId: "",
      publicKeyUrls: [],
      adminPrincipals: undefined,
      enforcePrincipalDomain: undefined,
      oidc: undefined,
    });
  });
});

describe("replaceSecret()", () => {
  it("gives the server a secret that it signs in with, and holds() tells that it has it", async () => {
    const { value } = world.addSecret();
    const security = await as("bot");
    expect(await security.holds(value)).toBe(false);
    expect(await security.replaceSecret(value, NAMED)).toEqual({ kind: "accepted" });
    expect(world.openMetadata.clientSecret()).toBe(value);
    expect(await security.holds(value)).toBe(true);
  });

  it("names the provider with the same patch, where nobody has and the environment comes too late", async () => {
    const { openMetadata } = world;
    openMetadata.removeSecurityConfiguration();
    openMetadata.setEnvironment({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "" });
    openMetadata.restart();
    openMetadata.setEnvironment({ CUSTOM_OIDC_AUTHENTICATION_PROVIDER_NAME: "azure" });
    openMetadata.restart();
    const security = await as("bot");
    expect((await security.read()).providerName).toBe("");
    const { value } = world.addSecret();
    expect(await security.replaceSecret(value, NAMED)).toMatchObject({
      errors: [{ field: "authenticationConfiguration.providerName", error: "Provider name is required" }],
    });
    expect(await security.replaceSecret(value, { namesProvider: true })).toEqual({ kind: "accepted" });
    expect((await security.read()).providerName).toBe("azure");
    expect(openMetadata.clientSecret()).toBe(value);
  });

  it("repeats nothing of an answer that holds the configuration, with a secret that we were never told", async () => {
    const { first, patch } = world;
    const dump = await patch([{ op: "replace", path: "/authenticationConfiguration/nothing/x", value: "1" }]);
    expect(JSON.stringify(dump.body)).toContain(first.value);
    answers(dump.status, dump.body);
    const { message } = await failure("x".repeat(40));
    expect(message).toMatch(
      /answered 500 ".*Failed to patch security configuration: The JSON Object '\{…\}' contains no/,
    );
    for (let start = 0; start + 8 <= first.value.length; start += 1) {
      expect(message).not.toContain(first.value.slice(start, start + 8));
    }
    expect(message).not.toContain("oidcConfiguration");
  });

  it("tells what the server's validator objects to, field by field", async () => {
    const answer = await (await as("person")).replaceSecret("abc8Q~not-one-of-entras-own-secrets-12345", NAMED);
    expect(answer).toEqual({
      kind: "refused",
      errors: [
        {
          field: "authenticationConfiguration.oidcConfiguration.secret",
          error: expect.stringMatching(/^Invalid client credentials/),
        },
      ],
    });
    expect(world.openMetadata.clientSecret()).toBe(world.first.value);
  });

  it("tells apart settings of the environment", async () => {
    answers(409, { code: 409, message: "managed by the deployment" });
    expect(await (await as("bot")).replaceSecret("x".repeat(40), NAMED)).toEqual({
      kind: "owned-by-environment",
      message: "managed by the deployment",
    });
  });

  it.each([
    [403, false],
    [401, false],
    [404, false],
    [500, true],
    [503, true],
    [429, true],
  ])("fails with %i, which passes by itself: %s", async (status, transient) => {
    answers(status, { code: status, message: "no" });
    expect(await failure("x".repeat(40))).toMatchObject({
      name: "UpstreamError",
      message: `Cannot give the server its new client secret: OpenMetadata answered ${status} "no"`,
      status,
      transient,
    });
  });

  it("fails with how long the server wants to be left alone", async () => {
    answers(503, { code: 503, message: "busy" }, { headers: { "retry-after": "90" } });
    expect(await failure("x".repeat(40))).toMatchObject({ transient: true, retryAfterSeconds: 90 });
  });

  it("fails with a 400 that names no field, and with the page of a proxy", async () => {
    answers(400, { code: 400, message: "bad patch" });
    expect((await failure("x".repeat(40))).message).toContain('400 "bad patch"');
    world.wire.faults.splice(0);
    answers(400, { status: "failed", errors: [] });
    expect((await failure("x".repeat(40))).message).toMatch(/answered 400$/);
  });

  it("does not take a 200 of a log-in page for an answer of the server", async () => {
    const response = () => new Response("<html>Sign in</html>", { headers: { "x-injected-fault": "1" } });
    world.wire.faults.push(({ method }) => (method === "PATCH" ? { kind: "answer", response } : undefined));
    expect(await failure("x".repeat(40))).toMatchObject({ status: 200, transient: true });
  });

  it.each([400, 401, 403, 409, 500])(
    "keeps the secret out of all that is said of a %i that repeats it",
    async (status) => {
      const { value } = world.addSecret();
      const said = `Failed: ${value}, ${value.slice(5, 20)}`;
      answers(status, { code: status, message: said, errors: [{ field: "secret", error: said }] });
      const told = await (await as("bot")).replaceSecret(value, NAMED).catch((error: Error) => error.message);
      const text = JSON.stringify(told);
      for (let start = 0; start + 8 <= value.length; start += 1)
        expect(text).not.toContain(value.slice(start, start + 8));
    },
  );
});
