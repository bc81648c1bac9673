import type { Problem } from "./problem.ts";

const LATER = "Nothing to do at first: the next run tries again. If it persists,";

/** What became of a request to an outside service. What only a repeat can cure is 503, everything else 502. */
export const SERVICES = {
  "graph-unreachable": {
    status: 503,
    title: "Microsoft Graph does not answer",
    means: "No answer came in time: Graph is down, or the network or GRAPH_URL is wrong",
    hint: `${LATER} check GRAPH_URL and the app's outbound network`,
  },
  "graph-throttled": {
    status: 503,
    title: "Microsoft Graph throttles the app",
    means: "Graph has received too many requests from this app or tenant (429)",
    hint: `${LATER} find out what else in the tenant sends Graph so many requests`,
  },
  "graph-unavailable": {
    status: 503,
    title: "Microsoft Graph is unavailable",
    means: "Graph answered with a server error, or is still busy with an earlier change",
    hint: `${LATER} check the service health of Microsoft Entra`,
  },
  "graph-forbidden": {
    status: 502,
    title: "Microsoft Graph refuses the app",
    means: "The app's identity lacks a Graph permission (403)",
    hint: "See identity.graphPermissions.missing in GET /api/status, and grant what is listed there",
  },
  "graph-refused": {
    status: 502,
    title: "Microsoft Graph rejects the request",
    means: "Graph answered with a client error that the app does not know",
    hint: "Read what Graph says in the answer; GET /api/status shows the state of the registrations",
  },
  "graph-unreadable": {
    status: 503,
    title: "Cannot read Microsoft Graph's answer",
    means: "The answer is not JSON, or not of the documented shape; often it comes from a proxy",
    hint: `${LATER} check GRAPH_URL and any proxy between the app and Graph`,
  },
  "entra-unreachable": {
    status: 503,
    title: "Entra does not answer",
    means: "No answer came in time from the sign-in endpoint or the tenant's keys",
    hint: `${LATER} check AUTHORITY_HOST and the app's outbound network`,
  },
  "entra-unavailable": {
    status: 503,
    title: "Entra is unavailable",
    means: "Entra throttles the app, or answered with a server error",
    hint: `${LATER} check the service health of Microsoft Entra`,
  },
  "entra-refused": {
    status: 502,
    title: "Entra rejects the sign-in",
    means: "Entra answered with an error that the app does not know; upstream.code has its AADSTS number",
    hint: "Look up the AADSTS number in Microsoft's list of authentication error codes",
  },
  "entra-unreadable": {
    status: 503,
    title: "Cannot read Entra's answer",
    means: "The answer contains no token or no configuration; often it comes from a proxy",
    hint: `${LATER} check AUTHORITY_HOST and any proxy between the app and Entra`,
  },
  "identity-without-token": {
    status: 502,
    title: "The app's identity gets no token",
    means: "The managed identity is missing, was not assigned to the app, or AZURE_CLIENT_ID names a different one",
    hint: "Assign the managed identity to the app, and correct AZURE_CLIENT_ID; on a laptop run az login",
  },
  "identity-unavailable": {
    status: 503,
    title: "The managed identity endpoint is unavailable",
    means: "The platform's managed identity endpoint does not answer, throttles the app, or has a server error",
    hint: `${LATER} restart the app, and check the service health of App Service and Microsoft Entra`,
  },
  "secret-refused": {
    status: 503,
    title: "Entra does not accept the client secret",
    means:
      "Entra has not distributed a new secret everywhere yet, or somebody removed it. OpenMetadata keeps its current one",
    hint: "Nothing to do: the next run delivers the secret, or replaces it if it was removed",
  },
  "vault-unreachable": {
    status: 503,
    title: "Key Vault does not answer",
    means: "No answer came in time: the vault is down, or the network or KEY_VAULT_URL is wrong",
    hint: `${LATER} check KEY_VAULT_URL, the vault's firewall and the app's outbound network`,
  },
  "vault-throttled": {
    status: 503,
    title: "Key Vault throttles the app",
    means: "The vault has received too many requests (429)",
    hint: `${LATER} find out what else sends the vault so many requests`,
  },
  "vault-unavailable": {
    status: 503,
    title: "Key Vault is unavailable",
    means: "The vault answered with a server error, or is still deleting or recovering the secret",
    hint: `${LATER} check the service health of Key Vault`,
  },
  "vault-refused": {
    status: 502,
    title: "Key Vault rejects the request",
    means: "The vault answered with a client error that the app does not know",
    hint: "Look up the code in upstream.code in Microsoft's list of Key Vault error codes",
  },
  "openmetadata-unreachable": {
    status: 503,
    title: "OpenMetadata does not answer",
    means: "No answer came in time: the server is down or slow, or the network or OPENMETADATA_URL is wrong",
    hint: `${LATER} check the server, OPENMETADATA_URL and the app's outbound network`,
  },
  "openmetadata-unavailable": {
    status: 503,
    title: "OpenMetadata is unavailable",
    means: "The server answered with a server error, throttles the app, or its database is locked",
    hint: `${LATER} check the server's log`,
  },
  "openmetadata-refused": {
    status: 502,
    title: "OpenMetadata rejects the request",
    means: "The server answered with a client error that the app does not know",
    hint: "Read what the server says in the answer, and see GET /api/status and the server's log",
  },
  "openmetadata-unreadable": {
    status: 503,
    title: "Cannot read OpenMetadata's answer",
    means: "The answer is not JSON, or not of the known shape; often it comes from a proxy or a login page",
    hint: `${LATER} check OPENMETADATA_URL and any proxy in front of the server`,
  },
  "openmetadata-kept-old": {
    status: 503,
    title: "OpenMetadata still has the old credential",
    means: "The server reported success, but reading back shows that it did not take the new secret or token",
    hint: `${LATER} check the server's log`,
  },
  "bot-sign-in-failed": {
    status: 503,
    title: "The bot cannot sign in with its credential",
    means: "OpenMetadata rejects the bot's token, or maps it to another user",
    hint: `${LATER} check in OpenMetadata (Settings > Bots) which user the bot has, and that the server can fetch its own keys from the address in AUTHENTICATION_PUBLIC_KEYS`,
  },
  "pipelines-not-deployed": {
    status: 503,
    title: "Some ingestion pipelines were not deployed",
    means: "The pipelines that the answer names still use the old credential",
    hint: "Deploy them once by hand to see what is wrong; the next run deploys them again",
  },
  "app-service-unreachable": {
    status: 503,
    title: "Azure Resource Manager does not answer",
    means: "No answer came in time when the app asked about the App Service",
    hint: `${LATER} check ARM_URL and the app's outbound network`,
  },
  "app-service-unavailable": {
    status: 503,
    title: "App Service is unavailable",
    means: "Azure throttles the app, answered with a server error, or is busy with another change of the site",
    hint: `${LATER} check the service health of App Service`,
  },
  "app-service-refused": {
    status: 502,
    title: "App Service rejects the request",
    means: "Azure answered with a client error that the app does not know",
    hint: "Look at the activity log of the site in the portal",
  },
  "storage-unreachable": {
    status: 503,
    title: "The app's storage account does not answer",
    means: "No answer came in time from the queue that carries the work, or from the blob that lists the deployments",
    hint: `${LATER} check AzureWebJobsStorage, DEPLOYMENTS_BLOB and the storage account's firewall`,
  },
  "storage-unavailable": {
    status: 503,
    title: "The app's storage account is unavailable",
    means: "Azure Storage throttles the app, or answered with a server error",
    hint: `${LATER} check the service health of Azure Storage`,
  },
  "storage-refused": {
    status: 502,
    title: "The app's storage account rejects the request",
    means:
      "The app's identity may not use the queue or read the blob, the account's firewall blocks the app, or there is no such blob",
    hint: "Give the identity the roles Storage Queue Data Contributor and Storage Blob Data Reader on the account, and correct DEPLOYMENTS_BLOB",
  },
  "receiver-unavailable": {
    status: 503,
    title: "A receiver of notifications is unavailable",
    means:
      "No answer came in time from an address in NOTIFY_URL, or it throttles the app or answered with a server error",
    hint: "Nothing to do at first: the notification is sent again for three days. If it persists, see docs/notifications.md",
  },
  "receiver-refused": {
    status: 502,
    title: "A receiver of notifications refuses them",
    means:
      "An address in NOTIFY_URL answered with a client error or a redirect: mostly the workflow or webhook was deleted",
    hint: "Make the webhook anew, put its address into NOTIFY_URL, and try it: npm run notify -- --test",
  },
} as const satisfies Record<string, Problem>;
