import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../shared/errors.ts";
import { statusOf } from "../../shared/status/deployment-status.ts";
import { fine, kinds, question, type Surroundings, surroundings } from "./surroundings.ts";

type Changes = Partial<Surroundings> & { deployment?: Partial<(typeof question)["deployment"]> };

async function driftAround({ deployment, ...change }: Changes) {
  const { ports, asked } = surroundings(change);
  const asking = { ...question, deployment: { ...question.deployment, ...deployment } };
  return { ...(await statusOf(ports, asking)).drift, asked };
}
const fails = () => Promise.reject(new UpstreamError("refused", { service: "OpenMetadata", status: 401 }));

describe("a look at what has drifted", () => {
  it.each<[what: string, Changes, string[]]>([
    ["another provider", { settings: { provider: "basic" } }, ["provider"]],
    ["another client id", { settings: { clientId: "another" } }, ["client-id"]],
    ["a callback that Entra does not know", { settings: { callbackUrl: "https://elsewhere" } }, ["callback-url"]],
    [
      "keys of strangers",
      { settings: { publicKeyUrls: ["https://elsewhere/keys"] } },
      ["tenant-keys", "own-keys", "foreign-keys"],
    ],
    ["a principal domain that is not enforced", { settings: { enforcePrincipalDomain: false } }, ["principal-domain"]],
    [
      "the key pair that everybody has",
      { server: { ownKeyIds: async () => ["Gb389a-9f76-gdjs-a92j-0242bk94356"] } },
      ["quickstart-key"],
    ],
    ["a default admin", { server: { userExists: async () => true } }, ["default-admin"]],
    ["no default admin, who is listed", { settings: { adminPrincipals: ["admin"] } }, ["default-admin"]],
    ["no bot", { server: { bot: async () => undefined } }, ["no-bot"]],
    [
      "a bot with a client secret",
      { server: { mechanism: async () => ({ authType: "SSO", ssoServiceType: "azure", azure: undefined }) } },
      ["sso-ignored"],
    ],
    ["no registrations", { found: {} }, []],
    ["a registration without service principal", { principals: {} }, ["registration", "registration"]],
  ])("finds %s", async (_, change, found) => {
    const { findings, unread } = await driftAround(change);
    expect(kinds(findings)).toEqual(found);
    expect(unread).toEqual([]);
  });

  it.each<[what: string, "implicit" | "auth-code", platform: "spa" | "web", found: boolean]>([
    ["in the implicit flow, where it is none of its own", "implicit", "spa", true],
    ["where Entra does not know it", "auth-code", "spa", true],
    ["where Entra knows it on the platform of the flow", "auth-code", "web", false],
  ])("takes the other callback for drift %s", async (_, signInFlow, platform, expected) => {
    const callbackUrl = "https://catalog.example.com/auth/callback";
    const clientType = signInFlow === "implicit" ? "public" : "confidential";
    const server = { ...fine.server, [platform]: { ...fine.server[platform], redirectUris: [callbackUrl] } };
    const { findings } = await driftAround({
      settings: { clientType, callbackUrl },
      found: { "production-server": server, "production-ingestion": fine.ingestion },
      deployment: { signInFlow },
    });
    expect(kinds(findings).includes("callback-url")).toBe(expected);
  });

  it("finds that ingestion lacks its access to the server, and trusts what the settings name", async () => {
    const ingestion = { ...fine.ingestion, requiredResourceAccess: [] };
    const found = { "production-server": fine.server, "production-ingestion": ingestion };
    expect((await driftAround({ found })).findings).toMatchObject([
      { kind: "registration", what: expect.stringContaining("differs in API permissions") },
    ]);
    const { ports } = surroundings({ found: { named: { ...fine.server, createdByAppId: "somebody" } } });
    ports.names.server = { appId: "named" };
    const deployment = { ...question.deployment, serverClientId: "named" };
    const { drift } = await statusOf(ports, { ...question, deployment });
    expect(kinds(drift.findings)).not.toContain("planted");
  });

  it("says who would be locked out by the principal domain: the app where it signs in by Entra, ingestion where it does", async () => {
    const settings = { enforcePrincipalDomain: false };
    const remedy = async (change: Changes) => (await driftAround({ settings, ...change })).findings[0]?.do;
    expect(await remedy({})).toContain("would lock out this app,");
    expect(await remedy({ usesOwnToken: false })).toContain("if only people and OpenMetadata bots sign in");
    const old = { server: { version: async () => "1.2.5" } };
    expect(await remedy(old)).toContain("would lock out this app and ingestion,");
  });

  it("does not ask what a bot of an old release holds: it may be either", async () => {
    const asks = async (version: string) =>
      (await driftAround({ server: { version: async () => version } })).asked.includes("mechanism");
    expect(await asks("1.2.5")).toBe(false);
    expect(await asks("1.3.0")).toBe(true);
    expect(await asks("unheard of")).toBe(true);
  });

  it("looks for no bot and no user on a server that does not know the app: that says of neither that they are there", async () => {
    const { findings, unread, asked } = await driftAround({ server: { whoAmI: fails } });
    expect(findings).toEqual([]);
    expect(unread.map(({ what }) => what)).toEqual([
      "whether the default admin exists",
      'the credential of bot "ingestion-bot"',
    ]);
    expect(asked).not.toContain("bot");
    expect(asked).not.toContain("userExists");
  });

  it("says what the server shows to administrators only, and how to be one", async () => {
    const { findings, unread } = await driftAround({
      settings: { publicKeyUrls: undefined, enforcePrincipalDomain: undefined },
    });
    expect(findings).toEqual([]);
    const untold = {
      code: "openmetadata-forbidden",
      error: expect.stringContaining("administrators only"),
      hint: expect.stringContaining("openMetadata.access"),
    };
    expect(unread).toEqual([
      { what: "whose tokens the server accepts", ...untold },
      { what: "whether the server enforces its principal domain", ...untold },
    ]);
  });

  it("names each thing that cannot be read where nothing answers", async () => {
    const server = { version: fails, settings: fails, ownKeyIds: fails, whoAmI: fails };
    const { ports } = surroundings({ server });
    ports.provisioning.registrations.find = fails;
    const { drift } = await statusOf(ports, question);
    expect(drift.unread.map(({ what, error }) => `${what}: ${error}`)).toEqual(
      [
        "the registration of the server",
        "the registration of ingestion",
        "how the server signs people in",
        "whose tokens the server accepts",
        "whether the server enforces its principal domain",
        "the server's own keys",
        "whether the default admin exists",
        'the credential of bot "ingestion-bot"',
      ].map((what) => `${what}: refused`),
    );
  });

  it("judges sign-in although the registration cannot be read", async () => {
    const { ports } = surroundings({ settings: { provider: "basic" } });
    ports.provisioning.registrations.find = fails;
    expect(kinds((await statusOf(ports, question)).drift.findings)).toEqual(["provider"]);
  });
});
