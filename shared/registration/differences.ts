import { appIdUri } from "../deployment/addresses.ts";
import { implicitIssuance, misplaced, SINGLE_TENANT, TOKEN_VERSION } from "./adoption.ts";
import type { Application, Changes, Claim, Desired, ResourceAccess, Scope } from "./application.ts";

/** One thing that differs, by its name for people, and what writing it changes. */
interface Difference {
  field: string;
  changes: Changes;
}

/**
 * Where an application differs from what it ought to be, and the changes that end it. Collections are replaced whole by
 * Graph, so each written one is the union of what is there and what is wanted: foreign redirect URIs, scopes, roles,
 * permissions and claims stay. Pure.
 */
export function differences(desired: Desired, found: Application): { changes: Changes; fields: string[] } {
  const all = COMPARISONS.flatMap((compare) => compare(desired, found) ?? []);
  return { changes: all.map(({ changes }) => changes).reduce(merged, {}), fields: all.map(({ field }) => field) };
}

const COMPARISONS: ((desired: Desired, found: Application) => Difference | undefined)[] = [
  function audience({ adopted }, { signInAudience }) {
    if (adopted || signInAudience === SINGLE_TENANT) return undefined;
    return { field: "sign-in audience", changes: { signInAudience: SINGLE_TENANT } };
  },
  function serviceReference({ adopted, serviceReference: wanted }, { serviceManagementReference: found }) {
    if (wanted === undefined || found === wanted || (adopted && found)) return undefined;
    return { field: "service reference", changes: { serviceManagementReference: wanted } };
  },
  function appIdUris({ isResource }, { appId, identifierUris }) {
    const uri = appIdUri(appId);
    // A new application gets its App ID URI when it has its id.
    if (!isResource || appId === "" || identifierUris.includes(uri)) return undefined;
    return { field: "App ID URI", changes: { identifierUris: [...identifierUris, uri] } };
  },
  redirectUris,
  function implicitFlow({ adopted, implicitIssuance: wanted }, found) {
    if (wanted === undefined || (adopted && !wanted)) return undefined;
    if (implicitIssuance(found).every((one) => one === wanted)) return undefined;
    const implicitGrantSettings = { enableAccessTokenIssuance: wanted, enableIdTokenIssuance: wanted };
    return { field: "implicit flow", changes: { web: { implicitGrantSettings } } };
  },
  function tokenVersion({ adopted }, { api }) {
    if (adopted || api.requestedAccessTokenVersion === TOKEN_VERSION) return undefined;
    return { field: "token version", changes: { api: { requestedAccessTokenVersion: TOKEN_VERSION } } };
  },
  function scopes(desired, { api }) {
    const all = union(api.oauth2PermissionScopes, desired.scopes);
    return all && { field: "scopes", changes: { api: { oauth2PermissionScopes: all } } };
  },
  function roles(desired, found) {
    const all = union(found.appRoles, desired.appRoles);
    return all && { field: "app roles", changes: { appRoles: all } };
  },
  function permissions(desired, found) {
    const all = requirements(found.requiredResourceAccess, desired.requires);
    return all && { field: "API permissions", changes: { requiredResourceAccess: all } };
  },
  function optionalClaims({ claims }, { optionalClaims: found }) {
    const idToken = withClaims(found.idToken, claims.idToken);
    const accessToken = withClaims(found.accessToken, claims.accessToken);
    const missing = idToken.length > found.idToken.length || accessToken.length > found.accessToken.length;
    return missing
      ? { field: "optional claims", changes: { optionalClaims: { ...found, idToken, accessToken } } }
      : undefined;
  },
];

/** Graph merges these two by property. */
function merged(one: Changes, other: Changes): Changes {
  return {
    ...one,
    ...other,
    ...(one.web && other.web ? { web: { ...one.web, ...other.web } } : {}),
    ...(one.api && other.api ? { api: { ...one.api, ...other.api } } : {}),
  };
}

/** A redirect URI can be on one platform only, so ours move when the flow changes; foreign ones stay where they are. */
function redirectUris(desired: Desired, { spa, web }: Application): Difference | undefined {
  const stay = misplaced(desired, { spa, web });
  const ours = desired.redirectUris.filter((uri) => !stay.includes(uri));
  const place = (here: "spa" | "web", found: string[]): string[] =>
    here === desired.platform ? [...new Set([...found, ...ours])] : found.filter((uri) => !ours.includes(uri));
  const next = { spa: place("spa", spa.redirectUris), web: place("web", web.redirectUris) };
  const same = next.spa.length === spa.redirectUris.length && next.web.length === web.redirectUris.length;
  if (same) return undefined;
  return { field: "redirect URIs", changes: { spa: { redirectUris: next.spa }, web: { redirectUris: next.web } } };
}

/** By value, not by id: one made by hand serves as well. A disabled one is enabled. Undefined where nothing is missing. */
function union(found: Scope[], desired: (Scope & { value: string })[]): Scope[] | undefined {
  const missing = desired.filter(({ value }) => !found.some((one) => one.value === value));
  const disabled = (one: Scope): boolean => one.isEnabled === false && desired.some(({ value }) => value === one.value);
  if (missing.length === 0 && !found.some(disabled)) return undefined;
  // `origin` is read-only and refused.
  const kept = found.map(({ origin: _, ...one }) => (disabled(one) ? { ...one, isEnabled: true } : one));
  return [...kept, ...missing];
}

function requirements(found: ResourceAccess[], desired: ResourceAccess[]): ResourceAccess[] | undefined {
  let differ = false;
  const all = found.map((one) => ({ ...one, resourceAccess: [...one.resourceAccess] }));
  for (const { resourceAppId, resourceAccess } of desired) {
    let resource = all.find((one) => one.resourceAppId === resourceAppId);
    if (!resource) {
      resource = { resourceAppId, resourceAccess: [] };
      all.push(resource);
    }
    for (const { id, type } of resourceAccess) {
      if (resource.resourceAccess.some((one) => one.id === id && one.type === type)) continue;
      resource.resourceAccess.push({ id, type });
      differ = true;
    }
  }
  return differ ? all : undefined;
}

function withClaims(found: Claim[], desired: Claim[]): Claim[] {
  return [...found, ...desired.filter(({ name }) => !found.some((one) => one.name === name))];
}
