import { type Application, newApplication } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Secret } from "../../directory/secret.ts";
import type { Caller } from "../caller.ts";
import { merged } from "../merged.ts";
import { ownedObjectId } from "../owners.ts";
import { checkQuota } from "../quota.ts";
import { badRequest, notModelled } from "../refusal.ts";
import { checkApplication, checkServiceReference, checkUniqueName } from "./application-rules.ts";
import type { ApplicationCreation } from "./application-schema.ts";
import { checkPreAuthorized } from "./entitlement-rules.ts";
import { madeUp } from "./secrets.ts";

/** Creates an application. Its creator owns it (unverified, as is that the owners named come on top). */
export function createApplication(
  directory: Directory,
  creation: ApplicationCreation,
  { uniqueName, caller }: { uniqueName: string | null; caller: Caller },
): { application: Application; secrets: Secret[] } {
  const { passwordCredentials = [], "owners@odata.bind": owners = [], ...change } = creation;
  if (uniqueName !== null) checkUniqueName(uniqueName, directory);
  if (change.displayName === undefined) {
    throw badRequest("A value is required for property 'displayName' of resource 'Application'.");
  }
  if (passwordCredentials.some(({ secretText }) => secretText)) {
    // microsoftgraph/microsoft-graph-docs #6179.
    throw badRequest("New password credentials must be generated with service actions.");
  }
  checkServiceReference("Create", change.serviceManagementReference, directory);
  // Microsoft's templates do it (Azure-Samples/azmcp-obo-template), which no document promises.
  if (change.api?.preAuthorizedApplications?.length) throw notModelled("clients that are pre-authorized at creation");
  checkQuota(directory, caller);
  const bare: Application = {
    ...newApplication(change.displayName, directory.state.clock.now()),
    uniqueName,
    createdByAppId: caller.appId,
    owners: [...new Set([caller.objectId, ...owners.map((reference) => ownedObjectId(reference, directory))])],
  };
  const filled = withTokenVersion(merged(bare, withDefaults(change)));
  checkApplication(bare, filled, directory);
  const secrets = passwordCredentials.map((one) => madeUp(directory, one, { application: bare, secrets: [], caller }));
  const application = { ...filled, secrets };
  directory.state.applications.put(application.id, application);
  return { application, secrets };
}

/** Changes an application; owners can only be named at its creation. */
export function changeApplication(directory: Directory, application: Application, given: ApplicationCreation): void {
  const { passwordCredentials: none, "owners@odata.bind": owners, ...change } = given;
  if (none && application.secrets.length > 0)
    throw notModelled("the removal of secrets by a change of the application");
  if (owners) throw badRequest("Invalid property 'owners@odata.bind'.");
  const changed = withTokenVersion(merged(application, withDefaults(change)));
  checkServiceReference("Update", changed.serviceManagementReference, directory);
  checkApplication(application, changed, directory);
  checkPreAuthorized(application, changed);
  directory.state.applications.put(changed.id, changed);
}

/** A structure that is sent as null goes back to what a new application has (unverified). */
function withDefaults(change: object): object {
  const { api, web, spa, publicClient, info } = newApplication("", new Date(0));
  const usual = new Map<string, unknown>(Object.entries({ api, web, spa, publicClient, info }));
  return Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? usual.get(name) ?? value]));
}

/** Personal accounts get v2 tokens only, so that their applications have that version from the start. */
function withTokenVersion(application: Application): Application {
  const { signInAudience, api } = application;
  if (!signInAudience.includes("Personal") || api.requestedAccessTokenVersion !== null) return application;
  return { ...application, api: { ...api, requestedAccessTokenVersion: 2 } };
}
