import { refusePlanted } from "../deployment/maker.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { NotYetError, UpstreamError } from "../errors.ts";
import { stepPlanned, type Taken, takeStep } from "../log.ts";
import {
  type Desired,
  isAssigned,
  type Observed,
  type Principal,
  planConsent,
  type ScopeGrant,
  type Step,
} from "./consent-plan.ts";
import { consentRefused } from "./consent-refused.ts";
import type { ConsentPorts, Consents } from "./ports.ts";

/** The registrations to grant for. */
export interface Order {
  desired: Desired;
  serverAppId: string;
  ingestionAppId: string;
  graphAppId: string;
  /** How the two are found. */
  names: { server: RegistrationName; ingestion: RegistrationName };
  /** For the links by which a person consents, and the commands that grant what is missing. */
  authority: string;
  graphUrl: string;
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
 * Grants what is missing. What one permission allows is done even where another permission is lacking.
 * @throws {StalledError} that names every missing permission of the app's own identity, when all the rest is done, with
 * the links by which a person can consent.
 */
export async function consent(ports: ConsentPorts, order: Order): Promise<Outcome> {
  const steps: StepReport[] = [];
  try {
    const missing = await grantAll(ports, steps, order);
    if (missing.size > 0) throw consentRefused(await ports.identity(), order, [...missing]);
    return { steps, waitingFor: undefined };
  } catch (error) {
    if (error instanceof NotYetError) return { steps, waitingFor: error };
    throw error;
  }
}

/** Answers with the kinds of step for which a permission is missing. */
async function grantAll(ports: ConsentPorts, steps: StepReport[], order: Order): Promise<Set<Step["kind"]>> {
  const missing = new Set<Step["kind"]>();
  for (const step of planConsent(order.desired, await observe(ports, order))) {
    if (missing.has(step.kind)) continue;
    const { kind, because, target } = step;
    const how = { subject: "consent", log: ports.log };
    const report = (state: StepReport["state"]) => steps.push({ kind, because, target, state });
    try {
      if (order.dryRun) {
        stepPlanned(step, how);
        report("planned");
        continue;
      }
      const { state } = await takeStep(step, { ...how, tell: (taken) => taken }, () => take(ports.consents, step));
      if (state === "done") report("done");
    } catch (error) {
      if (error instanceof NotYetError) report("waiting");
      if (!isForbidden(error)) throw error;
      missing.add(kind);
    }
  }
  return missing;
}

async function observe(ports: ConsentPorts, order: Order): Promise<Observed> {
  const { consents } = ports;
  const { serverName, ingestionName } = order.desired;
  const [own, signsInAs] = await Promise.all([ports.identity(), ports.signsInAs()]);
  const wanted = [
    order.serverAppId,
    order.ingestionAppId,
    order.graphAppId,
    ...(signsInAs?.appId ? [signsInAs.appId] : []),
  ];
  const principals = await consents.principals(wanted, order.serverAppId);
  const principal = (appId: string, name: string) => {
    const found = principals.find((one) => one.appId === appId);
    if (found) return found;
    // The list lags behind creation.
    throw new NotYetError(
      "replication-pending",
      `Cannot grant admin consent yet: Microsoft Graph does not list the service principal of "${name}"`,
      { retryAfterSeconds: 15 },
    );
  };
  const server = principal(order.serverAppId, serverName);
  const ingestion = principal(order.ingestionAppId, ingestionName);
  for (const [found, name, label] of [
    [server, order.names.server, serverName],
    [ingestion, order.names.ingestion, ingestionName],
  ] as const) {
    const { appId: clientId, createdByAppId } = found;
    refusePlanted(name, { what: `the service principal of "${label}"`, clientId, createdByAppId }, own.appId);
  }
  const graph = principal(order.graphAppId, "Microsoft Graph");
  const self = principals.find(({ appId }) => appId === signsInAs?.appId);
  const found = { server, ingestion, self, graph, assignmentRequired: server.appRoleAssignmentRequired ?? false };
  // Most likely there is none yet. One that exists all the same is found by whoever tries to make it.
  if (!order.dryRun && !isAssigned(order.desired, { server, principal: ingestion })) {
    return { ...found, serverGrants: [], ingestionGrants: [] };
  }
  const [serverGrants, ingestionGrants] = await Promise.all([
    grantsOf(consents, server),
    grantsOf(consents, ingestion),
  ]);
  return { ...found, serverGrants, ingestionGrants };
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

async function take(consents: Consents, step: Step): Promise<Taken> {
  const { kind, target, because } = step;
  try {
    if (await apply(consents, step)) return { state: "done", detail: `${kind} ${target} (${because})` };
    return { state: "skipped", detail: `${kind} ${target} is not needed: it is granted already` };
  } catch (error) {
    if (!isForbidden(error) || kind !== "assign-app-role" || !step.optional) throw error;
    const unless = 'it is needed only where the server registration has "Assignment required" set';
    return { state: "skipped", detail: `${kind} ${target} is not permitted; ${unless}` };
  }
}

/** Answers whether anything had to be written. */
async function apply(consents: Consents, step: Step): Promise<boolean> {
  switch (step.kind) {
    case "grant-scopes": {
      const { clientId, resourceId, scopes, grantId } = step;
      return consents.grant({ clientId, resourceId, scopes, grantId });
    }
    case "assign-app-role": {
      const { principalId, resourceId, appRoleId } = step;
      await consents.assignAppRole({ principalId, resourceId, appRoleId });
      return true;
    }
    default:
      return step satisfies never;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof UpstreamError && error.service === "Microsoft Graph" && error.status === 403;
}
