import { type Made, refusePlanted } from "../deployment/maker.ts";
import { type RegistrationName, uniqueNames } from "../deployment/registration-names.ts";
import { StalledError } from "../errors.ts";
import { type Clock, REPLICATION_PAUSES, retry } from "../retry.ts";
import type { Application } from "./application.ts";
import { GRAPH_APP_ID, GRAPH_SCOPES, ROLE_VALUE, SCOPE_VALUE } from "./permissions.ts";
import type { Identity, Registered, Registrations } from "./ports.ts";

export interface Ports extends Clock {
  registrations: Pick<Registrations, "find">;
  identity(): Promise<Pick<Identity, "appId">>;
  /** May reads not show a registration yet, because it was made or changed a moment ago? */
  madeLately(): boolean;
  /** What provisioning has told a moment ago. */
  told(): Registered | undefined;
}

/** What the two registrations ask to be granted, by the ids that they really have; `afresh` reads them in any case. */
export async function wantedConsent(
  ports: Ports,
  names: { server: RegistrationName; ingestion: RegistrationName },
  { deployment, dryRun, afresh }: { deployment: string; dryRun: boolean; afresh: boolean },
) {
  const pauses = !dryRun && ports.madeLately() ? REPLICATION_PAUSES : [];
  const told = afresh ? undefined : ports.told();
  const { roleId, ...appIds } = told ?? (await find(ports, names, { deployment, pauses }));
  const registered = uniqueNames({ name: deployment });
  const graphScopes = Object.keys(GRAPH_SCOPES);
  return {
    ...appIds,
    isTold: told !== undefined,
    graphAppId: GRAPH_APP_ID,
    names,
    desired: {
      serverName: registered.server,
      ingestionName: registered.ingestion,
      graphScopes,
      serverScope: SCOPE_VALUE,
      appRole: { id: roleId, value: ROLE_VALUE },
    },
    summary: { graphScopes, scope: SCOPE_VALUE, appRole: ROLE_VALUE },
  };
}

/** Both, if they are ours. What provisioning has just made is waited for, half a minute at most: reads lag behind writes. */
async function find(
  ports: Ports,
  names: { server: RegistrationName; ingestion: RegistrationName },
  { deployment, pauses }: { deployment: string; pauses: readonly number[] },
): Promise<Registered> {
  let missing = "";
  const registered = uniqueNames({ name: deployment });
  const { appId: own } = await ports.identity();
  const look = async (): Promise<Registered | undefined> => {
    const [server, ingestion] = await Promise.all([
      ports.registrations.find(names.server),
      ports.registrations.find(names.ingestion),
    ]);
    if (server) refusePlanted(names.server, madeAs(server, registered.server), own);
    if (ingestion) refusePlanted(names.ingestion, madeAs(ingestion, registered.ingestion), own);
    const roleId = server?.appRoles.find(({ value }) => value === ROLE_VALUE)?.id;
    if (server && ingestion && roleId && hasScope(server)) {
      return { serverAppId: server.appId, ingestionAppId: ingestion.appId, roleId };
    }
    missing =
      server && ingestion
        ? `registration "${registered.server}" lacks its scope or app role`
        : `the registrations of deployment "${deployment}" do not exist`;
    return undefined;
  };
  const found = await retry(ports, look, { pauses, spread: true });
  if (found) return found;
  throw new StalledError("registration-missing", `Cannot grant admin consent: ${missing}`, {
    hint: "Call POST /api/provision, then POST /api/consent again",
  });
}

function madeAs({ appId: clientId, createdByAppId }: Application, name: string): Made {
  return { what: `registration "${name}"`, clientId, createdByAppId };
}

function hasScope(server: Application): boolean {
  return server.api.oauth2PermissionScopes.some(({ value }) => value === SCOPE_VALUE);
}
