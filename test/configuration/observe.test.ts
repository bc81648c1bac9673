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
function ports(
  change: {
    missing?: string;
    signIn?: Error;
    usesOwnToken?: boolean;
    madeBy?: string;
    version?: () => Promise<string>;
  } = {},
): Ports {
  const { missing, signIn, usesOwnToken = true, madeBy, version = async () => "1.12.3" } = change;
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
      version,
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
    await expect(run).rejects.toMatchObject({
      code: "registration-missing",
      message: `Cannot render the configuration of "openmetadata": the ${name} registration does not exist`,
      hint: "Call POST /api/provision, then POST /api/consent",
    });
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

  it("tells everything that a configuration depends on, and whose word the release is", async () => {
    const { deployment, ...rest } = await observe(ports(), question("implicit"));
    expect(deployment).toEqual(question("implicit").deployment);
    expect(rest).toEqual({
      tenantId: TENANT,
      authority: AUTHORITY,
      keyVaultUrl: VAULT,
      readWithinHours: 24,
      release: [1, 12, 3],
      releaseFrom: "server",
      live,
      server: { appId: SERVER, redirectUris: ["https://om.example.com/callback"] },
      ingestion: { appId: INGESTION },
      ownObjectId: OWN,
    });
    const asked = await observe(ports(), question("implicit", "1.5.13"));
    expect(asked).toMatchObject({ release: [1, 5, 13], releaseFrom: "caller" });
  });

  it("guesses no release: a server that does not tell it, or tells none, is a case for the caller", async () => {
    const down = new UpstreamError("Cannot reach OpenMetadata", { service: "OpenMetadata", status: 0 });
    const hint = "Send the version, for example version=1.12.3, or call again when the server answers";
    const subject = 'Cannot render the configuration of "openmetadata"';
    const told = (version: () => Promise<string>) => observe(ports({ version }), question("implicit"));
    const unknown = { code: "openmetadata-version-unknown", hint };
    await expect(told(() => Promise.reject(down))).rejects.toMatchObject({
      ...unknown,
      message: `${subject}: Cannot reach OpenMetadata`,
      cause: down,
    });
    await expect(told(async () => "main")).rejects.toMatchObject({
      ...unknown,
      message: `${subject}: cannot parse OpenMetadata version "main"`,
    });
    const bug = new TypeError("a bug");
    await expect(told(() => Promise.reject(bug))).rejects.toBe(bug);
    await expect(observe(ports(), question("implicit", "main"))).rejects.toMatchObject({
      code: "query-invalid",
      message: 'Cannot parse OpenMetadata version "main"',
      hint: "Send a version such as version=1.12.3",
    });
  });
});
