import { describe, expect, it } from "vitest";
import { botFindings, defaultAdminFindings, principalDomainFindings } from "../../shared/hygiene/hygiene.ts";
import { ownKeyFindings } from "../../shared/hygiene/keys-drift.ts";

describe("defaultAdminFindings()", () => {
  const gone = { exists: false, provider: "azure", adminPrincipals: ["alice"] };

  it("finds nothing where it is neither there nor listed", () => {
    expect(defaultAdminFindings(gone)).toEqual([]);
    expect(defaultAdminFindings({ ...gone, adminPrincipals: undefined })).toEqual([]);
    expect(defaultAdminFindings({ ...gone, adminPrincipals: ["administrator", "x.admin@example.com"] })).toEqual([]);
  });

  it.each(["admin", "Admin", "admin@open-metadata.org"])("warns where it is gone, but listed as %s", (listed) => {
    const [finding] = defaultAdminFindings({ ...gone, adminPrincipals: ["alice", listed] });
    expect(finding).toMatchObject({
      kind: "default-admin",
      severity: "warning",
      what: expect.stringContaining("made anew"),
      do: expect.stringMatching(/^Take "admin" out of AUTHORIZER_ADMIN_PRINCIPALS/),
    });
    expect(finding?.do).not.toContain("/api/harden");
  });

  it("says in which order to get rid of it", () => {
    const there = { ...gone, exists: true };
    expect(defaultAdminFindings({ ...there, adminPrincipals: ["admin"] })[0]?.do).toMatch(
      /^Take "admin" out of .*, then call POST \/api\/harden/,
    );
    expect(defaultAdminFindings(there)[0]?.do).toMatch(/^Call POST \/api\/harden/);
  });

  it("is critical where people sign in with passwords", () => {
    expect(defaultAdminFindings({ ...gone, exists: true })).toMatchObject([{ severity: "warning" }]);
    expect(defaultAdminFindings({ ...gone, exists: true, provider: "basic" })).toMatchObject([
      { severity: "critical" },
    ]);
  });
});

describe("principalDomainFindings()", () => {
  it("finds nothing where it is enforced", () => {
    expect(principalDomainFindings({ enforced: true, applications: ["ingestion"] })).toEqual([]);
  });

  it("advises against enforcing it where that would shut out applications, and names them", () => {
    const [finding] = principalDomainFindings({ enforced: false, applications: ["this app", "ingestion"] });
    expect(finding).toMatchObject({ kind: "principal-domain", severity: "notice" });
    expect(finding?.do).toMatch(/^Leave it so: .* would shut out this app and ingestion/);
    expect(finding?.do).toContain("Assignment required");
  });

  it("leaves the choice where nobody would be shut out, and says what it costs", () => {
    const [finding] = principalDomainFindings({ enforced: false, applications: [] });
    expect(finding?.do).toMatch(/^Set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to true, if/);
    expect(finding?.do).toContain("would be shut out");
  });
});

describe("ownKeyFindings()", () => {
  it("tells of the key pair that everybody has, by its id", () => {
    expect(ownKeyFindings(["mine", "Gb389a-9f76-gdjs-a92j-0242bk94356"])).toMatchObject([
      { kind: "quickstart-key", severity: "critical", do: expect.stringContaining("JWT_KEY_ID") },
    ]);
    expect(ownKeyFindings(["mine"])).toEqual([]);
    expect(ownKeyFindings([])).toEqual([]);
  });
});

describe("botFindings()", () => {
  const bot = { name: "ingestion-bot", authType: "SSO" };

  it("tells of a client secret in a bot from 1.3 on", () => {
    expect(botFindings(bot, [1, 3, 0])).toMatchObject([{ kind: "sso-ignored", severity: "critical" }]);
    expect(botFindings(bot, [1, 2, 9])).toEqual([]);
    expect(botFindings(bot, undefined)).toEqual([]);
    expect(botFindings({ ...bot, authType: "JWT" }, [1, 12, 3])).toEqual([]);
  });
});
