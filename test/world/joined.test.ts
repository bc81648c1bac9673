import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Deployment } from "../../shared/deployment/deployment.ts";
import type { Settings } from "../../shared/deployment/settings.ts";
import type { LogEvent } from "../../shared/log.ts";
import type { Ports as TokenPorts } from "../../shared/rotation/bot-token/ports.ts";
import type { Ports as RotationPorts } from "../../shared/rotation/client-secret/ports.ts";
import type { Connections } from "../../shared/world/connections.ts";
import { credentialOf } from "../../shared/world/credentials.ts";
import { deliveryPorts } from "../../shared/world/delivery.ts";
import type { Surroundings } from "../../shared/world/surroundings.ts";

/** What each credential is rotated with, and what was asked of the services around it. */
const scene = vi.hoisted(() => ({ ports: [] as unknown[], how: [] as unknown[], asked: [] as unknown[] }));
const asks = vi.hoisted(() => (what: string, answer?: unknown) => (...about: unknown[]) => {
  scene.asked.push([what, ...about]);
  return answer;
});
vi.mock("../../shared/rotation/client-secret/rotate.ts", () => ({
  clientSecret: (credential: string, ports: unknown, how: unknown) => {
    scene.ports.push(ports);
    scene.how.push(how);
    return { credential };
  },
}));
vi.mock("../../shared/rotation/bot-token/rotate.ts", () => ({
  botToken: (ports: unknown) => {
    scene.ports.push(ports);
    return { credential: "bot-token" };
  },
}));
vi.mock("../../shared/status/credential.ts", () => ({
  describeClientSecret: asks("describe a client secret"),
  describeBotToken: asks("describe a token"),
}));
vi.mock("../../shared/clients/graph/credentials.ts", () => ({ credentials: asks("credentials", "credentials") }));
vi.mock("../../shared/clients/entra/sign-in.ts", () => ({
  signIn: (authority: string) => asks(`sign in at ${authority}`, Promise.resolve({ ok: true })),
}));
vi.mock("../../shared/clients/app-service/app-service.ts", () => ({
  appService: asks("site", { restart: "restart" }),
}));
vi.mock("../../shared/delivery/ingestion.ts", () => ({ ingestion: asks("ingestion", "ingestion") }));
vi.mock("../../shared/delivery/server.ts", () => ({ server: asks("server", "server") }));
vi.mock("../../shared/delivery/redeploy.ts", () => ({ redeploy: asks("redeploy", "redeployed") }));
vi.mock("../../shared/delivery/admittance.ts", () => ({ admittedAs: asks("admitted", "admitted") }));

const SITE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/site-1";
const AUTHORITY = "https://login.microsoftonline.com/tenant";
let lines: LogEvent[];
let latest: { keyId?: string } | undefined;

/** A deployment whose services note what they are asked. */
function around(change: Partial<Deployment> = {}) {
  const store = (name: string, ...more: unknown[]) => ({
    name,
    more,
    history: async () => `history of ${name}`,
    latest: async () => latest,
  });
  const connections = {
    vault: () => store,
    graph: () => "graph",
    credential: () => "credential",
    made: { isRecent: asks("made lately", true) },
    own: () => ({ identity: async () => ({ appId: "own-app" }) }),
    ownAs: (clientId: string) => ({ identity: async () => ({ objectId: `object of ${clientId}` }) }),
  } as unknown as Connections;
  const server = {
    usesOwnToken: true,
    scope: async () => "api://server/.default",
    forgetScope: asks("forget the scope"),
    security: "security",
    tokens: "tokens",
    version: async () => "1.12.6",
    bot: asks("bot", "the bot"),
    running: asks("running", "runs"),
    whoAmI: asks("who am I", "me"),
  };
  const surroundings: Surroundings = {
    settings: {
      keyVaultUrl: "https://prod-kv.vault.azure.net",
      graphUrl: "https://graph.microsoft.com",
      armUrl: "https://management.azure.com",
      authorityHost: "https://login.microsoftonline.com",
      tenantId: "tenant",
      readWithinHours: 24,
    } as Settings,
    deployment: {
      name: "openmetadata",
      botName: "ingestion-bot",
      botCredential: "auto",
      identityClientId: "client-7",
      ...change,
    } as Deployment,
    connections,
    server: () => server as never,
    delivery: () => deliveryPorts(surroundings),
    log: (event) => void lines.push(event),
  };
  return surroundings;
}
const clientSecretPorts = () => scene.ports[0] as RotationPorts;

beforeEach(() => {
  Object.assign(scene, { ports: [], how: [], asked: [] });
  lines = [];
  latest = undefined;
});

