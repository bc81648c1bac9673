import { badRequest, invalidIdentifier, notModelled } from "../refusal.ts";

/** How an object is addressed: by its id, or by an alternate key such as `(appId='…')`. Graph minds no case in either. */
export interface Key<Alternate extends string = never> {
  by: Alternate | "id";
  value: string;
}

/** The names in paths, as the routes spell them. */
const NAMES = [
  "applications",
  "servicePrincipals",
  "oauth2PermissionGrants",
  "directory",
  "deletedItems",
  "policies",
  "defaultAppManagementPolicy",
  "appManagementPolicies",
  "organization",
  "owners",
  "appRoleAssignments",
  "appRoleAssignedTo",
  "federatedIdentityCredentials",
  "addPassword",
  "removePassword",
  "restore",
];
const SPELLED = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/**
 * The path as the routes match it, its names spelled as there, for Graph minds no case in them (az writes
 * `oAuth2PermissionGrants`). `/applications(appId='x')` becomes `/applications/<appId>x`, one segment like an id;
 * no client can write that itself, because `<` does not occur in a path and its escape is turned away here.
 * `/applications('x')` becomes `/applications/x`, a cast (`graph.application`) is written in full, and the name that
 * older clients give to the tenant, `/v1.0/myorganization/…`, goes.
 */
export function odataPath(request: Request): string {
  const { pathname } = new URL(request.url);
  if (/%3c/i.test(pathname)) return "/malformed";
  return pathname
    .replaceAll("%27", "'")
    .replace(/^\/v1\.0\/myorganization\//i, "/v1.0/")
    .replace(/\/graph\.(\w+)(?=\/|$)/g, "/microsoft.graph.$1")
    .replace(/\/(\w+)\('((?:[^'/]|'')*)'\)(?=\/|$)/g, "/$1/$2")
    .replace(/\/(\w+)\((\w+)='((?:[^'/]|'')*)'\)(?=\/|$)/g, (_match, set: string, name: string, value: string) => {
      return `/${set}/<${name}>${value.replaceAll("''", "'")}`;
    })
    .replace(/(?<=\/)\w+(?=\/|$)/g, (name) => SPELLED.get(name.toLowerCase()) ?? name);
}

/** Reads the segment that addresses an object; only the named alternate keys are taken. */
export function readKey<Alternate extends string>(
  segment: string,
  alternateKeys: readonly Alternate[],
): Key<Alternate> {
  if (/^(?:delta|.*\(.*|microsoft\.graph\..*)$/.test(segment)) throw notModelled(`the function or cast '${segment}'`);
  const [, named = "id", value = segment] = /^<(\w+)>(.*)$/s.exec(segment) ?? [];
  const by = (["id", ...alternateKeys] as const).find((one) => one === named);
  if (!by) throw badRequest(`The key '${named}' is not supported for this request.`);
  if (value === "") throw badRequest(`The key '${by}' must not be empty.`);
  if (by !== "uniqueName" && !isGuid(value)) throw invalidIdentifier(value);
  return { by, value };
}

export function isGuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
