import { describe, expect, it } from "vitest";
import type { SignInSettings } from "../../shared/hygiene/ports.ts";
import { type Provisioned, signInDrift } from "../../shared/hygiene/sign-in-drift.ts";

const SERVER = "https://catalog.example.com";
const AUTHORITY = "https://login.microsoftonline.com/5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
const KEYS = [`${AUTHORITY}/discovery/v2.0/keys`, `${SERVER}/api/v1/system/config/jwks`];

const provisioned: Provisioned = {
  serverUrl: SERVER,
  authority: AUTHORITY,
  flow: "implicit",
  clientId: "11111111-1111-1111-1111-111111111111",
  redirectUris: [`${SERVER}/callback`],
  release: [1, 12, 3],
};
const asProvisioned: SignInSettings = {
  provider: "azure",
  authority: AUTHORITY,
  clientId: "11111111-1111-1111-1111-111111111111",
  callbackUrl: `${SERVER}/callback`,
  clientType: "public",
  publicKeyUrls: KEYS,
};

const kinds = (found: Partial<SignInSettings>, wanted: Partial<Provisioned> = {}): string[] =>
  signInDrift({ ...asProvisioned, ...found }, { ...provisioned, ...wanted }).map(({ kind }) => kind);

describe("signInDrift()", () => {
  it("finds nothing in a server that is as provisioned", () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ clientType: undefined }, { release: [1, 2, 5] })).toEqual([]);
    expect(kinds({ clientType: "confidential" }, { flow: "auth-code" })).toEqual([]);
  });

  it("does not mind the case of GUIDs, nor a slash at the end", () => {
    const given = { clientId: asProvisioned.clientId.toUpperCase(), authority: `${AUTHORITY.toUpperCase()}/` };
    expect(kinds({ ...given, callbackUrl: `${SERVER}/callback/` })).toEqual([]);
  });

  it("takes no callback without https for right, and the registered one of people's own address for it", () => {
    const serverUrl = "http://catalog.internal:8585";
    const callbackUrl = "https://catalog.example.com/callback";
    expect(kinds({ callbackUrl }, { serverUrl })).toEqual([]);
    const found = { ...asProvisioned, callbackUrl: `${serverUrl}/callback` };
    expect(signInDrift(found, { ...provisioned, serverUrl })).toContainEqual(
      expect.objectContaining({
        kind: "callback-url",
        do: expect.stringMatching(/https:\/\/ address .*EXTRA_REDIRECT_URIS/),
      }),
    );
  });

  it("judges nothing else while another provider is set", () => {
    const found = { provider: "basic", clientId: "", authority: "", publicKeyUrls: [] };
    expect(kinds(found)).toEqual(["provider"]);
  });

  it.each<[what: string, found: Partial<SignInSettings>, kind: string, says: string, todo: string]>([
    ["client id", { clientId: "another" }, "client-id", '"another"', "AUTHENTICATION_CLIENT_ID to 1111"],
    ["no client id", { clientId: "" }, "client-id", '""', "SERVER_CLIENT_ID"],
    ["authority", { authority: `${AUTHORITY}/oauth2/v2.0/authorize` }, "authority", "authorize", `to ${AUTHORITY} `],
    ["callback", { callbackUrl: "https://old.example.com/callback" }, "callback-url", "old.example.com", "/callback"],
    ["no callback", { callbackUrl: "" }, "callback-url", '""', `AUTHENTICATION_CALLBACK_URL to ${SERVER}/callback`],
    ["client type", { clientType: "confidential" }, "client-type", "implicit flow (SPA", "CLIENT_TYPE to public"],
  ])("tells another %s, and what to set", (_, found, kind, says, todo) => {
    const [finding, ...others] = signInDrift({ ...asProvisioned, ...found }, provisioned);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind, what: expect.stringContaining(says), do: expect.stringContaining(todo) });
  });

  it("does not judge the client id while there is no registration", () => {
    expect(kinds({ clientId: "another" }, { clientId: undefined })).toEqual([]);
  });

  it("takes a server that names no client type for one of the implicit flow", () => {
    expect(kinds({ clientType: undefined }, { flow: "auth-code", release: [1, 2, 5] })).toEqual(["client-type"]);
  });

  it("says since 1.10 that what was saved in the UI wins over the environment", () => {
    const todo = (release: Provisioned["release"]) =>
      signInDrift({ ...asProvisioned, clientId: "another" }, { ...provisioned, release })[0]?.do;
    expect(todo([1, 10, 0])).toContain("Settings > SSO override it");
    expect(todo([1, 9, 9])).not.toContain("Settings > SSO");
    expect(todo(undefined)).not.toContain("Settings > SSO");
  });
});

