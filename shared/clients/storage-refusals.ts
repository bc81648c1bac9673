import { UpstreamError } from "../errors.ts";

interface Refused {
  /** What was attempted, on what: "look at queue ...". */
  message: string;
  status: number;
  /** The service's own code. */
  code?: string | undefined;
  retryAfterSeconds?: number;
}

/** A refusal of the app's storage account, with what an operator does about it where its code tells more than its status. */
export function storageRefusal({ message, status, code, retryAfterSeconds = 0 }: Refused): UpstreamError {
  const hint = code === undefined ? undefined : HINTS.get(code);
  const facts = { service: "Storage", status, serviceCode: code, retryAfterSeconds } as const;
  return new UpstreamError(message, hint === undefined ? facts : { ...facts, hint });
}

/**
 * Microsoft Learn: "Common REST API error codes", "Status and error codes". That a firewall says AuthorizationFailure is
 * from Azure/azure-cli #11345 and microsoft/AzureStorageExplorer #8183.
 */
const HINTS: ReadonlyMap<string, string> = new Map([
  [
    "AuthorizationFailure",
    "Allow the app's subnet in the network settings of the storage account, or connect the app by private endpoints for blob and queue: the account's firewall blocks it",
  ],
  [
    "KeyBasedAuthenticationNotPermitted",
    "Replace AzureWebJobsStorage by AzureWebJobsStorage__accountName and AzureWebJobsStorage__credential: the storage account permits no access keys",
  ],
  [
    "InvalidAuthenticationInfo",
    "Use a storage account in the tenant of the app's identity: this one accepts no token of that tenant",
  ],
  ["ContainerNotFound", "Correct DEPLOYMENTS_BLOB: the storage account has no such container"],
  ["BlobNotFound", "Upload the list of deployments, or correct DEPLOYMENTS_BLOB: there is no such blob"],
]);