describe.each([
  ["ingestion-client-secret", "openmetadata-ingestion-client-secret", "openmetadata-ingestion", "ingestion"],
  ["server-client-secret", "openmetadata-server-client-secret", "openmetadata-server", "server"],
] as const)("%s", (kind, secret, registration, consumer) => {
  it("is that of its registration in Entra and of its own secrets in the vault", async () => {
    credentialOf(kind, around());
    const ports = clientSecretPorts();
    expect(ports).toMatchObject({
      name: secret,
      registration: { uniqueName: registration },
      credentials: "credentials",
      current: { name: secret, more: [] },
      staged: { name: `${secret}-next`, more: [] },
      consumer,
    });
    expect(await ports.ownAppId?.()).toBe("own-app");
    expect(ports.madeLately?.()).toBe(true);
    const asked = scene.asked.find((one) => (one as unknown[])[0] === "credentials");
    const mark = expect.stringMatching(/^[0-9a-f]{12}$/);
    expect(asked).toEqual(["credentials", "graph", { name: { uniqueName: registration }, mark }]);
  });

  it("writes each line with its name, and never the same nonce twice", () => {
    credentialOf(kind, around());
    const { log, nonce } = clientSecretPorts();
    log({ event: "note", message: "m" });
    expect(lines).toEqual([{ credential: kind, event: "note", message: "m" }]);
    expect(nonce()).toMatch(/^[0-9a-f-]{18}$/);
    expect(nonce()).not.toBe(nonce());
  });

  it("is described by what it is rotated with, and has the versions of both its secrets", async () => {
    const credential = credentialOf(kind, around());
    await credential.describe("moment" as never);
    expect(scene.asked).toContainEqual(["describe a client secret", kind, clientSecretPorts(), "moment"]);
    expect(await credential.versions()).toEqual({
      current: `history of ${secret}`,
      staged: `history of ${secret}-next`,
    });
  });
});

describe("a sign-in with ingestion's secret", () => {
  const scoped = (scope: string) => [`sign in at ${AUTHORITY}`, { clientId: "app", clientSecret: "value", scope }];

  it("asks for a token of the server", async () => {
    await deliveryPorts(around()).signIn("app", "value");
    expect(scene.asked).toEqual([scoped("api://server/.default")]);
  });

  it("of the server's own secret asks for one of Graph, by its default scope", async () => {
    credentialOf("server-client-secret", around());
    await clientSecretPorts().signIn("app", "value");
    expect(scene.asked).toContainEqual(scoped("https://graph.microsoft.com/.default"));
  });
});

describe("a delivery", () => {
  it("knows as whom it acts, and where Entra's keys are", async () => {
    const ports = deliveryPorts(around());
    expect(ports).toMatchObject({ authority: AUTHORITY, readWithinHours: 24, usesOwnToken: true });
    expect(ports.keysUrl).toBe(`${AUTHORITY}/discovery/v2.0/keys`);
    expect(await ports.ownObjectId()).toBe("object of client-7");
    expect(ports.now()).toBeInstanceOf(Date);
  });

  it.each([
    [undefined, false],
    [{}, false],
    [{ keyId: "jti" }, true],
  ])("sees by the vault's %j whether the bot had a token: %s", async (version, had) => {
    latest = version;
    expect(await deliveryPorts(around()).hadToken()).toBe(had);
  });
});

describe("the server's client secret", () => {
  const portsOf = (change: Partial<Deployment>) => {
    credentialOf("server-client-secret", around(change));
    const [, ports] = scene.asked.find((one) => (one as unknown[])[0] === "server") as [string, never];
    return ports as unknown as { appService?: object; security: string; admitted(subject: string): unknown };
  };

  it("is handed to the App Service that the deployment names, as it allows", () => {
    const { appService } = portsOf({ appServiceId: SITE, appServiceRestart: false });
    expect(appService).toMatchObject({
      name: "site-1",
      vault: "prod-kv",
      secret: "openmetadata-server-client-secret",
      mayRestart: false,
      restart: "restart",
    });
    expect(scene.asked).toContainEqual(["site", "credential", "https://management.azure.com", SITE]);
  });

  it("is handed to the server alone where none is named", () => {
    const { appService, security } = portsOf({});
    expect([appService, security]).toEqual([undefined, "security"]);
  });

  it("does not need the server to take Entra's tokens", async () => {
    await portsOf({}).admitted("subject");
    expect(scene.asked.at(-1)).toEqual(["admitted", expect.anything(), "subject", { entraTokens: false }]);
  });

  it.each([
    [{}, true],
    [{ appServiceId: SITE, appServiceRestart: true }, false],
  ])("of %j is delivered by event: %s", (change, byEvent) => {
    portsOf(change as Partial<Deployment>);
    expect(scene.how).toEqual([{ byEvent }]);
  });
});

describe("the token of the bot", () => {
  it("is that of the deployment's bot, and of its own secrets in the vault, which are tokens", async () => {
    const credential = credentialOf("bot-token", around());
    const ports = scene.ports[0] as TokenPorts;
    const type = ["application/jwt"];
    expect(ports).toMatchObject({
      name: "openmetadata-bot-token",
      botName: "ingestion-bot",
      tokens: "tokens",
      current: { name: "openmetadata-bot-token", more: type },
      staged: { name: "openmetadata-bot-token-next", more: type },
    });
    expect(await ports.choose()).toMatchObject({ kind: "jwt", because: expect.stringContaining("1.12.6") });
    await ports.bot();
    await ports.runningPipelines();
    await ports.whoAmI("a token");
    await ports.admitted("subject");
    await ports.redeploy("subject", "how" as never);
    await credential.describe("moment" as never);
    expect(scene.asked).toEqual([
      ["bot", "ingestion-bot"],
      ["running", expect.any(Date)],
      ["who am I", "a token"],
      ["admitted", expect.anything(), "subject", { entraTokens: false }],
      ["redeploy", expect.anything(), "subject", "how"],
      ["describe a token", ports, "moment"],
    ]);
    ports.log({ event: "note", message: "m" });
    expect(lines).toEqual([{ credential: "bot-token", event: "note", message: "m" }]);
  });
});
