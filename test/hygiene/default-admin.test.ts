import { describe, expect, it } from "vitest";
import { defaultAdminFindings, isListed } from "../../shared/hygiene/default-admin.ts";

describe("isListed()", () => {
  const told = (adminPrincipals: string[] | undefined, storedAdmins?: string[]) => ({ adminPrincipals, storedAdmins });

  it.each(["admin", "Admin", "admin@open-metadata.org"])("knows it as %s, whoever tells", (admin) => {
    for (const release of [[1, 2, 5], [1, 12, 6], undefined] as const) {
      expect(isListed(told(["alice", admin]), release)).toBe(true);
      expect(isListed(told(undefined, ["alice", admin]), release)).toBe(true);
    }
  });

  it("takes no for an answer only where the list is that of the environment", () => {
    expect(isListed(told(["administrator", "x.admin@example.com"]), [1, 9, 17])).toBe(false);
    expect(isListed(told(["alice"]), [1, 10, 0])).toBeUndefined();
    expect(isListed(told(["alice"]), undefined)).toBeUndefined();
    expect(isListed(told(undefined, ["alice"]), [1, 12, 6])).toBeUndefined();
    expect(isListed(told(undefined), [1, 2, 5])).toBeUndefined();
  });
});

describe("defaultAdminFindings()", () => {
  const gone = { exists: false, provider: "azure", listed: false };

  it("finds nothing where it is neither there nor known to come back", () => {
    expect(defaultAdminFindings(gone)).toEqual([]);
    expect(defaultAdminFindings({ ...gone, listed: undefined })).toEqual([]);
  });

  it("warns where it is gone, but listed", () => {
    const [finding] = defaultAdminFindings({ ...gone, listed: true });
    expect(finding).toMatchObject({
      kind: "default-admin",
      severity: "warning",
      what: expect.stringContaining("restart recreates it"),
      do: expect.stringMatching(/^Remove "admin" from AUTHORIZER_ADMIN_PRINCIPALS/),
    });
    expect(finding?.do).not.toContain("/api/harden");
  });

  it("says in which order to get rid of it, and what to look at first where nobody can see", () => {
    const there = { ...gone, exists: true };
    expect(defaultAdminFindings({ ...there, listed: true })[0]?.do).toMatch(
      /^Remove "admin" from .*, then call POST \/api\/harden/,
    );
    expect(defaultAdminFindings(there)[0]?.do).toMatch(/^Call POST \/api\/harden/);
    expect(defaultAdminFindings({ ...there, listed: undefined })[0]?.do).toMatch(
      /^Check AUTHORIZER_ADMIN_PRINCIPALS in the server's environment .* call POST \/api\/harden, .*\{"adminNotListed":true\}$/,
    );
  });

  it("is critical where people sign in with passwords", () => {
    expect(defaultAdminFindings({ ...gone, exists: true })).toMatchObject([{ severity: "warning" }]);
    expect(defaultAdminFindings({ ...gone, exists: true, provider: "basic" })).toMatchObject([
      { severity: "critical" },
    ]);
  });
});
