import { randomUUID } from "node:crypto";
import { type Case, expect, expectSeen, items, record } from "../case.ts";

const MAKES = ["an app registration"];
const scope = (value: string) => ({
  id: randomUUID(),
  value,
  type: "Admin",
  isEnabled: true,
  adminConsentDisplayName: value,
  adminConsentDescription: value,
});
const role = (value: string) => ({
  id: randomUUID(),
  value,
  displayName: value,
  description: value,
  allowedMemberTypes: ["Application"],
  isEnabled: true,
});

/** How Microsoft Graph changes app registrations, and what it refuses. */
export const CHANGES: Case[] = [
  {
    id: "graph-structures-merge",
    claim: "A PATCH of api, web or spa changes the properties that it names and keeps the others",
    makes: MAKES,
    async run({ application, graph, eventually }) {
      const { id } = await application({ api: { requestedAccessTokenVersion: 2 } });
      const scopes = [scope("Conformance.Read")];
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { api: { oauth2PermissionScopes: scopes } } }), {
        status: 204,
      });
      const seen = await eventually(
        () => graph("GET", `/applications/${id}?$select=api`),
        ({ json }) => items(record(json).api, "oauth2PermissionScopes").length === 1,
      );
      expect(record(record(seen.json).api).requestedAccessTokenVersion === 2, "requestedAccessTokenVersion was lost");
      return undefined;
    },
  },
  {
    id: "graph-lists-replace",
    claim: "A PATCH of a list replaces all of it",
    makes: MAKES,
    async run({ application, graph, eventually }) {
      const { id } = await application({ web: { redirectUris: ["https://one.example.com/"] } });
      const web = { redirectUris: ["https://two.example.com/"] };
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { web } }), { status: 204 });
      const uris = (json: unknown) => JSON.stringify(record(record(json).web).redirectUris);
      const seen = await eventually(
        () => graph("GET", `/applications/${id}?$select=web`),
        ({ json }) => uris(json).includes("two"),
      );
      expect(uris(seen.json) === JSON.stringify(web.redirectUris), `redirect URIs are ${uris(seen.json)}`);
      return undefined;
    },
  },
  {
    id: "graph-redirect-uri-once",
    claim: "A redirect URI cannot be registered for two platforms",
    makes: MAKES,
    async run({ application, graph }) {
      const { id } = await application();
      const redirectUris = ["https://both.example.com/callback"];
      expectSeen(
        await graph("PATCH", `/applications/${id}`, { body: { web: { redirectUris }, spa: { redirectUris } } }),
        { status: 400 },
      );
      return undefined;
    },
  },
  {
    id: "graph-enabled-role-stays",
    claim: "An app role that is enabled cannot be removed",
    makes: MAKES,
    async run({ application, graph }) {
      const { id } = await application({ appRoles: [role("Conformance.Run")] });
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { appRoles: [] } }), {
        status: 400,
        code: "CannotDeleteOrUpdateEnabledEntitlement",
      });
      return undefined;
    },
  },
  {
    id: "graph-pre-authorize-later",
    claim: "An update cannot pre-authorize a client for a scope that it makes itself",
    makes: MAKES,
    async run({ application, graph }) {
      const { id, appId } = await application({});
      const one = scope("Conformance.Read");
      const api = {
        oauth2PermissionScopes: [one],
        preAuthorizedApplications: [{ appId, delegatedPermissionIds: [one.id] }],
      };
      const says = "cannot be found in the AppPermissions sets";
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { api } }), { status: 400, says });
      return undefined;
    },
  },
  {
    id: "graph-role-and-scope-value",
    claim: "An app role and a scope may have the same value, two app roles may not",
    makes: MAKES,
    async run({ application, graph }) {
      const value = "Conformance.Both";
      const { id } = await application({ appRoles: [role(value)], api: { oauth2PermissionScopes: [scope(value)] } });
      const appRoles = [role("Conformance.Twice"), role("Conformance.Twice")];
      const now = items((await graph("GET", `/applications/${id}?$select=appRoles`)).json, "appRoles");
      const kept = now.map(({ origin: _, ...one }) => one);
      expectSeen(await graph("PATCH", `/applications/${id}`, { body: { appRoles: [...kept, ...appRoles] } }), {
        status: 400,
      });
      return undefined;
    },
  },
];
