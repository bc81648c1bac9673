import { describe, expect, it } from "vitest";
import { leftAlone, misplaced } from "../../shared/registration/adoption.ts";
import type { Application } from "../../shared/registration/application.ts";
import { accessTo, desiredIngestion, desiredServer, type Intent } from "../../shared/registration/desired.ts";
import { GRAPH_APP_ID, GRAPH_SCOPES } from "../../shared/registration/permissions.ts";
import { planRegistration } from "../../shared/registration/plan.ts";

const intent: Intent = {
  tenantId: "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11",
  name: "openmetadata",
  openMetadataUrl: "https://om.example.com",
  signInFlow: "implicit",
  extraRedirectUris: [],
};
const desired = desiredServer(intent);

/** The server registration as the plan would have it, in the words of Graph. */
function complete(change: Partial<Application> = {}): Application {
  return {
    id: "object",
    appId: "app",
    signInAudience: "AzureADMyOrg",
    identifierUris: ["api://app"],
    spa: { redirectUris: ["https://om.example.com/callback"] },
    web: {
      redirectUris: [],
      implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
    },
    api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: desired.scopes },
    appRoles: desired.appRoles,
    requiredResourceAccess: desired.requires,
    optionalClaims: { ...desired.claims, saml2Token: [] },
    ...change,
  };
}

function changesOf(found: Application, wanted = desired) {
  const [step, ...others] = planRegistration(wanted, { application: found, servicePrincipalId: "principal" });
  expect(others).toEqual([]);
  return step?.kind === "update-registration" ? { because: step.because, ...step.changes } : step;
}

