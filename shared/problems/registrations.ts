import type { Problem } from "./problem.ts";

/** What a person must change in Entra. */
export const REGISTRATIONS = {
  "tenant-mismatch": {
    status: 409,
    title: "The tenant does not match",
    means:
      "TENANT_ID, or the tenant of the vault or App Service, is not the tenant of the app's identity, or no such tenant exists in this cloud. Nothing was written there",
    hint: "Correct TENANT_ID, KEY_VAULT_URL or APP_SERVICE_ID, or run the app with an identity of that tenant",
  },
  "registration-missing": {
    status: 409,
    title: "An app registration is missing",
    means:
      "A registration, its service principal, or its scope or app role does not exist, or a client ID in the settings belongs to no application",
    hint: "Call POST /api/provision, then POST /api/consent",
  },
  "registration-not-ours": {
    status: 409,
    title: "Somebody else created the registration",
    means:
      "A registration or service principal with the name that this app uses exists, but the app's identity did not create it. Whoever did may control it, and would get consent and secrets meant for OpenMetadata",
    hint: "Check who created it, and its owners, redirect URIs and secrets. If you want to use it, name its client ID in the settings; otherwise delete it permanently",
  },
  "app-id-uri-taken": {
    status: 409,
    title: "Another application has the App ID URI",
    means:
      "Only one application can have an App ID URI, and whoever has this one gets the tokens meant for OpenMetadata",
    hint: "Find the application that has it, remove the URI from it, then call again",
  },
  "registration-forbidden": {
    status: 409,
    title: "The app may not change a registration",
    means:
      "Microsoft Graph refuses the change: the app's identity lacks Application.ReadWrite.OwnedBy, or does not own the registration",
    hint: "Grant the permission, and make the app's identity an owner of a registration that it did not create",
  },
  "registration-deleted": {
    status: 409,
    title: "A deleted registration keeps the name",
    means: "A registration of this name was deleted less than 30 days ago; Entra reserves its name for 30 days",
    hint: "Restore the deleted registration, or delete it permanently, then call again",
  },
  "redirect-uri-misplaced": {
    status: 409,
    title: "An adopted registration serves the other sign-in flow",
    means:
      "A registration created by hand lists the redirect URI under the other platform (SPA or Web). Moving it would end the sign-in that works today",
    hint: "Set SIGN_IN_FLOW to the flow that people use, or move the redirect URI when you change the server",
  },
  "service-reference-missing": {
    status: 409,
    title: "The tenant demands a service reference",
    means:
      "Each application of this tenant must name the service that it belongs to (serviceManagementReference), and the settings name none",
    hint: "Set SERVICE_MANAGEMENT_REFERENCE to the identifier that your organization gives the service, then call again",
  },
  "directory-quota-exceeded": {
    status: 409,
    title: "A quota of the directory is used up",
    means:
      "The app's identity owns as many objects as Entra allows, or the registration has no room for another client secret",
    hint: "Delete what nobody needs, as the answer says, then call again",
  },
  "consent-forbidden": {
    status: 409,
    title: "The app may not grant admin consent",
    means: "The app's identity lacks one or more Graph permissions; the answer names them in permissions",
    hint: "Ask an administrator to consent by the link and the command in the hint of the answer, or to grant the identity what it lacks",
  },
  "sign-in-blocked": {
    status: 409,
    title: "Entra blocks the application's sign-in",
    means:
      "The secret is not the reason: the application or what it signs in to is disabled, an app role is missing, or a policy of the tenant or the network blocks it",
    hint: "Remove what blocks the sign-in, as the answer says, then call again",
  },
  "tenant-policy-conflict": {
    status: 409,
    title: "A tenant policy does not allow it",
    means:
      "An application management policy forbids client secrets, allows them a shorter lifetime than the settings need, or forbids something else that the registration needs",
    hint: "Shorten the lifetime in the settings, or exempt the application from the policy",
  },
  "too-many-credentials": {
    status: 409,
    title: "Too many client secrets exist",
    means:
      "The registration has five client secrets of this app (ten after a leak, or while the current one does not work), so something keeps losing them. No more are issued; the current one keeps working",
    hint: "See GET /api/status, and remove unused secrets",
  },
} as const satisfies Record<string, Problem>;
