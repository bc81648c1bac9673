import { describe, expect, it } from "vitest";
import { AUTHORITY, described, facts, INGESTION, OWN, SERVER, TENANT, VAULT } from "./described.ts";

const live = facts("1.12.3", "implicit").live ?? { principalDomain: "", enforcePrincipalDomain: false };

describe("desiredConfiguration()", () => {
  it("derives every address from the tenant and the server", () => {
    expect(described("1.12.3", "implicit")).toMatchObject({
      tenantId: TENANT,
      authority: AUTHORITY,
      callbackUrl: "https://om.example.com/callback",
      keyUrls: [`${AUTHORITY}/discovery/v2.0/keys`, "https://om.example.com/api/v1/system/config/jwks"],
      discoveryUrl: `${AUTHORITY}/v2.0/.well-known/openid-configuration`,
      serverClientId: SERVER,
      ingestionClientId: INGESTION,
      scope: `api://${SERVER}/.default`,
    });
  });

  it("knows where the server keeps its keys, by release, below a base path too", () => {
    const own = (version: string) =>
      described(version, "implicit", { deployment: { openMetadataUrl: "https://example.com/om" } }).keyUrls[1];
    expect(own("0.13.3")).toBe("https://example.com/om/api/v1/config/jwks");
    expect(own("1.0.0")).toBe("https://example.com/om/api/v1/system/config/jwks");
  });

  it("lists administrators by name, lower-cased where the release does so, with the app's own identity", () => {
    expect(described("1.2.5", "implicit").admins).toEqual(["Jane.Doe", "john", OWN]);
    expect(described("1.3.0", "implicit").admins).toEqual(["jane.doe", "john", OWN]);
    expect(described("1.3.0", "implicit").adminEmails).toEqual(["Jane.Doe@example.com", "john@example.com"]);
  });

  it("lists no identity where a token from the vault signs in, and nobody twice", () => {
    const deployment = { initialAdmins: ["Jane@a.example", "jane@b.example"] };
    expect(described("1.12.3", "implicit", { ownObjectId: undefined, deployment }).admins).toEqual(["jane"]);
  });

  it("keeps the order of the server's claims, and appends what names an application only where nothing does", () => {
    const claims = (jwtPrincipalClaims: string[]) => {
      const { claims, claimsFrom } = described("1.12.3", "implicit", { live: { ...live, jwtPrincipalClaims } });
      return { claims, claimsFrom };
    };
    expect(claims(["sub", "email"])).toEqual({ claims: ["sub", "email"], claimsFrom: "server" });
    expect(claims(["upn", "oid"])).toEqual({ claims: ["upn", "oid"], claimsFrom: "server" });
    expect(claims(["upn", "email"])).toEqual({ claims: ["upn", "email", "sub"], claimsFrom: "server" });
    // What comes first counts, but to move it is for a person: GET /api/status says so.
    expect(claims(["azp", "sub"])).toEqual({ claims: ["azp", "sub"], claimsFrom: "server" });
    expect(claims(["email", "azp"])).toEqual({ claims: ["email", "azp", "sub"], claimsFrom: "server" });
    expect(claims([])).toEqual({ claims: ["email", "preferred_username", "sub"], claimsFrom: "default" });
  });

  it("takes the server's default order where no server could be asked", () => {
    const { claims, claimsFrom, enforcePrincipalDomain } = described("1.12.3", "implicit", { live: undefined });
    expect(claims).toEqual(["email", "preferred_username", "sub"]);
    expect(claimsFrom).toBe("default");
    // Nobody knows: to say that it is off would switch it off.
    expect(enforcePrincipalDomain).toBeUndefined();
  });

  it("takes the chosen principal domain, and the server's where nobody chose one", () => {
    const domain = (chosen: string, found: string) =>
      described("1.12.3", "implicit", {
        live: { jwtPrincipalClaims: [], enforcePrincipalDomain: true, principalDomain: found },
        deployment: { principalDomain: chosen },
      }).principalDomain;
    expect(domain("chosen.example", "found.example")).toBe("chosen.example");
    expect(domain("open-metadata.org", "found.example")).toBe("found.example");
    expect(domain("open-metadata.org", "")).toBe("open-metadata.org");
    expect(domain("open-metadata.org", "a\nEVIL=1")).toBe("open-metadata.org");
  });

  it("does not switch off a filter that the server has", () => {
    const filtering = { ...live, jwtPrincipalClaims: [], enforcePrincipalDomain: true };
    expect(described("1.12.3", "implicit", { live: filtering }).enforcePrincipalDomain).toBe(true);
  });

  it.each([
    ["0.13.3", "auto", "client secret"],
    ["1.2.5", "auto", "client secret"],
    ["1.2.5", "sso", "client secret"],
    ["1.2.5", "jwt", "token"],
    ["1.3.0", "auto", "token"],
    ["1.3.0", "sso", "token"],
    ["2.0.0", "auto", "token"],
  ] as const)("in %s with BOT_CREDENTIAL %s the bot holds a %s", (version, botCredential, holds) => {
    expect(described(version, "implicit", { deployment: { botCredential } }).bot.holds).toBe(holds);
  });

  it("names each secret by its place in the vault", () => {
    const { secrets } = described("1.12.3", "auth-code", { deployment: { name: "blue" } });
    expect(Object.values(secrets).map(({ vaultUri }) => vaultUri)).toEqual([
      `${VAULT}/secrets/blue-server-client-secret`,
      `${VAULT}/secrets/blue-ingestion-client-secret`,
      `${VAULT}/secrets/blue-bot-token`,
    ]);
  });
});
