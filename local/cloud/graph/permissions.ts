import type { Caller } from "./caller.ts";
import { refuse } from "./refusal.ts";

/** Over which objects a caller may do something. */
export type Right = "any" | "owned";

interface Rule {
  /** Each entry suffices; one with several permissions needs them all. */
  any: string[][];
  /** Suffice together for what the caller owns. */
  owned?: string[];
}

const WRITE_ALL = "Application.ReadWrite.All";
const OWNED_BY = "Application.ReadWrite.OwnedBy";
const ASSIGN_ROLES = "AppRoleAssignment.ReadWrite.All";
const READ_DIRECTORY = ["Directory.Read.All", "Directory.ReadWrite.All"];
const READ_APPLICATIONS = ["Application.Read.All", WRITE_ALL, ...READ_DIRECTORY];
const ASSIGN = READ_APPLICATIONS.map((read) => [ASSIGN_ROLES, read]);

/**
 * Application permissions by operation (Microsoft Learn: the table "Permissions" on the page of each operation).
 * The one that only covers owned objects covers reading of all, but not of deleted ones.
 */
const RULES = {
  "read applications": { any: each([...READ_APPLICATIONS, OWNED_BY]) },
  "write applications": { any: [[WRITE_ALL]], owned: [OWNED_BY] },
  "write passwords": { any: each([WRITE_ALL, "Directory.ReadWrite.All"]), owned: [OWNED_BY] },
  "write owners": {
    any: [[WRITE_ALL, "Directory.Read.All"], ["Directory.ReadWrite.All"]],
    owned: [OWNED_BY, "Directory.Read.All"],
  },
  "write service principals": { any: each([WRITE_ALL, "Directory.ReadWrite.All"]), owned: [OWNED_BY] },
  "read deleted applications": { any: each(READ_APPLICATIONS) },
  "restore or purge": { any: [[WRITE_ALL]], owned: [OWNED_BY] },
  // Since 2026 Application.ReadWrite.All alone suffices, save for Graph's own roles; older pages do not name it.
  "assign app roles": { any: [...ASSIGN, [WRITE_ALL]] },
  "assign app roles of Graph": { any: ASSIGN },
  "remove app roles": { any: [[ASSIGN_ROLES], [WRITE_ALL]] },
  "read grants": { any: each(["DelegatedPermissionGrant.ReadWrite.All", ...READ_DIRECTORY]) },
  "write grants": { any: each(["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]) },
  "write roles": { any: [["RoleManagement.ReadWrite.Directory"]] },
  "read policies": { any: each(["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"]) },
  "read the organization": { any: each(["Organization.Read.All", "Organization.ReadWrite.All", ...READ_DIRECTORY]) },
} satisfies Record<string, Rule>;

export type Operation = keyof typeof RULES;

/** Throws the 403 unless some permission of the caller covers the operation, for any object or for owned ones. */
export function requireRight(caller: Caller, operation: Operation): Right {
  const { any, owned }: Rule = RULES[operation];
  const holds = (needed: string[]): boolean => needed.every((permission) => caller.permissions.has(permission));
  if (any.some(holds)) return "any";
  if (owned && holds(owned)) return "owned";
  throw insufficientPrivileges();
}

/** Throws the 403 where the right covers owned objects only and the caller is not among the owners. */
export function requireOwner(right: Right, caller: Caller, owners: string[]): void {
  if (right === "owned" && !owners.includes(caller.objectId)) throw insufficientPrivileges();
}

function insufficientPrivileges() {
  return refuse(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}

function each(permissions: string[]): string[][] {
  return permissions.map((permission) => [permission]);
}
