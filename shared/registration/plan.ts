/**
 * Brings one app registration to its desired state.
 *
 *   application   differs   service principal   steps
 *   -----------   -------   -----------------   ---------------------------------------------
 *   missing       -         -                   create-registration, create-service-principal
 *   there         no        there               none
 *   there         yes       there               update-registration
 *   there         -         missing             (update-registration,) create-service-principal
 *
 * Only differences are written. Collections are replaced whole by Graph, so each written one is the union of what is
 * there and what is wanted: foreign redirect URIs, scopes, roles, permissions and claims stay.
 *
 * A registration that was made by hand and is adopted serves people already: it is only ever added to. Its audience,
 * its token version and implicit issuance that is on are left alone (`leftAlone` tells), and a redirect URI that is on
 * the other platform is not moved, because that would end the sign-in that works (`misplaced` tells).
 */

export interface Scope {
  id: string;
  value?: string | null | undefined;
  isEnabled?: boolean | null | undefined;
  [property: string]: unknown;
}

export interface ResourceAccess {
  resourceAppId: string;
  resourceAccess: { id: string; type: string }[];
}

export interface Claim {
  name: string;
  [property: string]: unknown;
}

interface OptionalClaims {
  idToken: Claim[];
  accessToken: Claim[];
  saml2Token: Claim[];
}

/** An application as Graph describes it. */
export interface Application {
  id: string;
  appId: string;
  signInAudience?: string | null | undefined;
  identifierUris: string[];
  spa: { redirectUris: string[] };
  web: {
    redirectUris: string[];
    implicitGrantSettings?: ImplicitGrant | null | undefined;
  };
  api: { requestedAccessTokenVersion?: number | null | undefined; oauth2PermissionScopes: Scope[] };
  appRoles: Scope[];
  requiredResourceAccess: ResourceAccess[];
  optionalClaims: OptionalClaims;
}

interface ImplicitGrant {
  enableAccessTokenIssuance?: boolean | null | undefined;
  enableIdTokenIssuance?: boolean | null | undefined;
}

/** What a registration ought to have; it may have more. */
export interface Desired {
  uniqueName: string;
  /** Made by hand, and named in the settings by its client id. */
  adopted: boolean;
  platform: "spa" | "web";
  redirectUris: string[];
  /** Tokens handed out by the authorization endpoint itself; undefined leaves the setting alone. */
  implicitIssuance: boolean | undefined;
  scopes: (Scope & { value: string })[];
  appRoles: (Scope & { value: string })[];
  requires: ResourceAccess[];
  claims: { idToken: Claim[]; accessToken: Claim[] };
}

export interface Observed {
  application: Application | undefined;
  servicePrincipalId: string | undefined;
}

/** What to write to an application, in Graph's words. */
export interface Changes {
  signInAudience?: string;
  identifierUris?: string[];
  spa?: { redirectUris: string[] };
  web?: { redirectUris?: string[]; implicitGrantSettings?: ImplicitGrant };
  api?: { requestedAccessTokenVersion?: number; oauth2PermissionScopes?: Scope[] };
  appRoles?: Scope[];
  requiredResourceAccess?: ResourceAccess[];
  optionalClaims?: OptionalClaims;
}

export type Step =
  | { kind: "create-registration"; because: string; target: string; body: Changes }
  | { kind: "update-registration"; because: string; target: string; changes: Changes }
  | { kind: "create-service-principal"; because: string; target: string };

/** The only audience in which nobody outside the tenant can sign in. */
const SINGLE_TENANT = "AzureADMyOrg";
const TOKEN_VERSION = 2;

/** Plans the steps, in order. Pure. */
export function planRegistration(desired: Desired, { application, servicePrincipalId }: Observed): Step[] {
  const target = desired.uniqueName;
  const because = "it does not exist";
  const createPrincipal: Step = { kind: "create-service-principal", because, target };
  if (!application) {
    return [{ kind: "create-registration", because, target, body: wanted(desired, EMPTY).changes }, createPrincipal];
  }
  const steps: Step[] = [];
  const { changes, fields } = wanted(desired, application);
  if (fields.length > 0) {
    steps.push({ kind: "update-registration", because: `differs in ${fields.join(", ")}`, target, changes });
  }
  if (!servicePrincipalId) steps.push(createPrincipal);
  return steps;
}

const EMPTY: Application = {
  id: "",
  appId: "",
  identifierUris: [],
  spa: { redirectUris: [] },
  web: { redirectUris: [] },
  api: { oauth2PermissionScopes: [] },
  appRoles: [],
  requiredResourceAccess: [],
  optionalClaims: { idToken: [], accessToken: [], saml2Token: [] },
};

