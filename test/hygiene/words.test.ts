import { describe, expect, it } from "vitest";
import { isDefaultAdmin } from "../../shared/deployment/openmetadata-defaults.ts";
import { botFindings, noBotFindings } from "../../shared/hygiene/bot.ts";
import { defaultAdminFindings } from "../../shared/hygiene/default-admin.ts";
import type { Finding } from "../../shared/hygiene/finding.ts";
import { type Observed, planHardening } from "../../shared/hygiene/hardening-plan.ts";
import { keysDrift, ownKeyFindings } from "../../shared/hygiene/keys-drift.ts";
import type { SignInSettings } from "../../shared/hygiene/ports.ts";
import { principalDomainFindings } from "../../shared/hygiene/principal-domain.ts";
import { type Provisioned, signInDrift } from "../../shared/hygiene/sign-in-drift.ts";

const SERVER = "https://catalog.example.com";
const AUTHORITY = "https://login.microsoftonline.com/tenant";
const TENANT_KEYS = `${AUTHORITY}/discovery/v2.0/keys`;
const OWN_KEYS = `${SERVER}/api/v1/system/config/jwks`;

const provisioned: Provisioned = {
  serverUrl: SERVER,
  authority: AUTHORITY,
  flow: "implicit",
  clientId: "app",
  redirectUris: [`${SERVER}/callback`, `${SERVER}/auth/callback`],
  release: [1, 12, 6],
};
const settings: SignInSettings = {
  provider: "azure",
  authority: AUTHORITY,
  clientId: "app",
  callbackUrl: `${SERVER}/callback`,
  clientType: "public",
  publicKeyUrls: [TENANT_KEYS, OWN_KEYS],
};
/** Each finding as "severity kind: what". */
const told = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, kind, what }) => `${severity} ${kind}: ${what}`);
const drift = (found: Partial<SignInSettings>, wanted: Partial<Provisioned> = {}): Finding[] =>
  signInDrift({ ...settings, ...found }, { ...provisioned, ...wanted });
const webFlow = { flow: "auth-code", release: [1, 12, 6] } as const;

describe("what an operator reads about the sign-in", () => {
  it.each<[found: Partial<SignInSettings>, wanted: Partial<Provisioned>, what: string, doing: RegExp]>([
    [
      { provider: "google" },
      {},
      'critical provider: People sign in with "google", not with Entra',
      /AUTHENTICATION_PROVIDER.*azure/,
    ],
    [
      { clientType: "confidential" },
      {},
      'critical client-type: The server\'s client type is "confidential", but the registration was provisioned for the implicit flow (SPA, without a secret), so sign-in fails',
      /AUTHENTICATION_CLIENT_TYPE.*public/,
    ],
    [
      { clientType: undefined },
      webFlow,
      'critical client-type: The server\'s client type is "public", but the registration was provisioned for the auth-code flow (Web, with a secret), so sign-in fails',
      /AUTHENTICATION_CLIENT_TYPE.*confidential/,
    ],
    [
      { clientId: "other" },
      {},
      'warning client-id: People sign in through client ID "other", not through the server registration app',
      /AUTHENTICATION_CLIENT_ID.*app/,
    ],
    [
      { authority: "https://login.microsoftonline.com/common" },
      {},
      `warning authority: The server's authority is "https://login.microsoftonline.com/common", not ${AUTHORITY}`,
      /AUTHENTICATION_AUTHORITY/,
    ],
    [
      { callbackUrl: `${SERVER}/other` },
      {},
      `warning callback-url: The server's callback URL is "${SERVER}/other", not ${SERVER}/callback`,
      /AUTHENTICATION_CALLBACK_URL/,
    ],
    [
      { callbackUrl: "", clientType: "confidential" },
      { flow: "auth-code", release: [1, 13, 0] },
      `warning callback-url: The server's callback URL is "", not ${SERVER}/callback`,
      /AUTHENTICATION_CALLBACK_URL/,
    ],
    [
      { callbackUrl: `${SERVER}/auth/other`, clientType: "confidential" },
      { ...webFlow, redirectUris: [`${SERVER}/auth/other`] },
      `warning callback-url: The server's callback URL is "${SERVER}/auth/other", not ${SERVER}/callback`,
      /AUTHENTICATION_CALLBACK_URL/,
    ],
    [
      { callbackUrl: `${SERVER}/auth/other`, clientType: "confidential" },
      { flow: "auth-code", release: [2, 0, 0] },
      `warning callback-url: The server's callback URL is "${SERVER}/auth/other", not ${SERVER}/callback`,
      /AUTHENTICATION_CALLBACK_URL/,
    ],
  ])("%j", (found, wanted, what, doing) => {
    const findings = drift(found, wanted);
    expect(told(findings)).toEqual([what]);
    expect(findings[0]?.do).toMatch(doing);
  });

  it("minds no number of slashes at the end of an address", () => {
    expect(drift({ authority: `${AUTHORITY}//`, callbackUrl: `${SERVER}/callback//` })).toEqual([]);
  });
});

