import { describe, expect, it } from "vitest";
import { StalledError, UpstreamError } from "../../shared/errors.ts";
import type { Version } from "../../shared/rotation/secret-store.ts";
import { statusOf } from "../../shared/status/deployment-status.ts";
import { clientSecret, current, day, NOW } from "./facts.ts";
import { fine, kinds, question, type Surroundings, surroundings } from "./surroundings.ts";

const statusAround = (change: Partial<Surroundings> = {}, asked: Partial<typeof question> = {}) =>
  statusOf(surroundings(change).ports, { ...question, ...asked });

type Credential = Surroundings["credentials"][number];

/** A client secret with these facts; `versions` of it are what the vault has. */
const credential = (facts: Partial<ReturnType<typeof clientSecret>> = {}, versions: Partial<Version>[] = []) =>
  ({
    credential: "ingestion-client-secret",
    name: "a-secret",
    describe: async () => ({ ...clientSecret({ secret: "a-secret", ...facts }), findings: [] }),
    versions: async () => ({ current: versions as Version[], staged: [] }),
  }) satisfies Credential;
const vaultIsShut = () => Promise.reject(new StalledError("vault-forbidden", "no right", { hint: "give it" }));
const refused =
  (status: number, message = "refused") =>
  () =>
    Promise.reject(new UpstreamError(message, { service: "OpenMetadata", status }));

describe("the status of a deployment", () => {
  it("tells of each part how it is, where all is well", async () => {
    const told = await statusAround({ credentials: [credential()] });
    expect(told).toMatchObject({
      deployment: "production",
      on: NOW,
      verdict: "healthy",
      authority: "https://login.microsoftonline.com/5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
      identity: { objectId: "own-object", graphPermissions: { held: ["Application.ReadWrite.OwnedBy"] } },
      registrations: {
        server: {
          found: true,
          clientId: "server",
          applicationObjectId: "server-object",
          servicePrincipalObjectId: "server-principal",
          appIdUris: ["api://server"],
          redirectUris: { spa: ["https://catalog.example.com/callback"], web: [] },
        },
        ingestion: { found: true, clientId: "ingestion" },
      },
      openMetadata: {
        url: "https://catalog.example.com",
        version: "1.9.17",
        bot: "ingestion-bot",
        botCredential: { kind: "jwt" },
        obstacles: [],
        access: { user: "own-object", isAdmin: true },
      },
      drift: { findings: [], unread: [] },
      credentials: [{ credential: "ingestion-client-secret", secret: "a-secret", verdict: "healthy" }],
    });
    expect(told).not.toHaveProperty("history");
  });

  it.each<[what: string, credentials: Credential[], verdict: string, status: string, said: string]>([
    ["which is new", [credential()], "attention", "True", "Not set up yet"],
    ["whose vault cannot be read", [{ ...credential(), versions: vaultIsShut }], "attention", "True", "Not set up yet"],
    ["whose vault has what others stored", [credential({}, [{}])], "attention", "True", "Not set up yet"],
    [
      "whose vault has a server's token",
      [{ ...credential({}, [{ keyId: "x" }]), credential: "bot-token" }],
      "attention",
      "True",
      "Not set up yet",
    ],
    [
      "of which somebody has deleted both",
      [credential({}, [{ keyId: "x" }])],
      "failing",
      "False",
      "Both registrations are missing, though the vault holds client secrets of theirs: nobody signs in",
    ],
  ])("without registrations tells apart one %s", async (_, credentials, verdict, status, said) => {
    const gone = () => Promise.reject(new StalledError("registration-missing", "none", { hint: "provision" }));
    const told = await statusAround({ found: {}, credentials: credentials.map((one) => ({ ...one, describe: gone })) });
    expect(told.verdict).toBe(verdict);
    expect(told.conditions.slice(0, 2)).toMatchObject([
      { type: "Ready", status },
      { type: "Provisioned", message: expect.stringContaining(said) },
    ]);
    expect(told.credentials).toMatchObject([{ verdict }]);
  });

  it("is as bad as its worst credential", async () => {
    const gone = credential({ current: current({ enabled: false }) });
    const told = await statusAround({ credentials: [credential(), gone] });
    expect(told.credentials.map(({ verdict }) => verdict)).toEqual(["healthy", "failing"]);
    expect(told.verdict).toBe("failing");
  });

  it("tells the others where one part cannot be read, and why", async () => {
    const told = await statusAround({
      server: { version: refused(503, "down"), whoAmI: refused(401) },
      credentials: [{ ...credential(), describe: vaultIsShut }],
    });
    expect(told).toMatchObject({
      registrations: { server: { found: true } },
      openMetadata: {
        url: "https://catalog.example.com",
        error: "down",
        access: { code: "openmetadata-forbidden", hint: expect.stringContaining("Add own-object") },
      },
      credentials: [
        { credential: "ingestion-client-secret", secret: "a-secret", error: "no right", code: "vault-forbidden" },
      ],
    });
  });

  it("names a registration that is missing, and what makes it", async () => {
    const { registrations } = await statusAround({ found: {} });
    expect(registrations.server).toEqual({ found: false, hint: "Call POST /api/provision" });
  });

  it("does not trust what somebody else made under our name, be it the registration or its service principal", async () => {
    const theirs = { ...fine.server, createdByAppId: "thief" };
    const planted = await statusAround({
      found: { "production-server": theirs, "production-ingestion": fine.ingestion },
    });
    expect(planted.drift.findings[0]).toMatchObject({
      kind: "planted",
      what: expect.stringContaining("production-server"),
    });
    const principal = { id: "principal", createdByAppId: "thief" };
    const half = await statusAround({ principals: { server: principal, ingestion: principal } });
    expect(kinds(half.drift.findings)).toEqual(["planted", "planted"]);
    expect(half.drift.findings[0]?.what).toContain("the service principal of");
  });

  it("puts findings of the credentials and of a shared identity beside the others, and takes what is accepted", async () => {
    const finding = { kind: "other-installation", severity: "warning", what: "Theirs", do: "Look" } as const;
    const told = await statusAround(
      { credentials: [{ ...credential(), describe: async () => ({ ...clientSecret(), findings: [finding] }) }] },
      {
        sharesIdentityWith: ["staging"],
        deployment: { ...question.deployment, acceptedFindings: { "shared-identity": "one team" } },
      },
    );
    expect(told.drift.findings).toMatchObject([{ kind: "shared-identity", accepted: "one team" }, finding]);
    expect(told.credentials[0]).toMatchObject({ findings: undefined });
    expect(told.verdict).toBe("attention");
  });

  it.each<[what: string, Partial<Surroundings>, string[]]>([
    ["are none where the server lets the app in, whatever it says", { server: { signInConfiguration: enforcing } }, []],
    [
      "are what its settings say, and what its refusal does, each once",
      { server: { signInConfiguration: enforcing, whoAmI: refused(401, "Invalid principal domain") } },
      ["AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN"],
    ],
    ["are what only its refusal says", { server: { whoAmI: refused(401, "keyID doesn't match") } }, ["let it reach"]],
    [
      "are not looked for where another token is used",
      { usesOwnToken: false, server: { signInConfiguration: enforcing, whoAmI: refused(401) } },
      [],
    ],
  ])("tells obstacles, which %s", async (_, change, obstacles) => {
    const { openMetadata } = await statusAround(change);
    expect("obstacles" in openMetadata && openMetadata.obstacles).toEqual(
      obstacles.map((one) => expect.stringContaining(one)),
    );
  });
});

