import { randomUUID } from "node:crypto";
import { type Application, newApplication } from "./application.ts";
import { newGrant } from "./consent.ts";
import { newSecret } from "./secret.ts";
import { newServicePrincipal, type ServicePrincipal } from "./service-principal.ts";
import { restorable, restore, softDelete } from "./soft-delete.ts";
import { type State, servicePrincipalWithAppId } from "./state.ts";

/** What a person does in the portal, in the middle of the story. Applications are named by `uniqueName` or client id. */
export interface ByHand {
  /** A registration that somebody else made, by default a person; `more` is whatever it shall have beside its name. */
  registerByHand(displayName: string, more?: Partial<Application>): { id: string; clientId: string };
  /** The service principal of an application, made by somebody else. */
  addPrincipalByHand(name: string, more?: Partial<ServicePrincipal>): { objectId: string };
  addPasswordByHand(name: string, given: GivenByHand): { keyId: string; value: string };
  removePasswordByHand(keyId: string): void;
  /** Somebody consents for themselves alone. */
  consentByPerson(given: { name: string; resourceClientId: string; scope: string }): { grantId: string };
  /** Whether tokens for the application are issued only to whoever has a role of it. */
  requireAssignment(name: string, required: boolean): void;
  /** A custom security attribute, by `<set>_<attribute>`, of the service principal with that object id. */
  setSecurityAttribute(objectId: string, attribute: string, value: string): void;
  /** Tokens that the principal has are refused from this second on; those issued in it or later are good. */
  revokeTokens(objectId: string): void;
  /** Softly, as every deletion. */
  deleteApplication(name: string): void;
  restoreApplication(name: string): void;
}

export interface GivenByHand {
  displayName: string;
  /** Default: in two years. */
  endDateTime?: string;
}

export function createByHand(state: State): ByHand {
  return { ...credentialsByHand(state), ...registrationsByHand(state), ...consentByHand(state) };
}

function credentialsByHand(
  state: State,
): Pick<ByHand, "addPasswordByHand" | "removePasswordByHand" | "revokeTokens" | "setSecurityAttribute"> {
  return {
    addPasswordByHand(name, { displayName, endDateTime }) {
      const application = named(state, name);
      const endOn = endDateTime === undefined ? undefined : new Date(endDateTime);
      const secret = newSecret({ displayName, endOn }, state.clock.now());
      state.applications.put(application.id, { ...application, secrets: [...application.secrets, secret] });
      return { keyId: secret.keyId, value: secret.value };
    },
    removePasswordByHand(keyId) {
      const holds = ({ secrets }: Application): boolean => secrets.some((secret) => secret.keyId === keyId);
      const application = find(state, `the secret "${keyId}"`, holds);
      const secrets = application.secrets.filter((secret) => secret.keyId !== keyId);
      state.applications.put(application.id, { ...application, secrets });
    },
    revokeTokens(objectId) {
      state.revokedBefore.set(objectId, Math.floor(state.clock.now().getTime() / 1000));
    },
    setSecurityAttribute(objectId, attribute, value) {
      const principal = state.servicePrincipals.get(objectId);
      if (!principal) throw new Error(`Cannot find the service principal "${objectId}"`);
      const customSecurityAttributes = { ...principal.customSecurityAttributes, [attribute]: value };
      state.servicePrincipals.put(objectId, { ...principal, customSecurityAttributes });
    },
  };
}

function registrationsByHand(
  state: State,
): Pick<ByHand, "registerByHand" | "addPrincipalByHand" | "deleteApplication" | "restoreApplication"> {
  return {
    registerByHand(displayName, more = {}) {
      const application = { ...newApplication(displayName, state.clock.now()), ...more };
      state.applications.put(application.id, application);
      return { id: application.id, clientId: application.appId };
    },
    addPrincipalByHand(name, more = {}) {
      const principal = { ...newServicePrincipal(named(state, name).appId), ...more };
      state.servicePrincipals.put(principal.id, principal);
      return { objectId: principal.id };
    },
    deleteApplication: (name) => softDelete(state, named(state, name)),
    restoreApplication(name) {
      const deleted = restorable(state).find(({ application }) => goesBy(application, name));
      if (!deleted) throw new Error(`Cannot restore "${name}": no deleted application has that name`);
      restore(state, deleted);
    },
  };
}

function consentByHand(state: State): Pick<ByHand, "consentByPerson" | "requireAssignment"> {
  const principal = (appId: string): ServicePrincipal => {
    const found = servicePrincipalWithAppId(state, appId);
    if (!found) throw new Error(`Cannot find the service principal of "${appId}"`);
    return found;
  };
  return {
    consentByPerson({ name, resourceClientId, scope }) {
      const principalId = randomUUID();
      state.people.add(principalId);
      const [client, resource] = [principal(named(state, name).appId), principal(resourceClientId)];
      const grant = newGrant({
        clientId: client.id,
        consentType: "Principal",
        principalId,
        resourceId: resource.id,
        scope,
      });
      state.grants.put(grant.id, grant);
      return { grantId: grant.id };
    },
    requireAssignment(name, required) {
      const found = principal(named(state, name).appId);
      state.servicePrincipals.put(found.id, { ...found, appRoleAssignmentRequired: required });
    },
  };
}

function named(state: State, name: string): Application {
  return find(state, `the name "${name}"`, (application) => goesBy(application, name));
}

function find(state: State, what: string, fits: (application: Application) => boolean): Application {
  const application = state.applications.list().find(fits);
  if (!application) throw new Error(`Cannot find the application with ${what}`);
  return application;
}

function goesBy({ uniqueName, appId }: Application, name: string): boolean {
  return uniqueName === name || appId === name;
}
