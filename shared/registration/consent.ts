import { NotYetError, StalledError, UpstreamError } from "../errors.ts";
import {
  type Desired,
  type Observed,
  type Principal,
  planConsent,
  type ScopeGrant,
  type Step,
} from "./consent-plan.ts";

/** Delegated grants and app role assignments of the tenant. */
export interface Consents {
  principals(appIds: readonly string[]): Promise<(Principal & { appId: string })[]>;
  grantsOf(clientObjectId: string): Promise<ScopeGrant[]>;
  grant(wanted: { clientId: string; resourceId: string; scopes: string[]; grantId: string | undefined }): Promise<void>;
  assignAppRole(wanted: { principalId: string; resourceId: string; appRoleId: string }): Promise<void>;
}

export interface Ports {
  consents: Consents;
  /** The identity that needs the permissions, and those that it holds. */
  identity(): Promise<{ objectId: string; graphPermissions: string[] }>;
  log(line: string): void;
}

/** The registrations to grant for. */
export interface Order {
  desired: Desired;
  serverAppId: string;
  ingestionAppId: string;
  graphAppId: string;
  /** For the links by which a person consents. */
  authority: string;
  dryRun: boolean;
}

export interface StepReport {
  kind: Step["kind"];
  because: string;
  target: string;
  state: "planned" | "done" | "waiting";
}

export interface Outcome {
  steps: StepReport[];
  /** Why the last step waits, or why there are none yet. */
  waitingFor: NotYetError | undefined;
}

/**
 * The Graph application permissions that a step needs, with their ids. Microsoft Learn: "Create oAuth2PermissionGrant",
 * "Grant an appRoleAssignment for a service principal", "Microsoft Graph permissions reference".
 */
const NEEDED: Record<Step["kind"], Record<string, string>> = {
  "grant-scopes": { "DelegatedPermissionGrant.ReadWrite.All": "8e8e4742-1d95-4f68-9d56-6ee75648c72a" },
  "assign-app-role": {
    "AppRoleAssignment.ReadWrite.All": "06b708a9-e830-4db3-a914-8e69da51d44f",
    "Application.Read.All": "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
  },
};

/** A permission of the app's own identity is missing; a person can grant it, or consent by the links. */
export class ConsentRefused extends StalledError {
  readonly permissions: string[];
  readonly adminConsentUrls: string[];
  constructor(message: string, hint: string, facts: { permissions: string[]; adminConsentUrls: string[] }) {
    super(message, hint);
    this.permissions = facts.permissions;
    this.adminConsentUrls = facts.adminConsentUrls;
  }
}

/**
 * Grants what is missing. What one permission allows is done even where another permission is lacking.
 * @throws {ConsentRefused} that names every missing permission, when all the rest is done.
 */
export async function consent(ports: Ports, order: Order): Promise<Outcome> {
  const steps: StepReport[] = [];
  try {
    const missing = await grantAll(ports, steps, order);
    if (missing.size > 0) throw await refused(ports, order, [...missing]);
    return { steps, waitingFor: undefined };
  } catch (error) {
    if (error instanceof NotYetError) return { steps, waitingFor: error };
    throw error;
  }
}

/** Answers with the kinds of step for which a permission is missing. */
async function grantAll(ports: Ports, steps: StepReport[], order: Order): Promise<Set<Step["kind"]>> {
  const missing = new Set<Step["kind"]>();
  for (const step of planConsent(order.desired, await observe(ports, order))) {
    if (missing.has(step.kind)) continue;
    const { kind, because, target } = step;
    ports.log(`consent${order.dryRun ? " would" : ""}: ${kind} ${target} (${because})`);
    const report = (state: StepReport["state"]) => steps.push({ kind, because, target, state });
    try {
      if (!order.dryRun) await apply(ports.consents, step);
      report(order.dryRun ? "planned" : "done");
    } catch (error) {
      if (error instanceof NotYetError) report("waiting");
      if (!isForbidden(error)) throw error;
      missing.add(kind);
    }
  }
  return missing;
}

async function observe({ consents }: Ports, order: Order): Promise<Observed> {
  const principals = await consents.principals([order.serverAppId, order.ingestionAppId, order.graphAppId]);
  const principal = (appId: string, name: string): Principal => {
    const found = principals.find((one) => one.appId === appId);
    if (found) return found;
    // The list lags behind creation.
    throw new NotYetError(`Cannot grant admin consent yet: Graph does not list the service principal of ${name}`, 15);
  };
  const server = principal(order.serverAppId, order.desired.serverName);
  const ingestion = principal(order.ingestionAppId, order.desired.ingestionName);
  const graph = principal(order.graphAppId, "Microsoft Graph");
  const [serverGrants, ingestionGrants] = await Promise.all([
    grantsOf(consents, server),
    grantsOf(consents, ingestion),
  ]);
  return { server, ingestion, graph, serverGrants, ingestionGrants };
}

/** Grants need a permission of their own to be read. Without it they count as missing, and making them is refused. */
async function grantsOf(consents: Consents, { objectId }: Principal): Promise<ScopeGrant[]> {
  try {
    return await consents.grantsOf(objectId);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

async function apply(consents: Consents, step: Step): Promise<void> {
  switch (step.kind) {
    case "grant-scopes": {
      const { clientId, resourceId, scopes, grantId } = step;
      return consents.grant({ clientId, resourceId, scopes, grantId });
    }
    case "assign-app-role": {
      const { principalId, resourceId, appRoleId } = step;
      return consents.assignAppRole({ principalId, resourceId, appRoleId });
    }
    default:
      return step satisfies never;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof UpstreamError && error.service === "Microsoft Graph" && error.status === 403;
}

async function refused(ports: Ports, order: Order, kinds: Step["kind"][]): Promise<ConsentRefused> {
  const { objectId, graphPermissions } = await ports.identity();
  const needed = Object.entries(Object.assign({}, ...kinds.map((kind) => NEEDED[kind])) as Record<string, string>);
  const lacking = needed.filter(([permission]) => !graphPermissions.includes(permission));
  // A token may be older than a permission that was taken away: then all of them are named.
  const named = lacking.length > 0 ? lacking : needed;
  const permissions = named.map(([permission]) => permission);
  const adminConsentUrls = [order.serverAppId, order.ingestionAppId].map(
    (clientId) => `${order.authority}/adminconsent?client_id=${clientId}`,
  );
  const commands = named.map(([, appRoleId]) => grantCommand(objectId, order.graphAppId, appRoleId));
  return new ConsentRefused(
    `Cannot grant admin consent for "${order.desired.serverName}" and "${order.desired.ingestionName}": the app's identity lacks ${permissions.join(" and ")}`,
    `Let an administrator open ${adminConsentUrls.join(" and ")}, or give the identity what it lacks: ${commands.join(" ; ")}`,
    { permissions, adminConsentUrls },
  );
}

/** A line for a shell that is signed in as a Privileged Role Administrator. */
function grantCommand(principalId: string, graphAppId: string, appRoleId: string): string {
  const graph = `$(az ad sp show --id ${graphAppId} --query id --output tsv)`;
  const url = `https://graph.microsoft.com/v1.0/servicePrincipals/${principalId}/appRoleAssignments`;
  const body = `{\\"principalId\\":\\"${principalId}\\",\\"resourceId\\":\\"${graph}\\",\\"appRoleId\\":\\"${appRoleId}\\"}`;
  return `az rest --method POST --url "${url}" --body "${body}"`;
}