describe("what an operator reads about keys", () => {
  const keys = (urls: string[], release: Provisioned["release"] = [1, 12, 6]): Finding[] =>
    keysDrift(urls, { serverUrl: SERVER, authority: AUTHORITY, release });
  const common = "https://login.microsoftonline.com/common/discovery/v2.0/keys";
  const other = "https://login.microsoftonline.com/other/discovery/v2.0/keys";
  const foreign = ["https://one.example.net/keys", `${OWN_KEYS}/not`];

  it("says whose are missing, and whose are too many", () => {
    expect(told(keys([OWN_KEYS]))).toEqual([
      "critical tenant-keys: The server has no signing keys from Entra: neither people nor this app can sign in with Entra",
    ]);
    expect(told(keys([TENANT_KEYS]))).toEqual([
      "critical own-keys: The server does not trust its own signing keys: no bot can sign in with a token issued by OpenMetadata",
    ]);
    expect(told(keys([TENANT_KEYS, OWN_KEYS, ...foreign]))).toEqual([
      `warning foreign-keys: The server accepts any token signed with keys from ${foreign.join(", ")}`,
    ]);
    const taken = `warning tenant-keys: The server gets Entra's signing keys from ${common}, ${other}, not from ${TENANT_KEYS}: the URL names no tenant or a different one`;
    expect(told(keys([common, other, OWN_KEYS], [1, 9, 0]))).toEqual([taken]);
    expect(told(keys([common, other, OWN_KEYS]))).toEqual([
      `${taken}, and Settings > SSO rejects every change while it is set`,
    ]);
  });

  it("says what belongs there", () => {
    const doing = (urls: string[]): string => keys(urls)[0]?.do ?? "";
    expect(doing([OWN_KEYS])).toContain("AUTHENTICATION_PUBLIC_KEYS");
    expect(doing([OWN_KEYS])).toContain(`[${TENANT_KEYS},${OWN_KEYS}]`);
    expect(doing([TENANT_KEYS, OWN_KEYS, ...foreign])).toBe(`Unless this is intended: ${doing([OWN_KEYS])}`);
  });

  it("says who could make tokens with the shipped key", () => {
    expect(told(ownKeyFindings(["Gb389a-9f76-gdjs-a92j-0242bk94356"]))).toEqual([
      "critical quickstart-key: The server signs with the key pair that ships with OpenMetadata (key id Gb389a-9f76-gdjs-a92j-0242bk94356): anyone who downloads OpenMetadata can forge a token for any bot or administrator",
    ]);
  });
});

describe("what an operator reads about users and bots", () => {
  it("knows the default admin by name and by address", () => {
    expect(["admin", " admin ", "ADMIN@example.com"].map(isDefaultAdmin)).toEqual([true, true, true]);
    expect(["administrator", "x.admin", ""].map(isDefaultAdmin)).toEqual([false, false, false]);
  });

  it("says how bad the default admin is", () => {
    const there = { exists: true, listed: false };
    expect(told(defaultAdminFindings({ ...there, provider: "basic" }))).toEqual([
      "critical default-admin: The default admin still exists, and anybody can sign in with its published password",
    ]);
    expect(told(defaultAdminFindings({ ...there, provider: "azure" }))).toEqual([
      'warning default-admin: The default admin still exists: anybody with an email address that begins with "admin@" signs in as it',
    ]);
  });

  it("says whom the principal domain would lock out", () => {
    const [none] = principalDomainFindings({ enforced: false, applications: [] });
    expect(none?.what).toMatch(/^The server does not enforce its principal domain/);
    expect(none?.do).toMatch(/assign people to it$/);
    const [one] = principalDomainFindings({ enforced: false, applications: ["this app"] });
    expect(one?.do).toContain("lock out this app, because its Entra tokens have no email address");
    expect(one?.do).toMatch(/; this app then needs its app role/);
    const [both] = principalDomainFindings({ enforced: false, applications: ["this app", "ingestion"] });
    expect(both?.do).toMatch(/^Keep it this way: .* lock out this app and ingestion, because/);
    expect(both?.do).toMatch(
      /; this app and ingestion then need its app role Ingestion\.Run, which that call assigns$/,
    );
  });

  it("says what is wrong with the bot", () => {
    expect(noBotFindings("robot")).toEqual([
      {
        kind: "no-bot",
        severity: "critical",
        what: 'OpenMetadata has no bot "robot", so nothing can be pushed',
        do: "Set BOT_NAME to the name of an existing bot",
      },
    ]);
    const [ignored] = botFindings({ name: "robot", authType: "SSO" }, [1, 3, 0]);
    expect(ignored?.what).toBe(
      'Bot "robot" has an Azure client secret, which OpenMetadata 1.3.0 ignores: its pipelines cannot be deployed',
    );
    expect(ignored?.do).toContain("Settings > Bots > robot > Generate new token");
  });
});

describe("why the default admin is not deleted", () => {
  const observed: Observed = {
    exists: true,
    listed: false,
    administrators: [{ name: "alice", email: "alice@example.com", isBot: false }],
    self: { user: "app", isAdmin: true },
  };

  it.each<[differs: Partial<Observed>, admins: string[], because: string]>([
    [{ listed: true }, ["alice"], "the server's configuration lists it, so the next restart recreates it"],
    [
      { listed: undefined },
      ["alice"],
      "this release does not show whether its environment lists it, so a restart might recreate it",
    ],
    [{ self: { user: "admin", isAdmin: true } }, ["alice"], "the app itself signs in as the default admin"],
    [{ self: { user: "app", isAdmin: false } }, ["alice"], 'user "app" is not an OpenMetadata administrator'],
    [{}, ["admin@example.com"], "INITIAL_ADMINS names the default admin itself"],
    [{}, [], "INITIAL_ADMINS names no other administrator"],
    [{}, ["bob", "carol"], 'not everybody in INITIAL_ADMINS is an OpenMetadata administrator yet: "bob", "carol"'],
  ])("%j, with %j", (differs, admins, because) => {
    expect(planHardening({ ...observed, ...differs }, admins, { adminNotListed: false })).toMatchObject({
      kind: "refused",
      because,
    });
  });
});
