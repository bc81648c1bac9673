import type { RegistrationName } from "../deployment/registration-names.ts";
import type { Log } from "../log.ts";
import type { Application, Changes } from "./application.ts";
import type { Principal, ScopeGrant } from "./consent-plan.ts";

/** The app registrations of the tenant. */
export interface Registrations {
  find(name: RegistrationName): Promise<Application | undefined>;
  /** Makes it, or finds the one of that name that somebody has just made: another run, or whoever else. */
  create(uniqueName: string, body: Changes & { displayName: string }): Promise<Maker & { id: string; appId: string }>;
  /** Gives a new one its App ID URI, which has its client id in it. */
  expose(objectId: string, appIdUri: string, uniqueName: string): Promise<void>;
  update(objectId: string, changes: Changes): Promise<void>;
  findServicePrincipal(appId: string): Promise<ServicePrincipal | undefined>;
  /** Makes it, or finds the one that somebody has just made. */
  createServicePrincipal(appId: string): Promise<ServicePrincipal>;
}

/** Which application made something in the directory, by its client id, where Entra says so. */
export interface Maker {
  createdByAppId?: string | null | undefined;
}

export interface ServicePrincipal extends Maker {
  id: string;
}

/** Delegated grants and app role assignments of the tenant. */
export interface Consents {
  /** With at least those of their app roles that are on the resource. */
  principals(
    appIds: readonly string[],
    resourceAppId: string,
  ): Promise<(Principal & Maker & { appId: string; appRoleAssignmentRequired?: boolean | null | undefined })[]>;
  /** Those for all users. */
  grantsOf(clientObjectId: string): Promise<ScopeGrant[]>;
  /**
   * Makes the grant, or widens the given one; the scopes are those that it shall hold afterwards, all of them. Where none
   * is given and there is one, that is widened. Answers whether anything had to be written.
   */
  grant(wanted: {
    clientId: string;
    resourceId: string;
    scopes: string[];
    grantId: string | undefined;
  }): Promise<boolean>;
  assignAppRole(wanted: { principalId: string; resourceId: string; appRoleId: string }): Promise<void>;
}

/** Who this app is in the tenant, and what Graph lets it do, as its own token says. */
export interface Identity {
  /** Object id of its service principal. */
  objectId: string;
  /** Its client id; undefined where a person has signed in, whose tools others use as well. */
  appId: string | undefined;
  /** Graph application permissions that are effective now; a new one may take hours to appear in a cached token. */
  graphPermissions: string[];
}

/** Both registrations of a deployment, as far as consent concerns them. */
export interface Registered {
  serverAppId: string;
  ingestionAppId: string;
  /** Of the app role on the server registration. */
  roleId: string;
}

/** Everything that provisioning reads and writes. */
export interface ProvisioningPorts {
  registrations: Registrations;
  /** Only what this one made is ours. */
  identity(): Promise<Pick<Identity, "appId">>;
  /** Takes what there is now, for the calls that follow. */
  tell(registered: Registered): void;
  /** Has the secret of ingestion pushed again: a bot is known by the object id of ingestion's service principal. */
  takeBackDelivery(): Promise<void>;
  log: Log;
}

/** Everything that granting admin consent reads and writes. */
export interface ConsentPorts {
  consents: Consents;
  /** The identity that needs the permissions, and those that it holds. */
  identity(): Promise<Identity>;
  /** As whom this app signs in to OpenMetadata by Entra, if it does. */
  signsInAs(): Promise<Pick<Identity, "appId"> | undefined>;
  log: Log;
}
