import { describe, expect, it } from "vitest";
import {
  authorityOf,
  callbackUrl,
  defaultScope,
  isLoopback,
  isOwnKeysUrl,
  openIdConfigurationUrl,
  ownKeysPath,
  signInConfigurationPath,
  tenantKeysUrl,
  vaultName,
} from "../../shared/deployment/addresses.ts";
import { callerTokenCommand } from "../../shared/deployment/caller-token.ts";

describe("addresses", () => {
  const authority = authorityOf({ authorityHost: "https://login.microsoftonline.com", tenantId: "tenant" });

  it("of Entra derive from the tenant", () => {
    expect(authority).toBe("https://login.microsoftonline.com/tenant");
    expect(tenantKeysUrl(authority)).toBe(`${authority}/discovery/v2.0/keys`);
    expect(openIdConfigurationUrl(authority, "v2.0")).toBe(`${authority}/v2.0/.well-known/openid-configuration`);
    expect(openIdConfigurationUrl(authority, "v1.0")).toBe(`${authority}/.well-known/openid-configuration`);
    expect(defaultScope("app")).toBe("api://app/.default");
    expect(callerTokenCommand("app")).toBe("az account get-access-token --scope 'api://app/.default'");
  });

  it("of OpenMetadata depend on its release; one that is not known counts as recent", () => {
    expect(callbackUrl("https://om.example.com/base")).toBe("https://om.example.com/base/callback");
    expect(ownKeysPath([0, 13, 3])).toBe("/api/v1/config/jwks");
    expect(ownKeysPath([1, 0, 0])).toBe("/api/v1/system/config/jwks");
    expect(ownKeysPath(undefined)).toBe("/api/v1/system/config/jwks");
    expect(signInConfigurationPath([0, 13, 3])).toBe("/api/v1/config/auth");
    expect(signInConfigurationPath([1, 0, 0])).toBe("/api/v1/system/config/auth");
  });

  it("tell the server's own keys from others, of every release", () => {
    expect([ownKeysPath([0, 13, 3]), ownKeysPath(undefined)].map((path) => isOwnKeysUrl(`https://om${path}`))).toEqual([
      true,
      true,
    ]);
    expect(isOwnKeysUrl(tenantKeysUrl(authority))).toBe(false);
    expect(isOwnKeysUrl("https://om/api/v1/system/config/jwks/other")).toBe(false);
  });

  it("of a vault tell its name", () => {
    expect(vaultName("https://openmetadata-kv.vault.azure.net")).toBe("openmetadata-kv");
  });

  it.each(["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.8.9.10", "[::1]"])(
    "of %s stays on this machine",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(["notlocalhost", "localhost.example", "127.0.0.1.example", "x127.0.0.1", "128.0.0.1", "[::2]", "x[::1]"])(
    "of %s leads to another machine, whatever it looks like",
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
