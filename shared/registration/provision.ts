import { NotYetError, StalledError } from "../errors.ts";
import { desiredIngestion, desiredServer, type Intent, ROLE_VALUE, SCOPE_VALUE, type ServerAccess } from "./desired.ts";
import {
  type Application,
  type Changes,
  type Desired,
  leftAlone,
  misplaced,
  type Observed,
  planRegistration,
  type Step,
} from "./plan.ts";

/** How a registration is found: by the name we give it, or, for one made by hand, by its client id. */
export type RegistrationName = { uniqueName: string } | { appId: string };

/** The app registrations of the tenant. */
export interface Registrations {
  find(name: RegistrationName): Promise<Application | undefined>;
  create(uniqueName: string, body: Changes & { displayName: string }): Promise<{ id: string; appId: string }>;
  update(objectId: string, changes: Changes): Promise<void>;
  findServicePrincipal(appId: string): Promise<string | undefined>;
  createServicePrincipal(appId: string): Promise<string>;
}

export interface Ports {
  registrations: Registrations;
  /** Has the secret of ingestion pushed again: a bot is known by the object id of ingestion's service principal. */
  takeBackDelivery(): Promise<void>;
  log(line: string): void;
}

/** Which deployment, and whether to write. */
export interface Order {
  intent: Intent;
  authority: string;
  server: RegistrationName;
  ingestion: RegistrationName;
  dryRun: boolean;
}

export interface StepReport {
  kind: Step["kind"];
  because: string;
  target: string;
  state: "planned" | "done" | "waiting";
}

/** What a registration is, for whoever configures OpenMetadata with it; undefined while it is only planned. */
export interface Provisioned {
  clientId: string | undefined;
  applicationObjectId: string | undefined;
  servicePrincipalObjectId: string | undefined;
  appIdUri: string | undefined;
  /** What one made by hand has otherwise than one of ours would; missing where there is nothing. */
  leftAlone?: string[];
}

export interface Result {
  server: Provisioned & { scope: string | undefined; redirectUris: string[] };
  ingestion: Provisioned;
  authority: string;
}

export interface Outcome {
  steps: StepReport[];
  /** Undefined while something must be waited for. */
  result: Result | undefined;
  /** Why the last step waits. */
  waitingFor: NotYetError | undefined;
}

/** Brings both registrations to the desired state, or as far as Graph's replication lets it. */
export async function provision(ports: Ports, order: Order): Promise<Outcome> {
  const steps: StepReport[] = [];
  try {
    return { steps, result: await provisionBoth(ports, steps, order), waitingFor: undefined };
  } catch (error) {
    if (!(error instanceof NotYetError)) throw error;
    const done = steps.slice(0, -1);
    const waiting = steps.slice(-1).map((step) => ({ ...step, state: "waiting" as const }));
    return { steps: [...done, ...waiting], result: undefined, waitingFor: error };
  }
}

/** The server's first, because ingestion is given access to it. */
async function provisionBoth(
  ports: Ports,
  steps: StepReport[],
  { intent, authority, ...order }: Order,
): Promise<Result> {
  const serverDesired = desiredServer(intent);
  const server = await converge(ports, steps, { desired: serverDesired, name: order.server, dryRun: order.dryRun });
  const access = accessTo(serverDesired, server.clientId, server.observed.application);
  const ingestion = await converge(ports, steps, {
    desired: desiredIngestion(intent, access),
    name: order.ingestion,
    dryRun: order.dryRun,
    beforeNewPrincipal: ports.takeBackDelivery,
  });
  const appIdUri = server.clientId && `api://${server.clientId}`;
  return {
    server: {
      ...provisioned(server),
      scope: appIdUri && `${appIdUri}/${SCOPE_VALUE}`,
      redirectUris: serverDesired.redirectUris,
    },
    ingestion: provisioned(ingestion),
    authority,
  };
}

interface Converged extends Provisioned {
  observed: Observed;
}

