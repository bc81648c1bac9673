import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { collateSheet } from "../../shared/configuration/collate.ts";
import { AUTHORITY, comments, described, SERVER, TENANT, VAULT } from "./described.ts";

describe("collateSheet()", () => {
  it("tells Collate client id, tenant id and authority", () => {
    const facts = {
      "Client ID": SERVER,
      "Tenant ID": TENANT,
      Authority: AUTHORITY,
      "Redirect URI": "https://om.example.com/callback",
    };
    expect(parse(collateSheet(described("1.12.3", "implicit")))).toEqual({ ...facts, "Client type": "public (SPA)" });
    const web = parse(collateSheet(described("1.12.3", "auth-code")));
    expect(web).toEqual({ ...facts, "Client type": "confidential (Web)" });
  });

  it("says for the Web flow that a secret is needed, where it lies, and how it is handed over", () => {
    const told = comments(collateSheet(described("1.12.3", "auth-code")));
    expect(told).toMatch(/The Web flow also needs the client secret, which the published list omits/);
    expect(told).toContain(`--id ${VAULT}/secrets/openmetadata-server-client-secret --query value --output tsv | clip`);
    expect(told).toContain("Do not use email, chat or tickets");
    expect(told).toContain("Hand over each new one in the same way");
  });

  it("prefers the settings page where the release has one", () => {
    expect(comments(collateSheet(described("1.10.0", "auth-code")))).toContain("Settings > SSO");
    expect(comments(collateSheet(described("1.9.0", "auth-code")))).not.toContain("Settings > SSO");
  });

  it("says for the SPA flow that there is no secret", () => {
    const told = comments(collateSheet(described("1.12.3", "implicit")));
    expect(told).toContain("has no client secret");
    expect(told).not.toContain("az keyvault");
  });
});
