import { describe, expect, it } from "vitest";
import { asAdministrator, registration } from "./administrator.ts";
import { openApp } from "./app.ts";

const app = openApp();
const GRAPH = "00000003-0000-0000-c000-000000000000";
const READ_ALL = { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", type: "Role" };
const OTHER_OWNER = "6f9b3b1e-2f0f-4f4e-8a53-6a0c3f0f7a11";

const callback = (): string => `${app().cloud.urls.openMetadata}/callback`;

async function byHand(body: object): Promise<void> {
  await asAdministrator(app(), "PATCH", { path: `/applications/${registration(app()).id}`, body });
  app().mark();
}

/** Bodies of the requests that changed an application. */
function bodies(): Record<string, unknown>[] {
  const patches = app().exchanges.filter(({ service, method }) => service === "graph" && method === "PATCH");
  return patches.map(({ body }) => JSON.parse(body));
}

describe("POST /api/provision on registrations that others have changed", () => {
  it("leaves alone what others have added", async () => {
    await app().post("provision");
    const { spa, web, api, appRoles, requiredResourceAccess, optionalClaims, identifierUris, appId } = registration(
      app(),
    );
    await byHand({
      displayName: "OpenMetadata of the data platform",
      notes: "ask the data platform",
      tags: ["data"],
      identifierUris: [...identifierUris, `api://${app().cloud.directory.tenantId}/openmetadata`],
      spa: { redirectUris: [...spa.redirectUris, "https://spa.example.com/callback"] },
      web: { redirectUris: [...web.redirectUris, "https://web.example.com/callback"] },
      publicClient: { redirectUris: ["http://localhost"] },
      api: {
        oauth2PermissionScopes: [
          ...api.oauth2PermissionScopes,
          {
            id: "0c1e6b1a-2c54-4a39-9a8f-3f0e4ed37f01",
            value: "Reports.Read",
            type: "Admin",
            isEnabled: true,
            adminConsentDisplayName: "Read reports",
            adminConsentDescription: "Reads reports.",
          },
        ],
      },
      appRoles: [
        ...appRoles,
        {
          id: "0c1e6b1a-2c54-4a39-9a8f-3f0e4ed37f02",
          value: "Steward",
          displayName: "Steward",
          description: "Stewards.",
          allowedMemberTypes: ["User"],
          isEnabled: true,
        },
      ],
      requiredResourceAccess: requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => ({
        resourceAppId,
        resourceAccess: [...resourceAccess, READ_ALL],
      })),
      optionalClaims: { ...optionalClaims, idToken: [...(optionalClaims?.idToken ?? []), { name: "upn" }] },
    });
    app().cloud.directory.addOwner(appId, OTHER_OWNER);
    const before = registration(app());
    const { body } = await app().post("provision");
    expect(body).toMatchObject({ converged: true, steps: [] });
    expect(app().writes("graph")).toEqual([]);
    expect(registration(app())).toEqual(before);
  });

  it.each<[field: string, change: () => object, written: object]>([
    ["sign-in audience", () => ({ signInAudience: "AzureADMultipleOrgs" }), { signInAudience: true }],
    ["App ID URI", () => ({ identifierUris: registration(app()).identifierUris.slice(1) }), { identifierUris: true }],
    [
      "redirect URIs",
      () => ({ spa: { redirectUris: ["https://spa.example.com/callback"] } }),
      { spa: { redirectUris: true }, web: { redirectUris: true } },
    ],
    [
      "implicit flow",
      () => ({ web: { implicitGrantSettings: { enableIdTokenIssuance: false } } }),
      { web: { implicitGrantSettings: true } },
    ],
    [
      "token version",
      () => ({ api: { requestedAccessTokenVersion: 1 } }),
      { api: { requestedAccessTokenVersion: true } },
    ],
    [
      "scopes",
      () => ({ api: { oauth2PermissionScopes: disabled(registration(app()).api.oauth2PermissionScopes) } }),
      { api: { oauth2PermissionScopes: true } },
    ],
    ["app roles", () => ({ appRoles: disabled(registration(app()).appRoles) }), { appRoles: true }],
    [
      "API permissions",
      () => ({ requiredResourceAccess: [{ resourceAppId: GRAPH, resourceAccess: [READ_ALL] }] }),
      { requiredResourceAccess: true },
    ],
    ["optional claims", () => ({ optionalClaims: { idToken: [{ name: "upn" }] } }), { optionalClaims: true }],
  ])("writes only the %s where only that differs, in one request", async (field, change, written) => {
    const good = registration(app());
    await byHand(change());
    expect(registration(app())).not.toEqual(good);
    const { body } = await app().post("provision");
    expect(body.steps).toEqual([
      { kind: "update-registration", because: `differs in ${field}`, target: "openmetadata-server", state: "done" },
    ]);
    expect(app().requests("graph")).toHaveLength(5);
    expect(bodies().map(shape)).toEqual([written]);
    expect(sorted(registration(app()))).toEqual(sorted(good));
  });

  it("moves its own redirect URI when the flow changes, and back, while foreign ones stay where they are", async () => {
    await app().restart({ SIGN_IN_FLOW: "auth-code" });
    app().mark();
    await app().post("provision");
    expect(app().writes("graph")).toEqual([`PATCH /v1.0/applications/${registration(app()).id}`]);
    expect(registration(app())).toMatchObject({
      spa: { redirectUris: ["https://spa.example.com/callback"] },
      web: {
        redirectUris: ["https://web.example.com/callback", callback()],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      },
    });
    await app().restart({});
    await app().post("provision");
    expect(registration(app())).toMatchObject({
      spa: { redirectUris: ["https://spa.example.com/callback", callback()] },
      web: {
        redirectUris: ["https://web.example.com/callback"],
        implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: true },
      },
    });
  });

  it("shows a difference in a dry run and leaves it", async () => {
    await byHand({ signInAudience: "AzureADMultipleOrgs" });
    const { status, body } = await app().call("POST", "provision", { dryRun: true });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { converged: false, steps: [{ kind: "update-registration", state: "planned" }] },
    });
    expect(app().writes("graph")).toEqual([]);
    expect(registration(app()).signInAudience).toBe("AzureADMultipleOrgs");
  });
});

/** Ours, which comes first, disabled. */
function disabled<T extends object>([ours, ...others]: T[]): object[] {
  return [{ ...ours, isEnabled: false }, ...others];
}

/** Which properties a body has; `api`, `spa` and `web` property by property. */
function shape(body: Record<string, unknown>): Record<string, unknown> {
  const names = (value: unknown) => Object.fromEntries(Object.keys(value ?? {}).map((name) => [name, true]));
  const isStructure = (name: string): boolean => ["api", "spa", "web"].includes(name);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, isStructure(name) ? names(value) : true]),
  );
}

/** In a form in which the order of lists does not count. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(sorted(one))).toSorted();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sorted(one)]));
}