describe("planRegistration()", () => {
  it("does nothing when nothing differs", () => {
    expect(planRegistration(desired, { application: complete(), servicePrincipalId: "principal" })).toEqual([]);
  });

  it.each(["idToken", "accessToken"] as const)("adds a claim that the %s alone lacks", (token) => {
    const optionalClaims = { ...complete().optionalClaims, [token]: [] };
    expect(changesOf(complete({ optionalClaims }))).toMatchObject({
      because: "differs in optional claims",
      optionalClaims: complete().optionalClaims,
    });
  });

  it("does nothing about what it does not want: foreign redirect URIs, scopes, roles, permissions, claims, URIs", () => {
    const foreign = { id: "f", value: "foreign", isEnabled: true };
    const found = complete({
      identifierUris: ["api://app", "api://foreign"],
      spa: { redirectUris: ["https://foreign.example.com", "https://om.example.com/callback"] },
      web: { ...complete().web, redirectUris: ["https://foreign.example.com/web"] },
      api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [foreign, ...desired.scopes] },
      appRoles: [foreign, ...desired.appRoles],
      requiredResourceAccess: [
        { resourceAppId: "foreign", resourceAccess: [{ id: "x", type: "Role" }] },
        ...desired.requires,
      ],
      optionalClaims: {
        idToken: [{ name: "upn" }, ...desired.claims.idToken],
        accessToken: desired.claims.accessToken,
        saml2Token: [{ name: "groups" }],
      },
    });
    expect(planRegistration(desired, { application: found, servicePrincipalId: "principal" })).toEqual([]);
  });

  it("creates application and service principal where there is none", () => {
    const steps = planRegistration(desired, { application: undefined, servicePrincipalId: undefined });
    expect(steps.map(({ kind, target, because }) => `${kind} ${target} (${because})`)).toEqual([
      "create-registration openmetadata-server (does not exist)",
      "create-service-principal openmetadata-server (does not exist)",
    ]);
    expect(steps[0]).toMatchObject({
      body: {
        signInAudience: "AzureADMyOrg",
        spa: { redirectUris: ["https://om.example.com/callback"] },
        web: {
          redirectUris: [],
          implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
        },
        api: { requestedAccessTokenVersion: 2 },
      },
    });
  });

  it("leaves one for which nobody asks tokens without an App ID URI, and one that it has", () => {
    const unasked = { ...desired, isResource: false };
    for (const identifierUris of [[], ["api://app"], ["api://other"]]) {
      expect(changesOf(complete({ identifierUris }), unasked)).toBeUndefined();
    }
  });

  it("creates only the service principal where that alone is missing", () => {
    const steps = planRegistration(desired, { application: complete(), servicePrincipalId: undefined });
    expect(steps.map(({ kind }) => kind)).toEqual(["create-service-principal"]);
  });

  it.each<[string, Partial<Application>, object]>([
    ["sign-in audience", { signInAudience: "AzureADMultipleOrgs" }, { signInAudience: "AzureADMyOrg" }],
    ["App ID URI", { identifierUris: ["api://other"] }, { identifierUris: ["api://other", "api://app"] }],
    [
      "token version",
      { api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: desired.scopes } },
      { api: { requestedAccessTokenVersion: 2 } },
    ],
    [
      "scopes",
      { api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [] } },
      { api: { oauth2PermissionScopes: desired.scopes } },
    ],
    ["app roles", { appRoles: [] }, { appRoles: desired.appRoles }],
    ["API permissions", { requiredResourceAccess: [] }, { requiredResourceAccess: desired.requires }],
  ])("writes a difference in %s, and nothing else", (field, change, expected) => {
    expect(changesOf(complete(change))).toEqual({ because: `differs in ${field}`, ...expected });
  });

  it("adds its redirect URI beside foreign ones", () => {
    const found = complete({ spa: { redirectUris: ["https://foreign.example.com"] } });
    expect(changesOf(found)).toMatchObject({
      because: "differs in redirect URIs",
      spa: { redirectUris: ["https://foreign.example.com", "https://om.example.com/callback"] },
      web: { redirectUris: [] },
    });
  });

  it("moves its redirect URIs to the Web platform and ends implicit issuance when the flow becomes auth-code", () => {
    const found = complete({
      spa: { redirectUris: ["https://om.example.com/callback", "https://foreign.example.com"] },
    });
    expect(changesOf(found, desiredServer({ ...intent, signInFlow: "auth-code" }))).toMatchObject({
      because: "differs in redirect URIs, implicit flow",
      spa: { redirectUris: ["https://foreign.example.com"] },
      web: {
        redirectUris: ["https://om.example.com/callback"],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
    });
  });

  it.each([
    ["no settings at all", undefined],
    ["one of the two off", { enableAccessTokenIssuance: false, enableIdTokenIssuance: true }],
    ["the other one off", { enableAccessTokenIssuance: true, enableIdTokenIssuance: false }],
    ["one of them unset", { enableAccessTokenIssuance: true }],
  ])("turns implicit issuance on where there are %s", (_, implicitGrantSettings) => {
    expect(changesOf(complete({ web: { redirectUris: [], implicitGrantSettings } }))).toEqual({
      because: "differs in implicit flow",
      web: { implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true } },
    });
  });

  it("leaves implicit issuance that was never on alone in the auth-code flow", () => {
    const wanted = desiredServer({ ...intent, signInFlow: "auth-code" });
    const found = complete({ spa: { redirectUris: [] }, web: { redirectUris: ["https://om.example.com/callback"] } });
    expect(changesOf(found, wanted)).toBeUndefined();
  });

  it("takes its redirect URI off the other platform when it is on both", () => {
    const web = { ...complete().web, redirectUris: ["https://om.example.com/callback"] };
    expect(changesOf(complete({ web }))).toMatchObject({
      because: "differs in redirect URIs",
      web: { redirectUris: [] },
    });
  });

  it("leaves a foreign scope that somebody disabled disabled", () => {
    const foreign = { id: "f", value: "foreign", isEnabled: false };
    const api = { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [foreign, ...desired.scopes] };
    expect(changesOf(complete({ api }))).toBeUndefined();
  });

  it("adds a permission of another type though the id is there", () => {
    const [graph] = desired.requires;
    const [first, ...others] = graph?.resourceAccess ?? [];
    const requiredResourceAccess = [
      { resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: first?.id ?? "", type: "Role" }, ...others] },
    ];
    expect(changesOf(complete({ requiredResourceAccess }))).toMatchObject({ because: "differs in API permissions" });
  });

  it("creates with exactly what is wanted, and the App ID URI later", () => {
    const [step] = planRegistration(desired, { application: undefined, servicePrincipalId: undefined });
    expect(step).toEqual({
      kind: "create-registration",
      because: "does not exist",
      target: "openmetadata-server",
      body: {
        signInAudience: "AzureADMyOrg",
        spa: { redirectUris: ["https://om.example.com/callback"] },
        web: {
          redirectUris: [],
          implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
        },
        api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: desired.scopes },
        appRoles: desired.appRoles,
        requiredResourceAccess: desired.requires,
        optionalClaims: { ...desired.claims, saml2Token: [] },
      },
    });
  });

  it("wants the extra redirect URIs too", () => {
    const wanted = desiredServer({ ...intent, extraRedirectUris: ["https://om.example.com/auth/callback"] });
    expect(changesOf(complete(), wanted)).toMatchObject({
      spa: { redirectUris: ["https://om.example.com/callback", "https://om.example.com/auth/callback"] },
    });
  });

  it("enables its scope when somebody disabled it, and takes one made by hand for its own", () => {
    const [scope] = desired.scopes;
    const disabled = [{ ...scope, id: "by hand", isEnabled: false }];
    const found = complete({ api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: disabled } });
    expect(changesOf(found)).toMatchObject({
      because: "differs in scopes",
      api: { oauth2PermissionScopes: [{ id: "by hand", isEnabled: true }] },
    });
  });

  it("never sends an app role's origin, which Graph refuses", () => {
    const found = complete({ appRoles: [{ id: "f", value: "foreign", isEnabled: true, origin: "Application" }] });
    expect(JSON.stringify(changesOf(found))).not.toContain("origin");
  });

  it("adds missing permissions to a resource beside those it has", () => {
    const found = complete({
      requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: "foreign", type: "Scope" }] }],
    });
    const [graph] = desired.requires;
    expect(changesOf(found)).toMatchObject({
      requiredResourceAccess: [
        {
          resourceAppId: GRAPH_APP_ID,
          resourceAccess: [{ id: "foreign", type: "Scope" }, ...(graph?.resourceAccess ?? [])],
        },
      ],
    });
  });

  it("adds missing claims beside those that are there", () => {
    const found = complete({
      optionalClaims: { idToken: [{ name: "upn" }], accessToken: desired.claims.accessToken, saml2Token: [] },
    });
    expect(changesOf(found)).toMatchObject({
      because: "differs in optional claims",
      optionalClaims: { idToken: [{ name: "upn" }, { name: "email" }], saml2Token: [] },
    });
  });

  it("does not mutate what it was given", () => {
    const found = complete({ requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID, resourceAccess: [] }] });
    const before = structuredClone(found);
    changesOf(found);
    expect(found).toEqual(before);
  });
});

