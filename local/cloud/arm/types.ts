import { refusal } from "../app-service/refusal.ts";

/** Stable versions of each type that know what is modelled (Microsoft Learn: "Azure REST API reference"). */
const VERSIONS: Record<string, readonly string[]> = {
  "microsoft.web/sites": ["2023-12-01", "2024-04-01", "2024-11-01", "2025-03-01", "2025-05-01"],
  "microsoft.keyvault/vaults": ["2023-07-01", "2024-11-01", "2026-02-01"],
  "microsoft.eventgrid/systemtopics": ["2022-06-15", "2025-02-15"],
  "microsoft.eventgrid/systemtopics/eventsubscriptions": ["2022-06-15", "2025-02-15"],
  "microsoft.authorization/roleassignments": ["2022-04-01"],
  "microsoft.authorization/roledefinitions": ["2022-04-01"],
  "microsoft.authorization/provideroperations": ["2018-07-01", "2022-04-01"],
  "microsoft.insights/metrics": ["2018-01-01", "2023-10-01", "2024-02-01"],
  "microsoft.insights/metricdefinitions": ["2018-01-01", "2023-10-01", "2024-02-01"],
  "microsoft.web/sites/config": ["2023-12-01", "2024-04-01", "2024-11-01", "2025-03-01", "2025-05-01"],
  // Of no later version the runtimes of Flex Consumption are told (Azure CLI, Azure PowerShell).
  "microsoft.web/locations/functionappstacks": ["2020-10-01"],
  "microsoft.storage/storageaccounts": ["2023-05-01", "2024-01-01", "2025-06-01", "2026-04-01"],
  "microsoft.storage/storageaccounts/queueservices/queues": ["2023-05-01", "2024-01-01", "2025-06-01", "2026-04-01"],
  "microsoft.network/virtualnetworks/subnets": ["2024-05-01", "2025-05-01", "2025-09-01"],
  "microsoft.resources/deployments": ["2021-04-01", "2025-04-01"],
  "microsoft.resources/deployments/operations": ["2021-04-01", "2025-04-01"],
};

/** `Microsoft.EventGrid/systemTopics/eventSubscriptions` of an id, or of the collection that a path names. */
export function typeOf(path: string): string {
  const [namespace = "", ...rest] = (path.split(/\/providers\//i).at(-1) ?? "").split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

/** Throws the 400 for a version that the type does not have, and the 501 for a type that is not modelled. */
export function checkVersion(path: string, version: string | undefined): void {
  const type = typeOf(path);
  const known = VERSIONS[type.toLowerCase()];
  if (!known) throw refusal(501, { code: "NotModelled", message: `${type} is not modelled` });
  if (!version) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    throw refusal(400, { code: "MissingApiVersionParameter", message });
  }
  if (known.includes(version)) return;
  const message = `No registered resource provider found for API version '${version}' for type '${type}'.`;
  throw refusal(400, { code: "NoRegisteredProviderFound", message });
}
