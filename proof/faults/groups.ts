import type { NotApplicable, Scenario } from "./scenario.ts";
import { ENTRA } from "./scenarios/entra.ts";
import { EVENT_GRID } from "./scenarios/event-grid.ts";
import { EVENT_SCHEMA } from "./scenarios/event-schema.ts";
import { GRAPH_CONSENT } from "./scenarios/graph-consent.ts";
import { GRAPH_ISSUE } from "./scenarios/graph-issue.ts";
import { GRAPH_POLICIES } from "./scenarios/graph-policies.ts";
import { GRAPH_REGISTRATIONS } from "./scenarios/graph-registrations.ts";
import { GRAPH_RETIRE } from "./scenarios/graph-retire.ts";
import { GRAPH_THROTTLING } from "./scenarios/graph-throttling.ts";
import { HOST } from "./scenarios/host.ts";
import { KEY_VAULT } from "./scenarios/key-vault.ts";
import { NEAR_EXPIRY } from "./scenarios/near-expiry.ts";
import { OPENMETADATA } from "./scenarios/openmetadata.ts";
import { OPENMETADATA_OUTAGE } from "./scenarios/openmetadata-outage.ts";
import { PEOPLE } from "./scenarios/people.ts";

/** All scenarios, by the service that misbehaves, and by number. */
export const GROUPS: { heading: string; scenarios: Scenario[] }[] = [
  { heading: "Signing in to Entra", scenarios: ENTRA },
  {
    heading: "Microsoft Graph: client secrets",
    scenarios: byNumber(GRAPH_ISSUE, GRAPH_RETIRE, GRAPH_POLICIES, GRAPH_THROTTLING),
  },
  {
    heading: "Microsoft Graph: registrations and consent",
    scenarios: byNumber(GRAPH_REGISTRATIONS, GRAPH_CONSENT),
  },
  { heading: "Key Vault", scenarios: KEY_VAULT },
  { heading: "Event Grid", scenarios: byNumber(EVENT_GRID, NEAR_EXPIRY, EVENT_SCHEMA) },
  { heading: "OpenMetadata", scenarios: byNumber(OPENMETADATA, OPENMETADATA_OUTAGE) },
  { heading: "The host", scenarios: HOST },
  { heading: "People", scenarios: PEOPLE },
];

/** Faults of the list that cannot befall this app. */
export const NOT_APPLICABLE: NotApplicable[] = [
  {
    fault: 21,
    title: "Applications for personal accounts may be written only sixty times a minute",
    because: "the app makes registrations for one tenant (AzureADMyOrg), and sets back any other audience",
  },
];

/** Ways to inject one fault keep their order. */
function byNumber(...lists: Scenario[][]): Scenario[] {
  return lists.flat().toSorted((one, other) => one.fault - other.fault);
}
