import { DEFAULT_ADMIN, isDefaultAdmin } from "../deployment/openmetadata-defaults.ts";
import type { Administrator } from "./ports.ts";

/**
 * Deletes the default admin of an OpenMetadata server, or says why not.
 *
 *   default admin   listed in the server's configuration   then
 *   -------------   ------------------------------------   ----------------------------------------------------
 *   any             yes                                    refused: the next restart recreates it
 *   any             nobody can see, and nobody vouches     refused: that must be looked at where it is
 *   gone            no, or somebody vouches                nothing
 *   there           no, or somebody vouches                delete-default-admin, if all administrators of
 *                                                          INITIAL_ADMINS are there and none of them is it or us
 */

export interface Observed {
  exists: boolean;
  /** Whether the next start makes it anew; undefined where nobody can see it. */
  listed: boolean | undefined;
  administrators: readonly Administrator[];
  /** As whom we are signed in. */
  self: { user: string; isAdmin: boolean };
}

export interface Step {
  kind: "delete-default-admin";
  because: string;
  target: string;
}

export type Plan = { kind: "steps"; steps: Step[] } | { kind: "refused"; because: string; fix: Fix };

/** What a person must do first. */
export type Fix =
  | { kind: "unlist" }
  | { kind: "look" }
  | { kind: "get-in" }
  | { kind: "other-token" }
  | { kind: "name-administrators" }
  | { kind: "make-administrators"; names: string[] };

/**
 * `initialAdmins` are names or addresses; `adminNotListed` is the word of somebody who has looked where nobody else can.
 * Pure.
 */
export function planHardening(
  observed: Observed,
  initialAdmins: readonly string[],
  { adminNotListed }: { adminNotListed: boolean },
): Plan {
  const { exists, listed, self } = observed;
  if (listed) {
    return refused("the server's configuration lists it, so the next restart recreates it", { kind: "unlist" });
  }
  if (listed === undefined && !adminNotListed) {
    const because = "this release does not show whether its environment lists it, so a restart might recreate it";
    return refused(because, { kind: "look" });
  }
  if (!exists) return { kind: "steps", steps: [] };
  if (isDefaultAdmin(self.user)) {
    return refused("the app itself signs in as the default admin", { kind: "other-token" });
  }
  if (!self.isAdmin) return refused(`user "${self.user}" is not an OpenMetadata administrator`, { kind: "get-in" });

  const people = initialAdmins.filter((admin) => !isSelf(admin, observed));
  if (people.some(isDefaultAdmin)) {
    return refused("INITIAL_ADMINS names the default admin itself", { kind: "name-administrators" });
  }
  if (people.length === 0) {
    return refused("INITIAL_ADMINS names no other administrator", {
      kind: "name-administrators",
    });
  }
  const missing = people.filter((admin) => !isAdministrator(admin, observed));
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(", ");
    const because = `not everybody in INITIAL_ADMINS is an OpenMetadata administrator yet: ${names}`;
    return refused(because, { kind: "make-administrators", names: missing });
  }
  return {
    kind: "steps",
    steps: [{ kind: "delete-default-admin", because: "everybody knows its password", target: DEFAULT_ADMIN }],
  };
}

function isSelf(admin: string, { self }: Observed): boolean {
  return localPart(admin) === self.user.toLowerCase();
}

/** A person, by name as OpenMetadata finds people, or by address; bots and the default admin do not count. */
function isAdministrator(admin: string, { administrators }: Observed): boolean {
  return administrators.some(
    ({ name, email, isBot }) =>
      !isBot &&
      !isDefaultAdmin(name) &&
      (name.toLowerCase() === localPart(admin) || email.toLowerCase() === admin.toLowerCase()),
  );
}

function localPart(admin: string): string {
  return (admin.split("@")[0] ?? "").toLowerCase();
}

function refused(because: string, fix: Fix): Plan {
  return { kind: "refused", because, fix };
}
