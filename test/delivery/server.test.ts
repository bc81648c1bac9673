import { beforeEach, describe, expect, it } from "vitest";
import { server } from "../../shared/delivery/server.ts";
import type { SecretAnswer, SecurityConfiguration, ServerPorts } from "../../shared/delivery/server-ports.ts";
import { UpstreamError } from "../../shared/errors.ts";
import type { Handed } from "../../shared/rotation/client-secret/ports.ts";

const NOON = new Date("2026-01-01T12:00:00Z");
const AUTHORITY = "https://login.example/tenant";
const KEYS = `${AUTHORITY}/discovery/v2.0/keys`;
const SECRET: Handed = {
  appId: "app",
  value: "value",
  version: "new",
  storedOn: NOON,
  again: false,
  urgent: false,
  endsOn: new Date(NOON.getTime() + 60_000),
};

/** A server that signs people in as it should, on an App Service if there is one; what is done is told in order. */
let did: string[];
let version: string;
let knows: "signed-in" | "unknown-secret" | "expired-secret";
let holds: boolean;
let configuration: SecurityConfiguration;
let read: () => Promise<SecurityConfiguration>;
let answers: SecretAnswer[];
let ports: ServerPorts;
beforeEach(() => {
  did = [];
  version = "1.9.17";
  knows = "signed-in";
  holds = true;
  answers = [{ kind: "accepted" }];
  configuration = {
    provider: "azure",
    providerName: "azure",
    clientType: "confidential",
    authority: AUTHORITY,
    clientId: "app",
    publicKeyUrls: [KEYS, "https://openmetadata/api/v1/system/config/jwks"],
    adminPrincipals: ["alice"],
    enforcePrincipalDomain: false,
    oidc: {
      clientId: "app",
      tenant: "tenant",
      discoveryUri: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
      scope: "openid email profile offline_access",
      showsSecret: true,
    },
  };
  read = async () => configuration;
  ports = {
    deployment: {
      name: "production",
      openMetadataUrl: "https://openmetadata.example.com",
      botName: "ingestion-bot",
      botCredential: "auto",
      principalDomain: "example.com",
    },
    authority: AUTHORITY,
    keysUrl: KEYS,
    readWithinHours: 24,
    openMetadata: { version: async () => version },
    security: {
      read: () => read(),
      holds: async () => holds,
      async replaceSecret(value, { namesProvider }) {
        did.push(`replace ${value}${namesProvider ? " and name" : ""}`);
        return answers.length > 1 ? (answers.shift() as SecretAnswer) : (answers[0] as SecretAnswer);
      },
    },
    admitted: async (subject) => void did.push(`admitted ${subject}`),
    signIn: async () => ({ kind: knows }),
    now: () => NOON,
    wait: async (milliseconds) => void did.push(`wait ${milliseconds}`),
    appService: undefined,
  };
});
const push = (change: Partial<Handed> = {}) => server(ports).push({ ...SECRET, ...change });

function onAppService(activeVersion: string | undefined, { mayRestart = true } = {}): void {
  let shown = "old";
  const reference = { setting: "OIDC_CLIENT_SECRET", vault: "kv", secret: "secret", pinnedVersion: undefined };
  ports.appService = {
    name: "site",
    vault: "kv",
    secret: "secret",
    mayRestart,
    references: async () => [{ ...reference, activeVersion: shown, status: "Resolved", details: undefined }],
    async refresh() {
      did.push("refresh");
      shown = activeVersion ?? shown;
    },
    restart: async () => void did.push("restart"),
    now: () => NOON,
    wait: async () => undefined,
  };
}

describe("a secret that does not sign in at Entra", () => {
  it.each([
    ["1.9.17", "unknown-secret"],
    ["1.12.6", "unknown-secret"],
    ["1.12.6", "expired-secret"],
  ] as const)("reaches no server of release %s, and restarts none: %s", async (release, kind) => {
    [version, knows] = [release, kind];
    onAppService("new");
    await expect(push()).rejects.toMatchObject({
      code: "secret-refused",
      service: "Entra",
      message: `Cannot push the server's client secret to deployment "production": Entra does not accept the secret (${kind}); the server keeps its current one`,
    });
    expect(did).toEqual([]);
  });
});

describe("a server that reads its environment", () => {
  it("is restarted once: the confirmation only looks", async () => {
    onAppService("new");
    expect(await push()).toMatchObject({ kind: "delivered", detail: expect.stringContaining("restarted") });
    expect(await push({ again: true })).toMatchObject({
      kind: "delivered",
      detail: expect.stringContaining("has read"),
    });
    expect(did).toEqual(["refresh", "restart"]);
  });

  it("that may not be restarted, or is on no App Service, is given time to read the vault", async () => {
    onAppService("new", { mayRestart: false });
    expect(await push()).toMatchObject({
      kind: "waiting",
      because: expect.stringContaining("restart the site to use it"),
    });
    ports.appService = undefined;
    expect(await push()).toMatchObject({
      kind: "waiting",
      because: expect.stringContaining("OpenMetadata 1.9.17 reads the secret from its environment"),
    });
    expect(did).toEqual(["refresh"]);
  });
});

