import { type Application, newApplication } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import type { Caller } from "../caller.ts";
import { badRequest, invalidIdentifier, notFound } from "../refusal.ts";
import type { ApplicationChange } from "./application-body.ts";
import { checkApplication, checkUniqueName } from "./application-rules.ts";

/** Creates the application of an upsert. Its creator owns it (unverified, as is that the owners named come on top). */
export function createApplication(
  directory: Directory,
  change: ApplicationChange,
  { uniqueName, caller }: { uniqueName: string; caller: Caller },
): Application {
  checkUniqueName(uniqueName, directory);
  if (change.displayName === undefined) {
    throw badRequest("A value is required for property 'displayName' of resource 'Application'.");
  }
  const bare: Application = {
    ...newApplication(change.displayName, directory.state.clock.now()),
    uniqueName,
    createdByAppId: caller.appId,
    owners: [...new Set([caller.objectId, ...readOwners(change, directory)])],
  };
  const application = withTokenVersion(merged(bare, withoutOwners(change)));
  checkApplication(bare, application, directory);
  directory.state.applications.put(application.id, application);
  return application;
}

/** Changes an application; owners can only be named at its creation. */
export function changeApplication(directory: Directory, application: Application, change: ApplicationChange): void {
  if (change["owners@odata.bind"]) throw badRequest("Invalid property 'owners@odata.bind'.");
  const changed = withTokenVersion(merged(application, change));
  checkApplication(application, changed, directory);
  directory.state.applications.put(changed.id, changed);
}

/**
 * `base` with the changes: structures (`api`, `web`, …) property by property, lists whole. How deep Graph goes is
 * unverified; `optionalClaims`, where the body's schema fills in what is missing, is replaced whole.
 */
export function merged<T extends object>(base: T, change: object): T {
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(change)) {
    const old = result.get(name);
    result.set(name, isStructure(old) && isStructure(value) ? merged(old, value) : value);
  }
  return Object.fromEntries(result) as T;
}

function isStructure(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Personal accounts get v2 tokens only, so that their applications have that version from the start. */
function withTokenVersion(application: Application): Application {
  const { signInAudience, api } = application;
  if (!signInAudience.includes("Personal") || api.requestedAccessTokenVersion !== null) return application;
  return { ...application, api: { ...api, requestedAccessTokenVersion: 2 } };
}

function readOwners(change: ApplicationChange, { state }: Directory): string[] {
  return (change["owners@odata.bind"] ?? []).map((reference) => {
    const id = /\/v1\.0\/(?:directoryObjects|servicePrincipals)\/([\w-]+)$/.exec(reference)?.[1];
    if (!id) throw invalidIdentifier(reference);
    if (!state.servicePrincipals.get(id)) throw notFound(id);
    return id;
  });
}

function withoutOwners({ "owners@odata.bind": _owners, ...change }: ApplicationChange): object {
  return change;
}
