import { ENTRA } from "./entra.ts";
import { EVENT_GRID } from "./event-grid.ts";
import { GRAPH_CREDENTIALS } from "./graph-credentials.ts";
import { GRAPH_POLICIES } from "./graph-policies.ts";
import { GRAPH_REGISTRATIONS } from "./graph-registrations.ts";
import { KEY_VAULT } from "./key-vault.ts";
import { OPENMETADATA } from "./openmetadata.ts";
import { PEOPLE } from "./people.ts";
import type { NotApplicable, Scenario } from "./scenario.ts";

/** All scenarios, by the service that misbehaves. */
export const GROUPS: { heading: string; scenarios: Scenario[] }[] = [
  { heading: "Signing in to Entra", scenarios: ENTRA },
  { heading: "Microsoft Graph: client secrets", scenarios: GRAPH_CREDENTIALS },
  { heading: "Microsoft Graph: policies of the tenant", scenarios: GRAPH_POLICIES },
  { heading: "Microsoft Graph: registrations and consent", scenarios: GRAPH_REGISTRATIONS },
  { heading: "Key Vault", scenarios: KEY_VAULT },
  { heading: "Event Grid", scenarios: EVENT_GRID },
  { heading: "OpenMetadata", scenarios: OPENMETADATA },
  { heading: "People", scenarios: PEOPLE },
];

export const NOT_APPLICABLE: NotApplicable[] = [
  {
    fault: 21,
    title: "Applications for personal accounts may be written sixty times a minute only",
    because: "the app makes registrations for one tenant only (AzureADMyOrg), and sets back any other audience",
  },
];
