import { describe, expect, it } from "vitest";
import { principalDomainFindings } from "../../shared/hygiene/principal-domain.ts";

describe("principalDomainFindings()", () => {
  it("finds nothing where it is enforced", () => {
    expect(principalDomainFindings({ enforced: true, applications: ["ingestion"] })).toEqual([]);
  });

  it("advises against enforcing it where that would lock out applications, and names them", () => {
    const [finding] = principalDomainFindings({ enforced: false, applications: ["this app", "ingestion"] });
    expect(finding).toMatchObject({ kind: "principal-domain", severity: "notice" });
    expect(finding?.do).toMatch(/^Keep it this way: .* would lock out this app and ingestion/);
    expect(finding?.do).toContain("Assignment required");
  });

  it("leaves the choice where nobody would be shut out, and says what it costs", () => {
    const [finding] = principalDomainFindings({ enforced: false, applications: [] });
    expect(finding?.do).toMatch(/^Set AUTHORIZER_ENFORCE_PRINCIPAL_DOMAIN to true if only/);
    expect(finding?.do).toContain("locks out applications");
  });
});