/** The differences, and their names for people. */
function wanted(desired: Desired, found: Application): { changes: Changes; fields: string[] } {
  const changes: Changes = {};
  const fields: string[] = [];
  const note = (field: string, differs: boolean, change: () => void): void => {
    if (!differs) return;
    fields.push(field);
    change();
  };
  note("sign-in audience", !desired.adopted && found.signInAudience !== SINGLE_TENANT, () => {
    changes.signInAudience = SINGLE_TENANT;
  });
  const appIdUri = `api://${found.appId}`;
  // A new application gets its App ID URI when it has its id.
  note("App ID URI", found.appId !== "" && !found.identifierUris.includes(appIdUri), () => {
    changes.identifierUris = [...found.identifierUris, appIdUri];
  });
  const uris = redirectUris(desired, found);
  note("redirect URIs", uris.differ, () => {
    changes.spa = { redirectUris: uris.spa };
    changes.web = { redirectUris: uris.web };
  });
  const implicit = desired.implicitIssuance;
  const issued = implicitIssuance(found);
  const implicitDiffers =
    implicit !== undefined && !(desired.adopted && !implicit) && issued.some((one) => one !== implicit);
  note("implicit flow", implicitDiffers, () => {
    const implicitGrantSettings = { enableAccessTokenIssuance: implicit, enableIdTokenIssuance: implicit };
    changes.web = { ...changes.web, implicitGrantSettings };
  });
  note("token version", !desired.adopted && found.api.requestedAccessTokenVersion !== TOKEN_VERSION, () => {
    changes.api = { requestedAccessTokenVersion: TOKEN_VERSION };
  });
  const scopes = union(found.api.oauth2PermissionScopes, desired.scopes);
  note("scopes", scopes.differ, () => {
    changes.api = { ...changes.api, oauth2PermissionScopes: scopes.all };
  });
  const roles = union(found.appRoles, desired.appRoles);
  note("app roles", roles.differ, () => {
    changes.appRoles = roles.all;
  });
  const required = requirements(found.requiredResourceAccess, desired.requires);
  note("API permissions", required.differ, () => {
    changes.requiredResourceAccess = required.all;
  });
  const idToken = claims(found.optionalClaims.idToken, desired.claims.idToken);
  const accessToken = claims(found.optionalClaims.accessToken, desired.claims.accessToken);
  note("optional claims", idToken.differ || accessToken.differ, () => {
    changes.optionalClaims = { ...found.optionalClaims, idToken: idToken.all, accessToken: accessToken.all };
  });
  return { changes, fields };
}

/** Access tokens and ID tokens, in this order. */
function implicitIssuance({ web: { implicitGrantSettings: grant } }: Application): boolean[] {
  return [grant?.enableAccessTokenIssuance ?? false, grant?.enableIdTokenIssuance ?? false];
}

/** Redirect URIs of an adopted registration that are on the other platform than the flow needs. Pure. */
export function misplaced({ adopted, platform, redirectUris }: Desired, { spa, web }: Application): string[] {
  const other = platform === "spa" ? web.redirectUris : spa.redirectUris;
  return adopted ? redirectUris.filter((uri) => other.includes(uri)) : [];
}

/** What an adopted registration has otherwise than one of ours would, one clause each. Pure. */
export function leftAlone({ adopted, implicitIssuance: implicit }: Desired, found: Application): string[] {
  if (!adopted) return [];
  const told: string[] = [];
  const { signInAudience } = found;
  if (signInAudience !== SINGLE_TENANT) {
    told.push(`lets in accounts from outside the tenant (signInAudience ${signInAudience}, not ${SINGLE_TENANT})`);
  }
  if (found.api.requestedAccessTokenVersion !== TOKEN_VERSION) {
    told.push(`gets access tokens of version 1 (requestedAccessTokenVersion, not ${TOKEN_VERSION})`);
  }
  if (implicit === false && implicitIssuance(found).includes(true)) {
    told.push("hands out tokens by the implicit flow, which the authorization code flow does without");
  }
  return told;
}

/** A redirect URI can be on one platform only, so ours move when the flow changes; foreign ones stay where they are. */
function redirectUris(desired: Desired, { spa, web, ...rest }: Application) {
  const { platform } = desired;
  const stay = misplaced(desired, { spa, web, ...rest });
  const ours = desired.redirectUris.filter((uri) => !stay.includes(uri));
  const place = (here: "spa" | "web", found: string[]): string[] =>
    here === platform ? [...new Set([...found, ...ours])] : found.filter((uri) => !ours.includes(uri));
  const next = { spa: place("spa", spa.redirectUris), web: place("web", web.redirectUris) };
  const differ = next.spa.length !== spa.redirectUris.length || next.web.length !== web.redirectUris.length;
  return { ...next, differ };
}

/** By value, not by id: one made by hand serves as well. A disabled one is enabled. */
function union(found: Scope[], desired: (Scope & { value: string })[]): { all: Scope[]; differ: boolean } {
  const missing = desired.filter(({ value }) => !found.some((one) => one.value === value));
  const disabled = (one: Scope): boolean => one.isEnabled === false && desired.some(({ value }) => value === one.value);
  // `origin` is read-only and refused.
  const kept = found.map(({ origin: _, ...one }) => (disabled(one) ? { ...one, isEnabled: true } : one));
  return { all: [...kept, ...missing], differ: missing.length > 0 || found.some(disabled) };
}

function requirements(found: ResourceAccess[], desired: ResourceAccess[]): { all: ResourceAccess[]; differ: boolean } {
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
  return { all, differ };
}

function claims(found: Claim[], desired: Claim[]): { all: Claim[]; differ: boolean } {
  const missing = desired.filter(({ name }) => !found.some((one) => one.name === name));
  return { all: [...found, ...missing], differ: missing.length > 0 };
}
