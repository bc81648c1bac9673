import type { RegistrationName } from "../deployment/registration-names.ts";
import type { Log } from "../log.ts";
import type { Application, Changes } from "./application.ts";
import type { Principal, ScopeGrant } from "./consent-plan.ts";

/** The app registrations of the tenant. */
export interface Registrations {
  find(name: RegistrationName): Promise<Application | undefined>;
  /** Makes it, or takes the one of that name that another run has just made, and gives it its App ID URI. */
  create(uniqueName: string, body: Changes & { displayName: string }): Promise<{ id: string; appId: string }>;
  update(objectId: string, changes: Changes): Promise<void>;
  /** The object id of the service principal. */
  findServicePrincipal(appId: string): Promise<string | undefined>;
  createServicePrincipal(appId: string): Promise<string>;
}

/** Delegated grants and app role assignments of the tenant. */
export interface Consents {
  principals(appIds: readonly string[]): Promise<(Principal & { appId: string })[]>;
  /** Those for all users. */
  grantsOf(clientObjectId: string): Promise<ScopeGrant[]>;
  /** Makes the grant, or widens the given one; the scopes are those that it shall hold afterwards, all of them. */
  grant(wanted: { clientId: string; resourceId: string; scopes: string[]; grantId: string | undefined }): Promise<void>;
  assignAppRole(wanted: { principalId: string; resourceId: string; appRoleId: string }): Promise<void>;
}

/** Who this app is in the tenant, and what Graph lets it do, as its own token says. */
export interface Identity {
  /** Object id of its service principal. */
  objectId: string;
  /** Graph application permissions that are effective now; a new one may take hours to appear in a cached token. */
  graphPermissions: string[];
}

/** Everything that provisioning reads and writes. */
export interface ProvisioningPorts {
  registrations: Registrations;
  /** Has the secret of ingestion pushed again: a bot is known by the object id of ingestion's service principal. */
  takeBackDelivery(): Promise<void>;
  log: Log;
}

/** Everything that granting admin consent reads and writes. */
export interface ConsentPorts {
  consents: Consents;
  /** The identity that needs the permissions, and those that it holds. */
  identity(): Promise<Identity>;
  log: Log;
}