describe("desiredIngestion()", () => {
  it("wants no redirect URI, and scope and role of the server by their ids", () => {
    const wanted = desiredIngestion(intent, { appId: "server", scopeId: "scope", roleId: "role" });
    expect(wanted).toMatchObject({ uniqueName: "openmetadata-ingestion", redirectUris: [], scopes: [], appRoles: [] });
    expect(wanted.requires).toEqual([
      {
        resourceAppId: "server",
        resourceAccess: [
          { id: "scope", type: "Scope" },
          { id: "role", type: "Role" },
        ],
      },
    ]);
  });

  it("leaves the implicit flow of a registration as it is", () => {
    const wanted = desiredIngestion(intent, undefined);
    const found = complete({ api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [] } });
    expect(planRegistration(wanted, { application: found, servicePrincipalId: "principal" })).toEqual([]);
  });
});

describe("desiredServer()", () => {
  it("derives the same ids in every run, others for other deployments and tenants", () => {
    const ids = (change: Partial<Intent>) => desiredServer({ ...intent, ...change }).scopes.map(({ id }) => id);
    expect(ids({})).toEqual(ids({}));
    expect(ids({})).not.toEqual(ids({ name: "other" }));
    expect(ids({})).not.toEqual(ids({ tenantId: "6a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11" }));
    expect(ids({})).not.toEqual(desired.appRoles.map(({ id }) => id));
  });
});

describe("planRegistration() of a registration made by hand", () => {
  const adopted = desiredServer({ ...intent, serverClientId: "app" });
  const web = desiredServer({ ...intent, serverClientId: "app", signInFlow: "auth-code" });
  const callback = "https://om.example.com/callback";

  it("leaves audience and token version alone, and tells of them", () => {
    const found = complete({
      signInAudience: "AzureADMultipleOrgs",
      api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: desired.scopes },
    });
    expect(planRegistration(adopted, { application: found, servicePrincipalId: "principal" })).toEqual([]);
    expect(leftAlone(adopted, found)).toEqual([
      expect.stringContaining("AzureADMultipleOrgs"),
      expect.stringContaining("version 1"),
    ]);
    expect(changesOf(found)).toMatchObject({ because: "differs in sign-in audience, token version" });
    expect(leftAlone(desired, found)).toEqual([]);
    expect(leftAlone(adopted, complete())).toEqual([]);
  });

  it("turns implicit issuance on, never off, and tells where it is on without need", () => {
    const off = { enableAccessTokenIssuance: false, enableIdTokenIssuance: false };
    const found = complete({ web: { redirectUris: [], implicitGrantSettings: off } });
    expect(changesOf(found, adopted)).toMatchObject({ because: "differs in implicit flow" });
    const on = complete({ spa: { redirectUris: [] }, web: { ...complete().web, redirectUris: [callback] } });
    expect(planRegistration(web, { application: on, servicePrincipalId: "principal" })).toEqual([]);
    expect(leftAlone(web, on)).toEqual([expect.stringContaining("implicit flow")]);
  });

  it("does not move a redirect URI to another platform, and tells of it", () => {
    const found = complete({ spa: { redirectUris: [] }, web: { ...complete().web, redirectUris: [callback] } });
    expect(planRegistration(adopted, { application: found, servicePrincipalId: "principal" })).toEqual([]);
    expect(misplaced(adopted, found)).toEqual([callback]);
    expect(misplaced(web, found)).toEqual([]);
    expect(misplaced(desired, found)).toEqual([]);
  });
});

