import { callbackUrl, redirectUrisOf } from "../deployment/addresses.ts";
import { secretStaysOut } from "../deployment/clouds.ts";
import type { RegistrationName } from "../deployment/registration-names.ts";
import { NotYetError } from "../errors.ts";
import { converge, type Provisioned, type StepReport } from "./converge.ts";
import { accessTo, desiredIngestion, desiredServer, type Intent } from "./desired.ts";
import { SCOPE_VALUE } from "./permissions.ts";
import type { ProvisioningPorts } from "./ports.ts";

/** Which deployment, and whether to write. */
export interface Order {
  intent: Intent;
  authority: string;
  server: RegistrationName;
  ingestion: RegistrationName;
  dryRun: boolean;
}

export interface Result {
  server: Provisioned & { scope: string | undefined; redirectUris: string[] };
  ingestion: Provisioned;
  authority: string;
  /** What will not work though everything was provisioned, and what to do about it; missing where there is nothing. */
  warnings?: string[];
}

export interface Outcome {
  steps: StepReport[];
  /** Undefined while something must be waited for. */
  result: Result | undefined;
  /** Why the last step waits. */
  waitingFor: NotYetError | undefined;
}

/** Brings both registrations to the desired state, or as far as Graph's replication lets it. */
export async function provision(ports: ProvisioningPorts, order: Order): Promise<Outcome> {
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
async function provisionBoth(ports: ProvisioningPorts, steps: StepReport[], order: Order): Promise<Result> {
  const { intent, authority, dryRun, ...names } = order;
  const desired = desiredServer(intent);
  const server = await converge(ports, steps, { desired, name: names.server, dryRun });
  const access = accessTo(desired, server.now.clientId, server.found);
  const ingestion = await converge(ports, steps, {
    desired: desiredIngestion(intent, access),
    name: names.ingestion,
    dryRun,
    beforeNewPrincipal: ports.takeBackDelivery,
  });
  const ingestionAppId = ingestion.now.clientId;
  if (!dryRun && access && ingestionAppId) {
    ports.tell({ serverAppId: access.appId, ingestionAppId, roleId: access.roleId });
  }
  const { appIdUri } = server.now;
  const scope = appIdUri && `${appIdUri}/${SCOPE_VALUE}`;
  return {
    server: { ...server.now, scope, redirectUris: desired.redirectUris },
    ingestion: ingestion.now,
    authority,
    ...warningsOf(order),
  };
}

/** Which release the server will be is not asked: it need not run yet. */
function warningsOf({ authority, intent }: Order): Pick<Result, "warnings"> {
  const stays = secretStaysOut({ authority, flow: intent.signInFlow, release: undefined });
  const warnings = [...(stays ? [`${stays.what}. ${stays.do}`] : []), ...withoutCallback(intent)];
  return warnings.length > 0 ? { warnings } : {};
}

function withoutCallback(intent: Intent): string[] {
  if (redirectUrisOf(intent).length > 0) return [];
  return [
    `Nobody can sign in at ${callbackUrl(intent.openMetadataUrl)}: Entra accepts redirect URIs with https only, so this one was left out. Serve OpenMetadata to people by https, and add its https:// address with /callback to EXTRA_REDIRECT_URIS`,
  ];
}
