import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { newServicePrincipal, type ServicePrincipal } from "../../directory/service-principal.ts";
import { applicationWithAppId, servicePrincipalWithAppId } from "../../directory/state.ts";
import type { Caller } from "../caller.ts";
import { merged } from "../merged.ts";
import { type Right, requireOwner } from "../permissions.ts";
import { checkQuota } from "../quota.ts";
import { badRequest, refuse } from "../refusal.ts";
import { nameInUse } from "./name-in-use.ts";
import type { ServicePrincipalChange } from "./service-principal-body.ts";

/** Creates the service principal of an application of this tenant; its creator owns it. */
export function createServicePrincipal(
  directory: Directory,
  { appId, ...change }: ServicePrincipalChange & { appId: string },
  { caller, right }: { caller: Caller; right: Right },
): ServicePrincipal {
  const { servicePrincipals } = directory.state;
  if (servicePrincipalWithAppId(directory.state, appId)) throw nameInUse(appId);
  const application = findApplication(directory, appId, right);
  requireOwner(right, caller, application.owners);
  checkQuota(directory, caller);
  const bare = { ...newServicePrincipal(application.appId, [caller.objectId]), createdByAppId: caller.appId };
  const created = merged(bare, change);
  servicePrincipals.put(created.id, created);
  return created;
}

function findApplication(directory: Directory, appId: string, right: Right): Application {
  const application = applicationWithAppId(directory.state, appId, directory.delayOfReferences());
  if (application) return application;
  const isYoung = applicationWithAppId(directory.state, appId) !== undefined;
  if (right === "owned" && !isYoung) {
    throw refuse(
      403,
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    );
  }
  throw badRequest(`The appId '${appId}' of the service principal does not reference a valid application object.`);
}
