import { describe, expect, it } from "vitest";
import {
  botUserShape,
  chooseBotCredential,
  differences,
  type Held,
  tokenObstacles,
} from "../../shared/delivery/plan.ts";

describe("chooseBotCredential()", () => {
  it.each([
    ["0.11.5", "refused"],
    ["0.12.0", "refused"],
    ["0.12.1", "sso"],
    ["0.13.3", "sso"],
    ["1.0.0", "sso"],
    ["1.2.5", "sso"],
    ["1.2.5-SNAPSHOT", "sso"],
    ["1.3.0", "jwt"],
    ["1.3.0-rc1", "jwt"],
    ["1.5.13", "jwt"],
    ["1.12.3", "jwt"],
    ["2.0.0", "jwt"],
    ["unknown", "refused"],
    ["", "refused"],
  ])("chooses for OpenMetadata %s: %s", (version, kind) => {
    expect(chooseBotCredential(version, "auto").kind).toBe(kind);
  });

  it("says why, by the version as the server gave it", () => {
    const why = (version: string, forced: "auto" | "sso" | "jwt" = "auto") =>
      chooseBotCredential(version, forced).because;
    expect(why("1.2.5")).toBe("OpenMetadata 1.2.5 signs bots in with Azure SSO");
    expect(why("1.5.13")).toBe("OpenMetadata 1.5.13 ignores an Azure client secret for bots");
    expect(why("0.12.0")).toBe("OpenMetadata 0.12.0 has no REST call for a bot's credential before 0.12.1");
    expect(why("unknown")).toBe('the server\'s version "unknown" tells no release');
    expect(why("1.2.5", "jwt")).toBe("BOT_CREDENTIAL says so");
    expect(why("unknown", "jwt")).toBe("BOT_CREDENTIAL says so");
  });

  it.each([
    [" 1.2.5", "sso"],
    ["10.2", "jwt"],
    ["1.2", "sso"],
    ["0.12.10", "sso"],
    ["v1.2.5", "refused"],
  ])("reads %s as %s", (version, kind) => {
    expect(chooseBotCredential(version, "auto").kind).toBe(kind);
  });

  it("refuses to force what the release ignores, with the reason", () => {
    expect(chooseBotCredential("1.5.13", "sso")).toEqual({
      kind: "refused",
      because: 'BOT_CREDENTIAL is "sso", but OpenMetadata 1.5.13 ignores an Azure client secret for bots',
    });
    expect(chooseBotCredential("1.2.5", "sso").kind).toBe("sso");
    expect(chooseBotCredential("unknown", "sso").kind).toBe("refused");
  });

  it("lets a token be forced", () => {
    expect(chooseBotCredential("1.2.5", "jwt").kind).toBe("jwt");
    expect(chooseBotCredential("unknown", "jwt").kind).toBe("jwt");
  });
});

describe("botUserShape()", () => {
  it("is a reference up to 0.13, a name since", () => {
    expect(["0.12.1", "0.13.3", "1.0.0", "1.2.5"].map(botUserShape)).toEqual([
      "reference",
      "reference",
      "name",
      "name",
    ]);
  });
});

describe("tokenObstacles()", () => {
  const keysUrl = "https://login.microsoftonline.com/tenant/discovery/v2.0/keys";
  const open = {
    publicKeyUrls: [keysUrl],
    jwtPrincipalClaims: ["email", "preferred_username", "sub"],
    enforcePrincipalDomain: false,
  };

  it("finds none in a server that is set up as it should be", () => {
    expect(tokenObstacles(open, { keysUrl })).toEqual([]);
  });

  it("accepts the keys of all tenants, as the published examples have them, and the default claims", () => {
    const published = {
      ...open,
      publicKeyUrls: ["https://login.microsoftonline.com/common/discovery/keys"],
      jwtPrincipalClaims: [],
    };
    expect(tokenObstacles(published, { keysUrl })).toEqual([]);
  });

  it.each(["sub", "oid", "azp", "appid"])("accepts the claim %s, which app-only tokens have", (claim) => {
    expect(tokenObstacles({ ...open, jwtPrincipalClaims: ["email", claim] }, { keysUrl })).toEqual([]);
  });

  it("looks among all keys, the server's own before the tenant's", () => {
    expect(tokenObstacles({ ...open, publicKeyUrls: ["https://om/jwks", keysUrl] }, { keysUrl })).toEqual([]);
  });

  it("explains each: the tenant's keys, the claim that names an application, the enforced domain", () => {
    const closed = { publicKeyUrls: ["https://om/jwks"], jwtPrincipalClaims: ["email"], enforcePrincipalDomain: true };
    expect(tokenObstacles(closed, { keysUrl })).toEqual([
      `AUTHENTICATION_PUBLIC_KEYS lacks ${keysUrl}: add it`,
      'AUTHENTICATION_JWT_PRINCIPAL_CLAIMS lacks "sub": append it',
      expect.stringMatching(/^AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN .* OPENMETADATA_TOKEN_SECRET$/),
    ]);
  });
});

describe("differences()", () => {
  const wanted = {
    clientId: "app",
    clientSecret: "value",
    authority: "https://login/tenant",
    scopes: ["api://x/.default"],
  };
  const held: Held = { authType: "SSO", ssoServiceType: "azure", azure: wanted };

  it("finds none when the server holds what it was sent, a masked secret included", () => {
    expect(differences(held, wanted)).toEqual([]);
    expect(differences({ ...held, azure: { ...wanted, clientSecret: "*********" } }, wanted)).toEqual([]);
  });

  it("sees a server that silently kept another mechanism", () => {
    expect(differences({ authType: "JWT", ssoServiceType: undefined, azure: undefined }, wanted)).toEqual(["authType"]);
    expect(differences({ ...held, ssoServiceType: "google" }, wanted)).toEqual(["ssoServiceType"]);
  });

  it.each([
    ["clientId", { clientId: "other" }],
    ["authority", { authority: "https://login/other" }],
    ["scopes", { scopes: [] }],
    ["scopes", { scopes: ["api://x", "/.default"] }],
    ["clientSecret", { clientSecret: "a*" }],
    ["clientSecret", { clientSecret: "*a" }],
    ["clientSecret", { clientSecret: "old" }],
  ])("names a different %s", (field, change) => {
    expect(differences({ ...held, azure: { ...wanted, ...change } }, wanted)).toEqual([field]);
  });
});