interface Convergence {
  desired: Desired;
  name: RegistrationName;
  dryRun: boolean;
  /** A registration that was deleted and restored comes back without its service principal. */
  beforeNewPrincipal?: () => Promise<void>;
}

async function converge(
  { registrations, log }: Ports,
  steps: StepReport[],
  { desired, name, dryRun, beforeNewPrincipal }: Convergence,
): Promise<Converged> {
  const application = await registrations.find(name);
  if (!application && "appId" in name) {
    throw new StalledError(
      `Cannot adopt the registration of "${desired.uniqueName}": no application has client id ${name.appId}`,
      "Correct SERVER_CLIENT_ID or INGESTION_CLIENT_ID, or remove it to let this app make the registration",
    );
  }
  if (application) refuseToMove(desired, application);
  const servicePrincipalId = application && (await registrations.findServicePrincipal(application.appId));
  const observed = { application, servicePrincipalId };
  let clientId = application?.appId;
  let objectId = application?.id;
  let principalId = servicePrincipalId;
  for (const step of planRegistration(desired, observed)) {
    steps.push({ kind: step.kind, because: step.because, target: step.target, state: dryRun ? "planned" : "done" });
    log(`provisioning${dryRun ? " would" : ""}: ${step.kind} ${step.target} (${step.because})`);
    if (dryRun) continue;
    switch (step.kind) {
      case "create-registration": {
        const made = await registrations.create(desired.uniqueName, { displayName: desired.uniqueName, ...step.body });
        clientId = made.appId;
        objectId = made.id;
        break;
      }
      case "update-registration":
        await registrations.update(objectId ?? "", step.changes);
        break;
      case "create-service-principal":
        // First, so that a crash in between costs a push and leaves no bot with the name of the old one.
        if (application) await beforeNewPrincipal?.();
        principalId = await registrations.createServicePrincipal(clientId ?? "");
        break;
      default:
        step satisfies never;
    }
  }
  const kept = application ? leftAlone(desired, application) : [];
  return {
    observed,
    clientId,
    applicationObjectId: objectId,
    servicePrincipalObjectId: principalId,
    appIdUri: clientId && `api://${clientId}`,
    ...(kept.length > 0 ? { leftAlone: kept } : {}),
  };
}

/** Moving it would end the sign-in of people that works, and the server has to be changed at the same moment. */
function refuseToMove(desired: Desired, application: Application): void {
  const [uri] = misplaced(desired, application);
  if (uri === undefined) return;
  const [here, there] = desired.platform === "spa" ? ["Web", "SPA"] : ["SPA", "Web"];
  const other = desired.platform === "spa" ? "auth-code" : "implicit";
  throw new StalledError(
    `Cannot adopt the registration of "${desired.uniqueName}": it has ${uri} as a redirect URI of platform ${here}, and the flow of the settings needs ${there}`,
    `Set SIGN_IN_FLOW to "${other}" if people sign in so today; to change the flow, move the URI from ${here} to ${there} (App registrations, Authentication) when you change the server, and call again`,
  );
}

/** The ids of scope and role as they are there, which for a registration made by hand are not ours. */
export function accessTo(
  desired: Desired,
  clientId: string | undefined,
  application: Application | undefined,
): ServerAccess | undefined {
  const idOf = (found: { id: string; value?: string | null | undefined }[], value: string): string | undefined =>
    found.find((one) => one.value === value)?.id;
  const scopeId = idOf(application?.api.oauth2PermissionScopes ?? [], SCOPE_VALUE) ?? idOf(desired.scopes, SCOPE_VALUE);
  const roleId = idOf(application?.appRoles ?? [], ROLE_VALUE) ?? idOf(desired.appRoles, ROLE_VALUE);
  return clientId && scopeId && roleId ? { appId: clientId, scopeId, roleId } : undefined;
}

function provisioned({ observed: _, ...facts }: Converged): Provisioned {
  return facts;
}
