import type { Application } from "./application.ts";
import { GRAPH_APP_ID } from "./microsoft-graph.ts";
import { exposedBy, type ServicePrincipal } from "./service-principal.ts";
import { applicationWithAppId, type State, servicePrincipalWithAppId } from "./state.ts";

/** Something that tokens are issued for. */
export interface Resource {
  /** Without one (a service of Azure that is no matter of the directory) there are no app roles. */
  principal: ServicePrincipal | undefined;
  /** The registration, if it is in this tenant. */
  application: Application | undefined;
  /** The form of its access tokens: its registration decides, not the endpoint that is asked. */
  version: 1 | 2;
  /** The claim `aud` of its tokens. */
  audience: string;
}

/** What an address stands for: an application by its id, or a service of Azure with that claim `aud`. */
export type Registered = { appId: string } | { audience: string };

export interface Resources {
  /** Makes an address, for example `https://vault.localhost:41234`, a name that tokens can be asked for. */
  register(url: string, stands: Registered): void;
  /** By application id, App ID URI, or a registered address; a host that begins with `graph.` is Microsoft Graph. */
  find(name: string): Resource | undefined;
}

export function createResources(state: State): Resources {
  const registered = new Map<string, Registered>();

  const ofDirectory = (principal: ServicePrincipal, name: string): Resource => {
    const application = applicationWithAppId(state, principal.appId);
    const version = application?.api.requestedAccessTokenVersion === 2 ? 2 : 1;
    return { principal, application, version, audience: version === 2 ? principal.appId : name };
  };
  const candidates = (name: string): ServicePrincipal[] => {
    const appIds = state.applications.bearing("identifierUri", name).map(({ appId }) => appId);
    return [
      ...state.servicePrincipals.bearing("ownName", name),
      ...state.servicePrincipals.bearing("appId", [name, ...appIds]),
    ];
  };
  const bears = (principal: ServicePrincipal, name: string): boolean =>
    exposedBy(principal, applicationWithAppId(state, principal.appId)).names.includes(name);

  return {
    register: (url, stands) => void registered.set(withoutSlash(url), stands),
    find(name) {
      const stands = registered.get(withoutSlash(name)) ?? (isGraph(name) ? { appId: GRAPH_APP_ID } : undefined);
      if (stands && "audience" in stands) {
        return { principal: undefined, application: undefined, version: 1, audience: stands.audience };
      }
      const principal = stands
        ? servicePrincipalWithAppId(state, stands.appId)
        : candidates(name).find((candidate) => bears(candidate, name));
      return principal && ofDirectory(principal, name);
    },
  };
}

function isGraph(name: string): boolean {
  return /^https:\/\/graph\./.test(name);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}
