import { appIdUri } from "../deployment/addresses.ts";
import { refusePlanted } from "../deployment/maker.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { StalledError } from "../errors.ts";
import { stepPlanned, takeStep } from "../log.ts";
import { leftAlone, misplaced } from "./adoption.ts";
import type { Application, Desired } from "./application.ts";
import { type Observed, planRegistration, type Step } from "./plan.ts";
import type { Maker, ProvisioningPorts } from "./ports.ts";

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
  /** Of one that tokens are asked for. */
  appIdUri?: string;
  /** What one made by hand has otherwise than one of ours would; missing where there is nothing. */
  leftAlone?: string[];
}

/** A registration as it ought to be, and how it is found. */
export interface Convergence {
  desired: Desired;
  name: RegistrationName;
  dryRun: boolean;
  /** A registration that was deleted and restored comes back without its service principal. */
  beforeNewPrincipal?: () => Promise<void>;
}

type Ports = Pick<ProvisioningPorts, "registrations" | "identity" | "log">;

/** Brings one registration to its desired state; each step is added to `steps` before it is taken. */
export async function converge(
  ports: Ports,
  steps: StepReport[],
  order: Convergence,
): Promise<{ found: Application | undefined; now: Provisioned }> {
  const { desired, dryRun } = order;
  const observed = await observe(ports, order);
  const found = observed.application;
  let ids: Ids = { clientId: found?.appId, objectId: found?.id, principalId: observed.servicePrincipalId };
  for (const step of planRegistration(desired, observed)) {
    steps.push({ kind: step.kind, because: step.because, target: step.target, state: dryRun ? "planned" : "done" });
    const how = { subject: "provisioning", log: ports.log };
    if (dryRun) stepPlanned(step, how);
    else ids = { ...ids, ...(await takeStep(step, how, () => apply(ports, step, { ids, found, order }))) };
  }
  const kept = found ? leftAlone(desired, found) : [];
  const now = {
    clientId: ids.clientId,
    applicationObjectId: ids.objectId,
    servicePrincipalObjectId: ids.principalId,
    ...(desired.isResource && ids.clientId ? { appIdUri: appIdUri(ids.clientId) } : {}),
    ...(kept.length > 0 ? { leftAlone: kept } : {}),
  };
  return { found, now };
}

interface Ids {
  clientId: string | undefined;
  objectId: string | undefined;
  principalId: string | undefined;
}

async function observe(ports: Ports, { desired, name }: Convergence): Promise<Observed> {
  const { registrations } = ports;
  const application = await registrations.find(name);
  if (application) {
    const { appId } = application;
    await mustBeOurs(ports, name, { ...application, what: `registration "${desired.uniqueName}"` });
    refuseToMove(desired, application);
    const principal = await registrations.findServicePrincipal(appId);
    if (principal) await mustBeOurs(ports, name, { ...principal, appId, what: principalOf(desired) });
    return { application, servicePrincipalId: principal?.id };
  }
  if ("uniqueName" in name) return { application, servicePrincipalId: undefined };
  throw new StalledError(
    "registration-missing",
    `Cannot adopt the registration of "${desired.uniqueName}": no application has the client ID "${name.appId}"`,
    {
      hint: "Correct SERVER_CLIENT_ID or INGESTION_CLIENT_ID, or remove the setting to have the app create a registration",
    },
  );
}

function principalOf({ uniqueName }: Desired): string {
  return `the service principal of "${uniqueName}"`;
}

/** @throws {StalledError} where somebody else made it and no operator has named it. */
async function mustBeOurs(
  { identity }: Ports,
  name: RegistrationName,
  { what, appId: clientId, createdByAppId }: Maker & { what: string; appId: string },
): Promise<void> {
  if ("appId" in name) return;
  refusePlanted(name, { what, clientId, createdByAppId }, (await identity()).appId);
}

/** Answers with the ids that the step made. */
async function apply(
  ports: Ports,
  step: Step,
  { ids, found, order }: { ids: Ids; found: Application | undefined; order: Convergence },
): Promise<Partial<Ids>> {
  const { registrations } = ports;
  const { desired, name } = order;
  const { uniqueName } = desired;
  switch (step.kind) {
    case "create-registration": {
      const made = await registrations.create(uniqueName, { displayName: uniqueName, ...step.body });
      // Somebody may have been quicker.
      await mustBeOurs(ports, name, { ...made, what: `registration "${uniqueName}"` });
      if (desired.isResource) await registrations.expose(made.id, appIdUri(made.appId), uniqueName);
      return { clientId: made.appId, objectId: made.id };
    }
    case "update-registration":
      await registrations.update(ids.objectId ?? "", step.changes);
      return {};
    case "create-service-principal":
      // First, so that a crash in between costs a push and leaves no bot with the name of the old one.
      if (found) await order.beforeNewPrincipal?.();
      return { principalId: await createPrincipal(ports, ids.clientId ?? "", order) };
    default:
      return step satisfies never;
  }
}

async function createPrincipal(ports: Ports, appId: string, { desired, name }: Convergence): Promise<string> {
  const made = await ports.registrations.createServicePrincipal(appId);
  await mustBeOurs(ports, name, { ...made, appId, what: principalOf(desired) });
  return made.id;
}

/** Moving it would end the sign-in of people that works, and the server has to be changed at the same moment. */
function refuseToMove(desired: Desired, application: Application): void {
  const [uri] = misplaced(desired, application);
  if (uri === undefined) return;
  const [here, there] = desired.platform === "spa" ? ["Web", "SPA"] : ["SPA", "Web"];
  const other = desired.platform === "spa" ? "auth-code" : "implicit";
  throw new StalledError(
    "redirect-uri-misplaced",
    `Cannot adopt the registration of "${desired.uniqueName}": its redirect URI "${uri}" belongs to platform ${here}, but SIGN_IN_FLOW needs ${there}`,
    {
      hint: `Set SIGN_IN_FLOW to "${other}" if that is how people sign in today. To change the flow, move the URI from ${here} to ${there} (App registrations > Authentication) when you change the server, then call again`,
    },
  );
}
