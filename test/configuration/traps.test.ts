import { describe, expect, it } from "vitest";
import { callbackReasons } from "../../shared/configuration/callback.ts";
import { render } from "../../shared/configuration/render.ts";
import { type Change, comments, described, facts, OWN } from "./described.ts";

const SERVER_FORMATS = ["docker", "bare-metal", "kubernetes"] as const;

function told(
  format: (typeof SERVER_FORMATS)[number],
  version: string,
  change: Change = {},
  flow = "auth-code" as const,
) {
  return comments(render(format, [described(version, flow, change)]).text);
}

const live = { jwtPrincipalClaims: ["email"], principalDomain: "example.com", enforcePrincipalDomain: true };
const OTHER = "https://om.example.com/auth/callback";
const registered = (...redirectUris: string[]) => ({
  server: { ...facts("1.12.3", "auth-code").server, redirectUris },
});

describe.each(SERVER_FORMATS)("the comments for %s", (format) => {
  it.each([
    ["the tenant's keys", /\.\.\.\/common\/discovery\/keys, which names no tenant/],
    ["the server's own keys", /without them no bot can sign in/],
    ["the authority", /do not append \/v2\.0 or \/oauth2\/v2\.0\/authorize/],
    ["the discovery URI", /Must contain the tenant; the published examples omit/],
    ["OIDC_TENANT", /The tenant's GUID\. The published examples show a URL/],
    ["offline_access", /The default and the published examples lack offline_access/],
    ["OIDC_SERVER_URL", /Missing in the published examples; without it the browser is sent to localhost/],
    ["the platform", /redirect URI on the Web platform and a secret; sign-in fails with one on the SPA platform/],
    ["the order of claims", /a different order would match people to other users/],
    ["the default admin", /"admin" is left out on purpose/],
    ["the app's identity", new RegExp(`${OWN} is the managed identity`)],
    ["the public key pair", /a public key pair that everybody can download: replace it/],
  ])("explain %s", (_, text) => {
    expect(told(format, "1.12.3")).toMatch(text);
  });

  it("tell which redirect URIs a release uses, and what Entra lacks of them", () => {
    const { callbackUrl } = described("1.12.3", "auth-code");
    expect(told(format, "1.5.13")).not.toContain("/auth/callback");
    expect(told(format, "1.12.3")).toContain(`may send ${OTHER} instead`);
    expect(told(format, "1.12.3")).toContain("Add it to EXTRA_REDIRECT_URIS");
    expect(told(format, "1.12.3", registered(callbackUrl, OTHER))).toContain("It is registered too.");
    expect(told(format, "1.12.3", registered(OTHER))).toContain("does not have it as a Web redirect URI yet");
    expect(told(format, "2.0.0")).toContain(`Do not register ${OTHER}`);
    expect(told(format, "2.0.0", registered(callbackUrl, OTHER))).toContain("remove it from EXTRA_REDIRECT_URIS");
    expect(told(format, "2.0.0")).toContain("Blank on purpose");
  });

  it("say where an enforced principal domain shuts applications out", () => {
    expect(told(format, "1.12.3", { live })).toContain("name that secret in OPENMETADATA_TOKEN_SECRET");
    expect(told(format, "1.12.3", { live, ownObjectId: undefined })).not.toContain("OPENMETADATA_TOKEN_SECRET");
    expect(told(format, "1.12.3")).not.toMatch(/rejects tokens|locks out/);
  });

  it("say where the order of claims comes from", () => {
    expect(told(format, "1.12.3")).toContain("In the same order as on the server");
    expect(told(format, "1.12.3", { live: undefined })).toContain(
      "keep the order that GET https://om.example.com/api/v1/system/config/auth shows",
    );
  });

  it("say which wins, this or what the database holds", () => {
    expect(told(format, "1.5.13")).not.toContain("Settings > SSO");
    expect(told(format, "1.12.3")).toContain("are in the database and silently override this file");
    expect(told(format, "2.0.0")).toContain("SECURITY_CONFIG_SOURCE");
  });

  it("say that a pushed client secret lies there too, in the flow that has one", () => {
    const text = (flow: "auth-code" | "implicit") => comments(render(format, [described("1.12.3", flow)]).text);
    expect(text("auth-code")).toContain("from its first push on the database takes precedence");
    expect(text("implicit")).not.toContain("first push");
  });

  it("do not say that the default admin is left out where the settings name it", () => {
    const text = told(format, "1.12.3", { deployment: { initialAdmins: ["jane", "Admin@example.com"] } });
    expect(text).toContain('"admin" is listed because INITIAL_ADMINS names it');
    expect(text).not.toContain("left out on purpose");
  });

  it("ask for a person among the administrators", () => {
    expect(told(format, "1.12.3", { deployment: { initialAdmins: [] } })).toContain("No person is listed");
    expect(told(format, "1.12.3")).not.toContain("No person is listed");
  });
});

describe("the callback of an OpenMetadata without https", () => {
  it.each(["implicit", "auth-code"] as const)("is told to be no redirect URI, whatever is provisioned: %s", (flow) => {
    const callbackUrl = "http://om.internal:8585/callback";
    const told = callbackReasons({ ...described("1.12.3", flow), callbackUrl }).join(" ");
    expect(told).toContain("https only");
    expect(told).toContain("EXTRA_REDIRECT_URIS");
    expect(told).not.toContain("call POST /api/provision.");
  });
});
