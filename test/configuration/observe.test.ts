import { describe, expect, it } from "vitest";
import { observe } from "../../shared/configuration/observe.ts";
import type { Ports } from "../../shared/configuration/ports.ts";
import { UpstreamError } from "../../shared/errors.ts";
import { AUTHORITY, facts, INGESTION, OWN, SERVER, TENANT, VAULT } from "./described.ts";

const names = { server: { uniqueName: "openmetadata-server" }, ingestion: { appId: INGESTION } };
const application = (appId: string, createdByAppId = "app") => ({
  appId,
  createdByAppId,
  spa: { redirectUris: ["https://om.example.com/callback"] },
  web: { redirectUris: ["https://om.example.com/web"] },
});
const live = { jwtPrincipalClaims: ["sub"], principalDomain: "example.com", enforcePrincipalDomain: false };

/** Ports of a deployment in which everything is there, with some of it otherwise. */
function ports(change: { missing?: string; signIn?: Error; usesOwnToken?: boolean; madeBy?: string } = {}): Ports {
  const { missing, signIn, usesOwnToken = true, madeBy } = change;
  return {
    authority: AUTHORITY,
    names,
    identity: async () => ({ appId: "app" }),
    provisioning: {
      registrations: {
        async find(name) {
          const appId = "appId" in name ? name.appId : SERVER;
          return appId === missing ? undefined : application(appId, madeBy);
        },
      },
    },
    openMetadata: {
      signsInAs: async () => ({ objectId: OWN }),
      version: async () => "1.12.3",
      settings: () => (signIn ? Promise.reject(signIn) : Promise.resolve(live)),
    },
    delivery: { usesOwnToken },
  };
}

const question = (signInFlow: "implicit" | "auth-code", version?: string) => ({
  deployment: facts("1.12.3", signInFlow).deployment,
  version,
  tenantId: TENANT,
  keyVaultUrl: VAULT,
  readWithinHours: 24,
});

describe("observe()", () => {
  it("reads the redirect URIs of the platform that the flow uses", async () => {
    const uris = async (flow: "implicit" | "auth-code") => (await observe(ports(), question(flow))).server.redirectUris;
    expect(await uris("implicit")).toEqual(["https://om.example.com/callback"]);
    expect(await uris("auth-code")).toEqual(["https://om.example.com/web"]);
  });

  it("asks who the app is only where that signs in to OpenMetadata", async () => {
    expect((await observe(ports(), question("implicit"))).ownObjectId).toBe(OWN);
    expect((await observe(ports({ usesOwnToken: false }), question("implicit"))).ownObjectId).toBeUndefined();
  });

  it("renders no registration that somebody else made under our name: people would sign in to that", async () => {
    await expect(observe(ports({ madeBy: "somebody" }), question("implicit"))).rejects.toThrow(
      /the server registration of deployment .* was created by application somebody, not by this app's identity app/,
    );
  });

  it.each([
    ["server", SERVER],
    ["ingestion", INGESTION],
  ])("names the %s registration when it is missing", async (name, missing) => {
    const run = observe(ports({ missing }), question("implicit"));
    await expect(run).rejects.toMatchObject({ code: "registration-missing", message: expect.stringContaining(name) });
  });

  it("refuses a flow that the release does not know, with what to do", async () => {
    await expect(observe(ports(), question("auth-code", "1.2.5"))).rejects.toMatchObject({
      code: "openmetadata-release-unsupported",
      hint: expect.stringContaining('Set SIGN_IN_FLOW to "implicit"'),
    });
  });

  it("does without a running server, but hides no fault of our own", async () => {
    const down = new UpstreamError("down", { service: "OpenMetadata", status: 0 });
    expect((await observe(ports({ signIn: down }), question("implicit", "1.12.3"))).live).toBeUndefined();
    const bug = new TypeError("a bug");
    await expect(observe(ports({ signIn: bug }), question("implicit"))).rejects.toBe(bug);
  });
});
