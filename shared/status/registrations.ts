import { isOurs, type Made, notOursHint, plantedBy } from "../deployment/maker.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import type { Finding } from "../hygiene/finding.ts";
import { leftAlone, misplaced } from "../registration/adoption.ts";
import type { Application, Desired } from "../registration/application.ts";
import { accessTo, desiredIngestion, desiredServer, type Intent } from "../registration/desired.ts";
import { planRegistration } from "../registration/plan.ts";
import type { Identity, Maker, Registrations } from "../registration/ports.ts";

/** A registration as it is, or the name under which there is none, beside what it ought to be. */
export interface Found {
  application: Application | undefined;
  servicePrincipalId: string | undefined;
  desired: Desired;
  /** What somebody else made under our name, in words. */
  planted?: string[];
}

interface Ports {
  names: { server: RegistrationName; ingestion: RegistrationName };
  identity(): Promise<Pick<Identity, "appId">>;
  provisioning: { registrations: Pick<Registrations, "find" | "findServicePrincipal"> };
}

/** Reads both registrations. That of the server not being readable does not keep that of ingestion from being told. */
export function findRegistrations(
  { names, identity, provisioning: { registrations } }: Ports,
  { tenantId, deployment }: { tenantId: string; deployment: Omit<Intent, "tenantId"> },
): { server: Promise<Found>; ingestion: Promise<Found> } {
  const intent = { tenantId, ...deployment };
  const find = async (name: RegistrationName, desired: Promise<Desired>): Promise<Found> => {
    const application = await registrations.find(name);
    const principal = application && (await registrations.findServicePrincipal(application.appId));
    const found = { application, servicePrincipalId: principal?.id, desired: await desired };
    return { ...found, planted: "appId" in name ? [] : plantedIn(found, principal, (await identity()).appId) };
  };
  const serverDesired = desiredServer(intent);
  const server = find(names.server, Promise.resolve(serverDesired));
  const access = server.then(
    ({ application }) => accessTo(serverDesired, application?.appId, application),
    () => undefined,
  );
  const ingestion = find(
    names.ingestion,
    access.then((given) => desiredIngestion(intent, given)),
  );
  return { server, ingestion };
}

function plantedIn(
  { application, desired }: Found,
  principal: Maker | undefined,
  ownAppId: string | undefined,
): string[] {
  if (!application) return [];
  const { uniqueName } = desired;
  const clientId = application.appId;
  const all: (Made | undefined)[] = [
    { what: `registration "${uniqueName}"`, clientId, createdByAppId: application.createdByAppId },
    principal && {
      what: `the service principal of "${uniqueName}"`,
      clientId,
      createdByAppId: principal.createdByAppId,
    },
  ];
  return all.flatMap((made) => (made && !isOurs({ uniqueName }, made, ownAppId) ? [plantedBy(made, ownAppId)] : []));
}

/** Pure. */
export function describeRegistration({ application, servicePrincipalId }: Found) {
  if (!application) return { found: false, hint: "Call POST /api/provision" };
  return {
    found: true,
    clientId: application.appId,
    applicationObjectId: application.id,
    servicePrincipalObjectId: servicePrincipalId,
    appIdUris: application.identifierUris,
    redirectUris: { spa: application.spa.redirectUris, web: application.web.redirectUris },
  };
}

/** What is not as it ought to be in one that was made by hand, and is for a person to change. Pure. */
export function differencesByHand({ application, desired }: Found): string[] {
  if (!application) return [];
  const elsewhere = desired.platform === "spa" ? "Web" : "SPA";
  const places = misplaced(desired, application).map(
    (uri) => `has redirect URI ${uri} on platform ${elsewhere}, which does not match SIGN_IN_FLOW`,
  );
  return [...places, ...leftAlone(desired, application)];
}

/** What POST /api/provision would do to a registration that is there, in words. Pure. */
export function registrationDifferences({ application, servicePrincipalId, desired }: Found): string[] {
  if (!application) return [];
  return planRegistration(desired, { application, servicePrincipalId }).map((step) =>
    step.kind === "create-service-principal" ? "has no service principal" : step.because,
  );
}

/** Both, as findings. Pure. */
export function registrationFindings(found: Found): Finding[] {
  const kind = "registration";
  const planted = (found.planted ?? []).map(
    (what): Finding => ({
      kind: "planted",
      severity: "critical",
      what: `Not trusted: ${what}`,
      do: notOursHint({ clientId: found.application?.appId ?? "" }),
    }),
  );
  if (planted.length > 0) return planted;
  const name = `Registration "${found.desired.uniqueName}" (client ID ${found.application?.appId})`;
  const ours = registrationDifferences(found).map((difference): Finding => {
    const todo = 'Call POST /api/provision, first with {"dryRun":true}; it removes nothing that was added by hand';
    return { kind, severity: "warning", what: `${name} ${difference}`, do: todo };
  });
  const byHand = differencesByHand(found).map((difference): Finding => {
    const todo =
      "The registration was created by hand, so this app does not change this: change it in Entra once nothing depends on it";
    return { kind, severity: "warning", what: `${name} ${difference}`, do: todo };
  });
  return [...ours, ...byHand];
}
