import { describe, expect, it } from "vitest";
import { refusalObstacles, tokenObstacles } from "../../shared/delivery/token-obstacles.ts";

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

  it("accepts keys of the tenant by the sister name of its host, as in China", () => {
    const urls = ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"].map((host) => `https://${host}/t/keys`);
    const [one = "", sister = ""] = urls;
    expect(tokenObstacles({ ...open, publicKeyUrls: [sister] }, { keysUrl: one })).toEqual([]);
    expect(tokenObstacles({ ...open, publicKeyUrls: [sister] }, { keysUrl })).toHaveLength(1);
  });

  it.each(["sub", "oid"])("accepts the claim %s, by which the app's user is found", (claim) => {
    expect(tokenObstacles({ ...open, jwtPrincipalClaims: ["email", claim] }, { keysUrl })).toEqual([]);
  });

  it.each(["azp", "appid"])("does not accept the claim %s, by which another user would be looked for", (claim) => {
    const obstacle = `put "sub" before "${claim}" in AUTHENTICATION_JWT_PRINCIPAL_CLAIMS`;
    expect(tokenObstacles({ ...open, jwtPrincipalClaims: ["email", claim] }, { keysUrl })).toEqual([obstacle]);
    expect(tokenObstacles({ ...open, jwtPrincipalClaims: [claim, "sub"] }, { keysUrl })).toEqual([obstacle]);
    expect(tokenObstacles({ ...open, jwtPrincipalClaims: ["sub", claim] }, { keysUrl })).toEqual([]);
  });

  it("looks among all keys, the server's own before the tenant's", () => {
    expect(tokenObstacles({ ...open, publicKeyUrls: ["https://om/jwks", keysUrl] }, { keysUrl })).toEqual([]);
  });

  it("takes what is not told for no obstacle", () => {
    const withheld = { ...open, publicKeyUrls: undefined, enforcePrincipalDomain: undefined };
    expect(tokenObstacles(withheld, { keysUrl })).toEqual([]);
  });

  it("explains each: the tenant's keys, the claim that names an application, the enforced domain", () => {
    const closed = { publicKeyUrls: ["https://om/jwks"], jwtPrincipalClaims: ["email"], enforcePrincipalDomain: true };
    expect(tokenObstacles(closed, { keysUrl })).toEqual([
      `add ${keysUrl} to AUTHENTICATION_PUBLIC_KEYS`,
      'append "sub" to AUTHENTICATION_JWT_PRINCIPAL_CLAIMS',
      expect.stringMatching(/^set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false.* OPENMETADATA_TOKEN_SECRET\)$/),
    ]);
  });
});

describe("refusalObstacles()", () => {
  const keysUrl = "https://login.microsoftonline.com/tenant/discovery/v2.0/keys";

  it.each([
    ["Not Authorized! Email does not match the principal domain example.com", /AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN/],
    ["An exception with message [JWT Token keyID doesn't match the configured keyID.]", /AUTHENTICATION_PUBLIC_KEYS/],
  ])("reads %j", (said, obstacle) => {
    expect(refusalObstacles(said, { keysUrl })).toEqual([expect.stringMatching(obstacle)]);
  });

  it("takes a key that is not found, where the address of the keys is listed, for keys that the server cannot fetch", () => {
    const said = "JWT Token keyID doesn't match the configured keyID.";
    const own = "https://om.example.com/api/v1/system/config/jwks";
    expect(refusalObstacles(said, { keysUrl, publicKeyUrls: [own, keysUrl] })).toEqual([
      expect.stringMatching(/^let it reach https:\/\/login.*keys: .*outbound network/),
    ]);
    expect(refusalObstacles(said, { keysUrl, publicKeyUrls: [own] })).toEqual([
      `add ${keysUrl} to AUTHENTICATION_PUBLIC_KEYS`,
    ]);
  });

  it("reads nothing into another refusal", () => {
    expect(refusalObstacles("user instance for x not found", { keysUrl })).toEqual([]);
  });
});
