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
      hint: expect.stringMatching(/address of its own keys in AUTHENTICATION_PUBLIC_KEYS.*"administrator"/),
    });
  });
});