describe("the two registrations as they ought to be", () => {
  const email = { name: "email", essential: false, additionalProperties: [] };
  const ours = "5a5e4e3e-0000-0000-0000-000000000000";

  it("are, of the server, what people and ingestion are let in by", () => {
    const { scopes, appRoles, ...rest } = desiredServer({ ...intent, serviceManagementReference: ours });
    expect(rest).toEqual({
      uniqueName: "openmetadata-server",
      adopted: false,
      isResource: true,
      serviceReference: ours,
      platform: "spa",
      redirectUris: ["https://om.example.com/callback"],
      implicitIssuance: true,
      requires: [
        {
          resourceAppId: "00000003-0000-0000-c000-000000000000",
          resourceAccess: Object.values(GRAPH_SCOPES).map((id) => ({ id, type: "Scope" })),
        },
      ],
      claims: { idToken: [email], accessToken: [email, { ...email, name: "idtyp" }] },
    });
    expect(scopes).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        value: "Metadata.Access",
        type: "User",
        isEnabled: true,
        adminConsentDisplayName: "Access OpenMetadata",
        adminConsentDescription: "Allows the application to access OpenMetadata as the signed-in user.",
        userConsentDisplayName: "Access OpenMetadata",
        userConsentDescription: "Allows the application to access OpenMetadata as you.",
      },
    ]);
    expect(appRoles).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        value: "Ingestion.Run",
        isEnabled: true,
        displayName: "Run ingestion",
        description: "Ingestion may write metadata to OpenMetadata.",
        allowedMemberTypes: ["Application"],
      },
    ]);
  });

  it("are, of ingestion, nothing but access to the server, once that is there", () => {
    const nothing = {
      uniqueName: "openmetadata-ingestion",
      adopted: false,
      isResource: false,
      serviceReference: undefined,
      platform: "web",
      redirectUris: [],
      implicitIssuance: undefined,
      scopes: [],
      appRoles: [],
      requires: [],
      claims: { idToken: [], accessToken: [] },
    };
    expect(desiredIngestion(intent, undefined)).toEqual(nothing);
    const access = { appId: "server", scopeId: "scope", roleId: "role" };
    const resourceAccess = [
      { id: "scope", type: "Scope" },
      { id: "role", type: "Role" },
    ];
    const requires = [{ resourceAppId: "server", resourceAccess }];
    expect(desiredIngestion({ ...intent, ingestionClientId: "own" }, access)).toEqual({
      ...nothing,
      adopted: true,
      requires,
    });
  });

  it("know scope and role of the server by the ids that they have there, and else by our own", () => {
    const [scope, role] = [desired.scopes[0]?.id, desired.appRoles[0]?.id];
    const other = { id: "other", value: "Other" };
    const byHand = complete({
      api: { oauth2PermissionScopes: [other, { id: "theirs", value: "Metadata.Access" }] },
      appRoles: [other, { id: "their role", value: "Ingestion.Run" }],
    });
    expect(accessTo(desired, "app", byHand)).toEqual({ appId: "app", scopeId: "theirs", roleId: "their role" });
    const without = complete({ api: { oauth2PermissionScopes: [other] }, appRoles: [] });
    expect(accessTo(desired, "app", without)).toEqual({ appId: "app", scopeId: scope, roleId: role });
    expect(accessTo(desired, "app", undefined)).toEqual({ appId: "app", scopeId: scope, roleId: role });
    expect(accessTo(desired, undefined, undefined)).toBeUndefined();
    expect(accessTo({ ...desired, scopes: [] }, "app", undefined)).toBeUndefined();
    expect(accessTo({ ...desired, appRoles: [] }, "app", undefined)).toBeUndefined();
  });

  it.each<[wanted: string | undefined, found: string | undefined, adopted: boolean, written: string | undefined]>([
    [undefined, undefined, false, undefined],
    [undefined, "theirs", false, undefined],
    ["ours", undefined, false, "ours"],
    ["ours", "theirs", false, "ours"],
    ["ours", "ours", false, undefined],
    ["ours", "theirs", true, undefined],
    ["ours", undefined, true, "ours"],
  ])("name the service %s where they name %s (adopted: %s): %s", (wanted, found, adopted, written) => {
    const there = complete({ serviceManagementReference: found });
    const changes = changesOf(there, { ...desired, serviceReference: wanted, adopted });
    const differs = { because: "differs in service reference", serviceManagementReference: written };
    expect(changes).toEqual(written === undefined ? undefined : differs);
  });
});
