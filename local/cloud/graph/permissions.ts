import type { Caller } from "./caller.ts";
import { refuse } from "./refusal.ts";

/** Over which objects a caller may do something. */
export type Right = "any" | "owned";

interface Rule {
  /** Each entry suffices; one with several permissions needs them all. */
  any: string[][];
  /** Suffices for what the caller owns. */
  owned?: string;
}

const OWNED_BY = "Application.ReadWrite.OwnedBy";
const READ_DIRECTORY = ["Directory.Read.All", "Directory.ReadWrite.All"];
const READ_APPLICATIONS = ["Application.Read.All", "Application.ReadWrite.All", ...READ_DIRECTORY];
const ASSIGN = READ_APPLICATIONS.map((read) => ["AppRoleAssignment.ReadWrite.All", read]);

/**
 * Application permissions by operation (Microsoft Learn: the table "Permissions" on the page of each operation).
 * The one that only covers owned objects covers reading of all, but not of deleted ones.
 */
const RULES = {
  "read applications": { any: each([...READ_APPLICATIONS, OWNED_BY]) },
  "write applications": { any: [["Application.ReadWrite.All"]], owned: OWNED_BY },
  "write passwords": { any: each(["Application.ReadWrite.All", "Directory.ReadWrite.All"]), owned: OWNED_BY },
  "write service principals": { any: each(["Application.ReadWrite.All", "Directory.ReadWrite.All"]), owned: OWNED_BY },
  "write owners": { any: [["Application.ReadWrite.All", "Directory.Read.All"]], owned: OWNED_BY },
  "read deleted applications": { any: each(READ_APPLICATIONS) },
  "restore applications": { any: [["Application.ReadWrite.All"]], owned: OWNED_BY },
  // Since 2026 Application.ReadWrite.All alone suffices, save for Graph's own roles; older pages do not name it.
  "assign app roles": { any: [...ASSIGN, ["Application.ReadWrite.All"]] },
  "assign app roles of Graph": { any: ASSIGN },
  "read grants": { any: each(["DelegatedPermissionGrant.ReadWrite.All", ...READ_DIRECTORY]) },
  "write grants": { any: each(["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]) },
  "read policies": { any: each(["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"]) },
} satisfies Record<string, Rule>;

export type Operation = keyof typeof RULES;

/** Throws the 403 unless some permission of the caller covers the operation, for any object or for owned ones. */
export function requireRight(caller: Caller, operation: Operation): Right {
  const { any, owned }: Rule = RULES[operation];
  if (any.some((needed) => needed.every((permission) => caller.permissions.has(permission)))) return "any";
  if (owned !== undefined && caller.permissions.has(owned)) return "owned";
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