describe("a server that takes its secret by REST", () => {
  beforeEach(() => {
    version = "1.12.6";
  });

  it("has it when it has taken it, and holds it", async () => {
    expect(await push()).toEqual({ kind: "delivered", detail: "OpenMetadata has signed in with the secret" });
    expect(did).toEqual(["replace value"]);
  });

  it("does not have it where it says so and shows another one", async () => {
    holds = false;
    await expect(push()).rejects.toMatchObject({
      code: "openmetadata-kept-old",
      message: expect.stringMatching(/reported success but still has a different secret$/),
    });
  });

  it("is believed where it does not show what it holds", async () => {
    holds = false;
    if (configuration.oidc) configuration.oidc.showsSecret = false;
    expect(await push()).toMatchObject({ kind: "delivered" });
  });

  it.each(["", "  "])("is given the provider's name where it has none: %j", async (providerName) => {
    configuration.providerName = providerName;
    await push();
    expect(did).toEqual(["replace value and name"]);
  });

  it("has its App Service read it too, and is not restarted for that", async () => {
    onAppService("new");
    expect(await push()).toEqual({
      kind: "delivered",
      detail: 'OpenMetadata has signed in with the secret; App Service "site" has read the secret',
    });
    onAppService(undefined);
    expect(await push()).toMatchObject({ kind: "waiting", code: "app-service-pending" });
    expect(did).not.toContain("restart");
  });

  it("is sent nothing while its other settings stand in the way", async () => {
    configuration.clientId = "another";
    await expect(push()).rejects.toMatchObject({
      code: "sign-in-configuration-wrong",
      hint: expect.stringMatching(
        /^Correct on the OpenMetadata server: .*clientId.*the next run then pushes the secret$/,
      ),
    });
    expect(did).toEqual([]);
  });

  it("that refuses the secret alone may know it later", async () => {
    answers = [{ kind: "refused", errors: [{ field: "oidcConfiguration.secret", error: "AADSTS7000215" }] }];
    await expect(push()).rejects.toMatchObject({
      code: "secret-refused",
      message: expect.stringMatching(
        /cannot sign in with the secret yet \(oidcConfiguration\.secret: AADSTS7000215\)$/,
      ),
    });
  });

  it("that refuses another setting as well must be corrected by a person", async () => {
    const errors = [
      { field: "oidcConfiguration.secret", error: "no" },
      { field: "tenant", error: "unknown" },
    ];
    answers = [{ kind: "refused", errors }];
    await expect(push()).rejects.toMatchObject({
      code: "sign-in-configuration-wrong",
      hint: expect.stringContaining("oidcConfiguration.secret: no; tenant: unknown"),
    });
  });

  const owned: SecretAnswer = { kind: "owned-by-environment", message: "locked" };

  it("that is locked for a moment is asked once more", async () => {
    answers = [owned, { kind: "accepted" }];
    expect(await push()).toMatchObject({ kind: "delivered" });
    expect(did).toEqual(["replace value", "wait 2000", "replace value"]);
  });

  it.each([
    ["locked", 'OpenMetadata answered 409 "locked"'],
    ["", "OpenMetadata answered 409"],
  ])("and stays locked is left to the next run: %j", async (message, said) => {
    answers = [{ ...owned, message }];
    await expect(push()).rejects.toMatchObject({
      code: "openmetadata-unavailable",
      message: `Cannot push the server's client secret to deployment "production": ${said}`,
    });
  });

  it("reads its environment where it says so, from 1.14 on", async () => {
    version = "2.0.0";
    answers = [owned];
    expect(await push()).toMatchObject({
      kind: "waiting",
      because: expect.stringContaining("OpenMetadata reads its sign-in configuration from its environment"),
    });
  });

  const refusing = (status: number): void => {
    read = async () => {
      throw new UpstreamError(`OpenMetadata answered ${status}`, { service: "OpenMetadata", status });
    };
  };

  it.each([401, 403, 404])("that answers %i is asked what keeps the app out", async (status) => {
    refusing(status);
    await expect(push()).rejects.toMatchObject({ status });
    expect(did).toEqual(['admitted Cannot push the server\'s client secret to deployment "production"']);
  });

  it("that is unwell is left to the next run", async () => {
    refusing(500);
    await expect(push()).rejects.toMatchObject({ status: 500 });
    expect(did).toEqual([]);
  });

  it("whose version tells no release may have no such call, and then reads its environment", async () => {
    version = "nightly";
    refusing(404);
    expect(await push()).toMatchObject({
      kind: "waiting",
      because: expect.stringContaining('OpenMetadata "nightly" cannot change its sign-in configuration by REST'),
    });
    refusing(403);
    await expect(push()).rejects.toMatchObject({ status: 403 });
  });
});