async function enforcing() {
  return {
    publicKeyUrls: undefined,
    jwtPrincipalClaims: ["email", "preferred_username", "sub"],
    principalDomain: "example.com",
    enforcePrincipalDomain: true,
  };
}

describe("the history in the status", () => {
  const issued = { keyId: "current", version: "v1", createdOn: day(-10), issuedOn: day(-11), intent: false };

  it("is told where it is asked for, of the credentials that are used", async () => {
    const unused: Credential = {
      ...credential(),
      credential: "bot-token",
      describe: async () => ({
        credential: "bot-token",
        secret: "a-token",
        unused: "it signs in by SSO",
        findings: [],
      }),
      versions: vaultIsShut,
    };
    const { history } = await statusAround({ credentials: [credential({}, [issued]), unused] }, { history: true });
    expect(history?.events.map(({ kind, keyId }) => `${kind} ${keyId}`)).toEqual([
      "promoted current",
      "issued current",
    ]);
    expect(history?.unread).toEqual([]);
  });

  it("knows from Entra's list that one is gone", async () => {
    const older = { ...issued, keyId: "older", version: "v0", createdOn: day(-70), issuedOn: day(-71) };
    const { history } = await statusAround({ credentials: [credential({}, [older, issued])] }, { history: true });
    expect(history?.events.map(({ kind, keyId }) => `${kind} ${keyId}`)).toContain("retired older");
  });

  it("says of which credential it cannot be read", async () => {
    const shut = { ...credential(), versions: vaultIsShut };
    const { history } = await statusAround({ credentials: [shut] }, { history: true });
    expect(history).toEqual({
      events: [],
      unread: [{ credential: "ingestion-client-secret", error: "no right", code: "vault-forbidden", hint: "give it" }],
    });
  });
});
