import type { Problem } from "./problem.ts";

/** What a person must change in Key Vault or App Service. */
export const SECRETS = {
  "vault-forbidden": {
    status: 409,
    title: "The app may not use the vault",
    means:
      "The app's identity has no role on the vault that allows the call, or no access policy in a vault that uses those",
    hint: 'Give the app\'s identity the role "Key Vault Secrets Officer" on the vault; a new role can take ten minutes to take effect',
  },
  "vault-policy-conflict": {
    status: 409,
    title: "An Azure Policy does not allow the secret",
    means:
      "A policy that is assigned to the vault does not allow what the app stores, for example because of its lifetime",
    hint: "What the app stores expires after SECRET_LIFETIME_DAYS: lower that to what the policy allows, or exempt the vault",
  },
  "vault-network-forbidden": {
    status: 409,
    title: "The vault's firewall blocks the app",
    means:
      'The network rules of the vault do not allow the app; "trusted Microsoft services" does not include function apps',
    hint: "Allow the app's subnet in the vault's network settings, or connect the app by a private endpoint",
  },
  "vault-secret-deleted": {
    status: 409,
    title: "The secret was deleted from the vault",
    means: "Key Vault still holds a deleted secret of this name, so none can be stored under it",
    hint: "Recover the deleted secret, or purge it, then call again",
  },
  "current-secret-unstable": {
    status: 409,
    title: "The current secret keeps changing",
    means: "Something else stores a new version of the secret each time the app delivers one",
    hint: "Look at the versions of the secret, and stop whatever else writes to it",
  },
  "credential-unused": {
    status: 409,
    title: "The deployment does not use the credential",
    means: "The call asks for a credential that this OpenMetadata release does not use",
    hint: 'Leave "credential" out, or correct BOT_CREDENTIAL',
  },
  "app-service-forbidden": {
    status: 409,
    title: "The app may not manage the App Service",
    means: "The app's identity has no role on the site that allows the call",
    hint: 'Give the app\'s identity the role "Website Contributor" on the site',
  },
  "app-service-locked": {
    status: 409,
    title: "Azure does not allow changes to the App Service",
    means:
      "A read-only lock, an Azure Policy, a deny assignment or a disabled subscription keeps everybody, whatever their role, from refreshing or restarting the site",
    hint: "Remove what forbids it, as the answer says, then call again",
  },
  "app-service-misconfigured": {
    status: 409,
    title: "The App Service does not get the secret",
    means:
      "APP_SERVICE_ID names no site, or the site has no Key Vault reference to the secret, or the reference does not resolve",
    hint: "Correct APP_SERVICE_ID, or the site's Key Vault reference, as the answer says",
  },
} as const satisfies Record<string, Problem>;
