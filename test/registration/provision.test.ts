import { describe, expect, it } from "vitest";
import { provision } from "../../shared/registration/provision.ts";

const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";

/** What a dry run of provisioning in an empty tenant warns of. */
async function warnings(
  host: string,
  signInFlow: "implicit" | "auth-code",
  more: { openMetadataUrl?: string; extraRedirectUris?: string[] } = {},
) {
  const nothing = async (): Promise<never> => {
    throw new Error("A dry run writes nothing");
  };
  const registrations = {
    find: async () => undefined,
    findServicePrincipal: async () => undefined,
    create: nothing,
    update: nothing,
    expose: nothing,
    createServicePrincipal: nothing,
  };
  const intent = {
    tenantId: TENANT,
    name: "openmetadata",
    openMetadataUrl: "https://catalog.example.com",
    signInFlow,
    extraRedirectUris: [],
    ...more,
  };
  const { result } = await provision(
    {
      registrations,
      identity: nothing,
      tell: () => undefined,
      takeBackDelivery: nothing,
      log: () => undefined,
    },
    {
      intent,
      authority: `https://${host}/${TENANT}`,
      server: { uniqueName: "openmetadata-server" },
      ingestion: { uniqueName: "openmetadata-ingestion" },
      dryRun: true,
    },
  );
  return result?.warnings;
}

describe("provisioning in a sovereign cloud", () => {
  it.each(["login.microsoftonline.us", "login.partner.microsoftonline.cn"])(
    "at %s says beforehand that OpenMetadata will not take a new client secret, and what to do",
    async (host) => {
      expect(await warnings(host, "auth-code")).toEqual([
        expect.stringMatching(
          new RegExp(`accept no sign-in host but login.microsoftonline.com.*${host}.*SIGN_IN_FLOW`),
        ),
      ]);
      expect(await warnings(host, "implicit")).toBeUndefined();
    },
  );

  it("is quiet in the public cloud", async () => {
    expect(await warnings("login.microsoftonline.com", "auth-code")).toBeUndefined();
  });
});

describe("provisioning of an OpenMetadata without https", () => {
  const openMetadataUrl = "http://catalog.internal:8585";

  it("says where nobody can sign in, and what to do", async () => {
    expect(await warnings("login.microsoftonline.com", "implicit", { openMetadataUrl })).toEqual([
      expect.stringMatching(/^Nobody can sign in at http:\/\/catalog\.internal:8585\/callback: .*EXTRA_REDIRECT_URIS$/),
    ]);
  });

  it.each([
    { openMetadataUrl, extraRedirectUris: ["https://catalog.example.com/callback"] },
    { openMetadataUrl: "http://localhost:8585" },
  ])("is quiet where people have another address, and on this machine: %j", async (more) => {
    expect(await warnings("login.microsoftonline.com", "implicit", more)).toBeUndefined();
  });
});
