import { describe, expect, it } from "vitest";
import { defaultAdminFindings } from "../../shared/hygiene/default-admin.ts";

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
