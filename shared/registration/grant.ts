import type { RegistrationName } from "../deployment/registration-names.ts";
import { consent, type Order, type Outcome } from "./consent.ts";
import type { ConsentPorts } from "./ports.ts";
import { type Ports, wantedConsent } from "./wanted-consent.ts";

/** Whose consent is to be granted. */
export interface Wish extends Pick<Order, "authority" | "graphUrl" | "dryRun"> {
  deployment: string;
  names: { server: RegistrationName; ingestion: RegistrationName };
}

type Wanted = Awaited<ReturnType<typeof wantedConsent>>;

/**
 * Grants what the registrations of a deployment ask for. What provisioning has told a moment ago is taken for so, unless
 * Graph knows nothing of it: then, as for a dry run, the registrations are read.
 * @throws {StalledError} when there are none, or a permission is missing.
 */
export async function grant(
  ports: { provisioning: Ports; consent: ConsentPorts },
  { deployment, names, ...how }: Wish,
): Promise<Outcome & Pick<Wanted, "summary">> {
  const look = (afresh: boolean) =>
    wantedConsent(ports.provisioning, names, { deployment, dryRun: how.dryRun, afresh });
  const give = async (wanted: Wanted) => ({
    ...(await consent(ports.consent, { ...wanted, ...how })),
    summary: wanted.summary,
  });
  const wanted = await look(how.dryRun);
  const outcome = await give(wanted);
  const unknown = outcome.waitingFor !== undefined && outcome.steps.length === 0;
  return wanted.isTold && unknown ? give(await look(true)) : outcome;
}
