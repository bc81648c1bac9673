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
    for (const domain of ["x'; curl evil.example; '", "'; curl evil", "evil'"]) {
      expect(await hint(domain)).toContain("id-1@example.com");
    }
    expect(await hint("")).toContain("id-1@example.com");
  });
});

describe("a server that refuses", () => {
  /** What it says of us, by our own token or a stored one; and what came of it. */
  function asked(
    whoAmI: () => Promise<{ name: string; isAdmin: boolean }>,
    { own = true, entraTokens = false, claims = ["sub"] } = {},
  ) {
    const told = { publicKeyUrls: [KEYS], jwtPrincipalClaims: claims, principalDomain: "corp.example" };
    const ports = {
      keysUrl: KEYS,
      usesOwnToken: own,
      vault: "prod-kv",
      deployment: { openMetadataTokenSecret: "administrator", openMetadataUrl: "https://metadata.example.com" },
      ownObjectId: async () => "id-1",
      openMetadata: { signInConfiguration: async () => told, whoAmI },
    } as unknown as Admittance;
    return admittedAs(ports, "Cannot push", { entraTokens });
  }
  const refuses = (status: number, said: string) => () =>
    Promise.reject(new UpstreamError(said, { service: "OpenMetadata", status }));
  const administrator = async () => ({ name: "admin", isAdmin: true });

  it("nothing tells by which name it takes us for an administrator", async () => {
    expect(await asked(administrator)).toMatchObject({ administrator: "admin", principalDomain: "corp.example" });
  });

  it.each([
    ["a user that it does not know", refuses(404, "Entity not found"), "OpenMetadata does not know the app's user"],
    ["with its own words", refuses(403, "Not allowed"), "Not allowed"],
    [
      "a user that is no administrator",
      async () => ({ name: "reader", isAdmin: false }),
      'user "reader" is not an OpenMetadata administrator',
    ],
  ])("%s is told so, with how to get in", async (_, whoAmI, because) => {
    await expect(asked(whoAmI)).rejects.toMatchObject({
      code: "openmetadata-forbidden",
      message: `Cannot push: ${because}`,
      hint: expect.stringContaining("AUTHORIZER_ADMIN_PRINCIPALS"),
    });
    await expect(asked(whoAmI, { own: false })).rejects.toMatchObject({
      message: `Cannot push: ${because}`,
      hint: expect.stringMatching(
        /^Store the token of an administrator's bot in the vault secret "administrator".*\n.*--vault-name prod-kv --name administrator/,
      ),
    });
  });

  it("tokens of Entra is told whose they are, and all that is to be changed", async () => {
    const claims = ["email"];
    const refused = refuses(401, "Not authorized! Email does not match the principal domain");
    await expect(asked(refused, { claims })).rejects.toMatchObject({
      message: "Cannot push: OpenMetadata does not accept the tokens of the app's identity",
      hint: expect.stringMatching(
        /^Change on the OpenMetadata server: append "sub" to .*; set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to false/,
      ),
    });
    await expect(asked(administrator, { own: false, entraTokens: true, claims })).rejects.toMatchObject({
      message: "Cannot push: OpenMetadata does not accept the tokens of ingestion",
    });
    expect(await asked(administrator, { own: false, entraTokens: false, claims })).toBeDefined();
    expect(await asked(administrator, { claims })).toBeDefined();
  });

  it("by failing is told so where it lacks the key; every other failure is its own", async () => {
    await expect(asked(refuses(500, "keyID doesn't match"))).rejects.toMatchObject({ code: "openmetadata-forbidden" });
    for (const failure of [refuses(500, "broken"), refuses(503, "keyID doesn't match")]) {
      await expect(asked(failure)).rejects.toBeInstanceOf(UpstreamError);
    }
  });
});
