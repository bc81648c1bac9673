import { describe, expect, it } from "vitest";
import { type Desired, type Observed, planConsent } from "../../shared/registration/consent-plan.ts";

const desired: Desired = {
  serverName: "om-server",
  ingestionName: "om-ingestion",
  graphScopes: ["openid", "email"],
  serverScope: "Metadata.Access",
  appRole: { id: "role", value: "Ingestion.Run" },
};

const granted: Observed = {
  server: { objectId: "server", assigned: [] },
  ingestion: { objectId: "ingestion", assigned: [{ resourceId: "server", appRoleId: "role" }] },
  self: undefined,
  assignmentRequired: false,
  graph: { objectId: "graph", assigned: [] },
  serverGrants: [{ id: "g1", resourceId: "graph", scopes: ["openid", "email"] }],
  ingestionGrants: [{ id: "g2", resourceId: "server", scopes: ["Metadata.Access"] }],
};

describe("planConsent()", () => {
  it("does nothing when everything is granted, more than is wanted included", () => {
    expect(planConsent(desired, granted)).toEqual([]);
    const more = {
      ...granted,
      serverGrants: [{ id: "g1", resourceId: "graph", scopes: ["Mail.Read", "email", "openid"] }],
    };
    expect(planConsent(desired, more)).toEqual([]);
  });

  it("makes two grants and one assignment where there is nothing", () => {
    const nothing = {
      ...granted,
      ingestion: { objectId: "ingestion", assigned: [] },
      serverGrants: [],
      ingestionGrants: [],
    };
    expect(planConsent(desired, nothing)).toEqual([
      {
        kind: "grant-scopes",
        because: "openid email not granted",
        target: "om-server on Microsoft Graph",
        clientId: "server",
        resourceId: "graph",
        scopes: ["openid", "email"],
        grantId: undefined,
      },
      {
        kind: "grant-scopes",
        because: "Metadata.Access not granted",
        target: "om-ingestion on om-server",
        clientId: "ingestion",
        resourceId: "server",
        scopes: ["Metadata.Access"],
        grantId: undefined,
      },
      {
        kind: "assign-app-role",
        because: "Ingestion.Run not assigned",
        target: "om-ingestion on om-server",
        principalId: "ingestion",
        resourceId: "server",
        appRoleId: "role",
        optional: false,
      },
    ]);
  });

  it("widens an existing grant to the union, since Graph replaces it whole", () => {
    const some = { ...granted, serverGrants: [{ id: "g1", resourceId: "graph", scopes: ["Mail.Read", "openid"] }] };
    expect(planConsent(desired, some)).toMatchObject([
      { kind: "grant-scopes", because: "email not granted", scopes: ["Mail.Read", "openid", "email"], grantId: "g1" },
    ]);
  });

  it("is not misled by grants on, or roles of, another resource", () => {
    const elsewhere = {
      ...granted,
      ingestion: {
        objectId: "ingestion",
        assigned: [
          { resourceId: "other", appRoleId: "role" },
          { resourceId: "server", appRoleId: "other" },
        ],
      },
      ingestionGrants: [{ id: "g3", resourceId: "other", scopes: ["Metadata.Access"] }],
    };
    expect(planConsent(desired, elsewhere).map(({ kind }) => kind)).toEqual(["grant-scopes", "assign-app-role"]);
  });
});
