import { describe, expect, it } from "vitest";
import { type Admittance, admittedAs } from "../../shared/delivery/admittance.ts";
import { UpstreamError } from "../../shared/errors.ts";

const KEYS = "https://login.microsoftonline.com/tenant/discovery/v2.0/keys";

function asking(usesOwnToken: boolean): Promise<unknown> {
  const refuse = async () => {
    const message = 'OpenMetadata answered 401 "JWT Token keyID doesn\'t match the configured keyID."';
    throw new UpstreamError(message, { service: "OpenMetadata", status: 401 });
  };
  const told = {
    publicKeyUrls: [KEYS],
    jwtPrincipalClaims: ["sub"],
    enforcePrincipalDomain: false,
    principalDomain: "",
  };
  const ports = {
    keysUrl: KEYS,
    usesOwnToken,
    deployment: { openMetadataTokenSecret: "administrator" },
    vault: "openmetadata-kv",
    ownObjectId: async () => "id",
    openMetadata: { signInConfiguration: async () => told, whoAmI: refuse },
  } as unknown as Admittance;
  return admittedAs(ports, "Cannot push", { entraTokens: false });
}

describe("a server that cannot fetch keys", () => {
  it("is told as one where it lists those of the tenant and knows none", async () => {
    await expect(asking(true)).rejects.toMatchObject({
      code: "openmetadata-forbidden",
      hint: expect.stringContaining(`let it reach ${KEYS}`),
    });
  });

  it("is told as one where it does not know a token of its own", async () => {
    await expect(asking(false)).rejects.toMatchObject({
      code: "openmetadata-forbidden",
      hint: expect.stringMatching(
        /address of its own keys in AUTHENTICATION_PUBLIC_KEYS.*"administrator":\n.* --vault-name openmetadata-kv --name administrator /,
      ),
    });
  });
});

describe("a server that knows the app as no administrator", () => {
  /** The hint, where the server tells this domain. */
  async function hint(principalDomain: string): Promise<string> {
    const ports = {
      keysUrl: KEYS,
      usesOwnToken: true,
      deployment: { openMetadataUrl: "https://metadata.example.com/base", principalDomain: "example.com" },
      ownObjectId: async () => "id-1",
      openMetadata: {
        signInConfiguration: async () => ({ publicKeyUrls: [KEYS], jwtPrincipalClaims: ["sub"], principalDomain }),
        whoAmI: async () => ({ name: "id-1", isAdmin: false }),
      },
    } as unknown as Admittance;
    return admittedAs(ports, "Cannot push", { entraTokens: false }).then(
      () => "",
      (error: { hint: string }) => error.hint,
    );
  }

  it("is told with the whole command that makes the app one", async () => {
    const [words, command] = (await hint("corp.example")).split("\n");
    expect(words).toContain("OPENMETADATA_TOKEN");
    expect(command).toBe(
      `curl --fail-with-body -X PUT -H "Authorization: Bearer $OPENMETADATA_TOKEN" -H "Content-Type: application/json" -d '{"name":"id-1","email":"id-1@corp.example","isAdmin":true}' https://metadata.example.com/base/api/v1/users`,
    );
  });

  it("cannot write into that command", async () => {
    expect(await hint("x'; curl evil.example; '")).toContain("id-1@example.com");
    expect(await hint("")).toContain("id-1@example.com");
  });
});
