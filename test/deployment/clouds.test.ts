import { describe, expect, it } from "vitest";
import { isOfAuthority, isSameAddress, secretStaysOut } from "../../shared/deployment/clouds.ts";

describe("the sign-in service", () => {
  it.each([
    ["login.microsoftonline.com", "login.windows.net"],
    ["login.microsoftonline.com", "login.microsoft.com"],
    ["login.microsoftonline.com", "sts.windows.net"],
    ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  ])("of %s is that of %s", (one, other) => {
    expect(isOfAuthority(`https://${other}/x`, `https://${one}/tenant`)).toBe(true);
    expect(isSameAddress(`https://${other}/tenant/`, `https://${one}/TENANT`)).toBe(true);
    expect(isSameAddress(`https://${other}/other`, `https://${one}/tenant`)).toBe(false);
  });

  it("of one cloud is not that of another, nor of a host that is none", () => {
    const authority = "https://login.microsoftonline.com/tenant";
    for (const url of ["https://login.microsoftonline.us/tenant", "https://login.microsoftonline.com.evil.example/"]) {
      expect(isOfAuthority(url, authority)).toBe(false);
      expect(isSameAddress(url, authority)).toBe(false);
    }
    expect(isOfAuthority("https://stand-in:8443/x", "https://stand-in:8443/tenant")).toBe(true);
    expect(isOfAuthority("https://stand-in:8443/x", "https://stand-in:9443/tenant")).toBe(false);
    expect(isOfAuthority("no address", authority)).toBe(false);
    expect([isSameAddress("one", "one"), isSameAddress("one", "other")]).toEqual([true, false]);
  });
});

describe("the server's client secret", () => {
  const china = "https://login.partner.microsoftonline.cn/tenant";

  it.each([
    ["in the public cloud", "https://login.microsoftonline.com/tenant", "auth-code", undefined, true],
    ["at a stand-in", "https://login.localhost:8443/tenant", "auth-code", undefined, true],
    ["at a stand-in of no name", "https://localhost/tenant", "auth-code", undefined, true],
    ["at a host that only looks like one", "https://notlocalhost/tenant", "auth-code", undefined, false],
    ["in the implicit flow, which has none", china, "implicit", undefined, true],
    ["of a release that knows every host", china, "auth-code", [1, 9, 99], true],
    ["of a release that knows one host", china, "auth-code", [1, 10, 0], false],
    ["of a release that nobody knows", china, "auth-code", undefined, false],
  ] as const)("can be handed to it %s", (_, authority, flow, release, can) => {
    expect(secretStaysOut({ authority, flow, release }) === undefined).toBe(can);
  });

  it("that stays out is told with the host and what to do", () => {
    expect(secretStaysOut({ authority: china, flow: "auth-code", release: undefined })).toEqual({
      what: "OpenMetadata 1.10 and later accept no sign-in host but login.microsoftonline.com: with login.partner.microsoftonline.cn, they reject every change of the sign-in settings, so this app cannot push a new client secret",
      do: expect.stringMatching(/^Set SIGN_IN_FLOW to implicit.*replace the server's client secret by hand/),
    });
  });
});