describe("signInDrift() of the callback URL, by release", () => {
  const confidential = { clientType: "confidential" };
  const flow = "auth-code" as const;
  const other = `${SERVER}/auth/callback`;

  it("takes any that Entra has for good where the app reaches the server by http: Entra sends nobody there", () => {
    const people = "https://people.example.com/callback";
    const inside = { serverUrl: "http://openmetadata:8585", redirectUris: [people] };
    expect(kinds({ callbackUrl: people }, inside)).not.toContain("callback-url");
    expect(kinds({ callbackUrl: "http://openmetadata:8585/callback" }, inside)).toContain("callback-url");
    expect(kinds({ ...confidential, callbackUrl: "" }, { ...inside, flow, release: [2, 0, 0] })).toEqual([]);
  });

  it("takes <server>/auth/callback for as good where Entra has it, in the authorization code flow only", () => {
    const known = [`${SERVER}/callback`, other];
    expect(kinds({ ...confidential, callbackUrl: other }, { flow, redirectUris: known })).toEqual([]);
    expect(kinds({ ...confidential, callbackUrl: other }, { flow })).toEqual(["callback-url"]);
    expect(kinds({ callbackUrl: other }, { redirectUris: known })).toEqual(["callback-url"]);
  });

  it("takes a blank one for right in 2.x for a confidential client, and where the release is not known", () => {
    const blank = { ...confidential, callbackUrl: "" };
    expect(kinds(blank, { flow, release: [2, 0, 0] })).toEqual([]);
    expect(kinds(blank, { flow, release: undefined })).toEqual([]);
    expect(kinds(blank, { flow, release: [1, 13, 0] })).toEqual(["callback-url"]);
    expect(kinds({ callbackUrl: "" }, { release: [2, 0, 0] })).toEqual(["callback-url"]);
  });
});

describe("signInDrift() of the keys", () => {
  const [tenant = "", own = ""] = KEYS;

  it("takes the server's own keys by whatever address it reaches itself, and by the older path", () => {
    expect(kinds({ publicKeyUrls: [tenant, "http://localhost:8585/api/v1/system/config/jwks"] })).toEqual([]);
    expect(kinds({ publicKeyUrls: [own.replace("/system", ""), tenant] }, { release: [0, 13, 3] })).toEqual([]);
  });

  it.each<[what: string, urls: string[], kind: string, severity: string]>([
    ["none of Entra", [own], "tenant-keys", "critical"],
    [
      "those of all tenants",
      ["https://login.microsoftonline.com/common/discovery/keys", own],
      "tenant-keys",
      "warning",
    ],
    ["not the server's own", [tenant], "own-keys", "critical"],
    ["those of somebody else too", [...KEYS, "https://www.googleapis.com/oauth2/v3/certs"], "foreign-keys", "warning"],
    [
      "those of a look-alike too",
      [...KEYS, "https://login.microsoftonline.com.evil.example/keys"],
      "foreign-keys",
      "warning",
    ],
  ])("tells of %s", (_, publicKeyUrls, kind, severity) => {
    expect(signInDrift({ ...asProvisioned, publicKeyUrls }, provisioned)).toMatchObject([{ kind, severity }]);
  });

  it("names both URLs to set, by the release's paths", () => {
    const todo = (release: Provisioned["release"]) =>
      signInDrift({ ...asProvisioned, publicKeyUrls: [own] }, { ...provisioned, release })[0]?.do;
    expect(todo([1, 2, 5])).toContain(`[${tenant},${own}]`);
    expect(todo([0, 13, 3])).toContain(`[${tenant},${SERVER}/api/v1/config/jwks]`);
  });

  it("says from 1.10 on that the settings page refuses others", () => {
    const what = (release: Provisioned["release"]) =>
      signInDrift(
        { ...asProvisioned, publicKeyUrls: ["https://login.microsoftonline.com/x", own] },
        { ...provisioned, release },
      )[0]?.what;
    expect(what([1, 10, 0])).toContain("rejects every change");
    expect(what([1, 9, 0])).not.toContain("rejects every change");
  });
});

describe("signInDrift() in sovereign clouds", () => {
  const china = AUTHORITY.replace("login.microsoftonline.com", "login.chinacloudapi.cn");
  const partner = AUTHORITY.replace("login.microsoftonline.com", "login.partner.microsoftonline.cn");
  const inChina = { authority: partner, publicKeyUrls: [`${partner}/discovery/v2.0/keys`, KEYS[1] ?? ""] };

  it("takes the sister host's authority and keys for the same", () => {
    expect(kinds(inChina, { authority: china })).toEqual([]);
    expect(kinds(inChina, { authority: AUTHORITY })).toEqual(["authority", "tenant-keys", "foreign-keys"]);
  });

  it.each<[Partial<Provisioned>, string[]]>([
    [{ flow: "auth-code", release: [1, 10, 0] }, ["sovereign-cloud"]],
    [{ flow: "auth-code", release: undefined }, ["sovereign-cloud"]],
    [{ flow: "auth-code", release: [1, 9, 17] }, []],
    [{ flow: "implicit" }, []],
  ])("with %j, tells that the server will never take a new client secret: %j", (wanted, expected) => {
    const clientType = wanted.flow === "auth-code" ? "confidential" : "public";
    expect(kinds({ ...inChina, clientType }, { ...wanted, authority: china })).toEqual(expected);
  });
});
