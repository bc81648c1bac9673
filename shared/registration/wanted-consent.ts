import { NotYetError, StalledError } from "../errors.ts";
import { GRAPH_APP_ID, GRAPH_SCOPES, ROLE_VALUE, SCOPE_VALUE } from "./desired.ts";
import type { Application } from "./plan.ts";
import type { RegistrationName, Registrations } from "./provision.ts";

/** What the two registrations ask to be granted, by the ids that they really have. */
export async function wantedConsent(
  registrations: Pick<Registrations, "find">,
  names: { server: RegistrationName; ingestion: RegistrationName },
  deployment: string,
) {
  const [server, ingestion] = await Promise.all([
    registrations.find(names.server),
    registrations.find(names.ingestion),
  ]);
  if (!server || !ingestion) {
    throw new StalledError(
      `Cannot grant admin consent: the registrations of deployment "${deployment}" do not exist`,
      "Call POST /api/provision first",
    );
  }
  const role = server.appRoles.find(({ value }) => value === ROLE_VALUE);
  if (!role || !hasScope(server)) {
    throw new NotYetError(
      `Cannot grant admin consent yet: scope and app role of "${deployment}-server" are missing`,
      15,
    );
  }
  const graphScopes = Object.keys(GRAPH_SCOPES);
  return {
    serverAppId: server.appId,
    ingestionAppId: ingestion.appId,
    graphAppId: GRAPH_APP_ID,
    desired: {
      serverName: `${deployment}-server`,
      ingestionName: `${deployment}-ingestion`,
      graphScopes,
      serverScope: SCOPE_VALUE,
      appRole: { id: role.id, value: ROLE_VALUE },
    },
    summary: { graphScopes, scope: SCOPE_VALUE, appRole: ROLE_VALUE },
  };
}

function hasScope(server: Application): boolean {
  return server.api.oauth2PermissionScopes.some(({ value }) => value === SCOPE_VALUE);
}
