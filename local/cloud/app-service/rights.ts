import { refusal } from "./refusal.ts";

/**
 * What a caller may do with a site, and the action of Azure RBAC that stands for it. That of a refresh is documented
 * nowhere (unverified). "Website Contributor" has all of them, "Reader" has `read` alone.
 */
const ACTIONS = {
  read: "Microsoft.Web/sites/config/read",
  list: "Microsoft.Web/sites/config/list/action",
  write: "Microsoft.Web/sites/config/write",
  refresh: "Microsoft.Web/sites/config/refresh/action",
  restart: "Microsoft.Web/sites/restart/action",
} as const;
export type Right = keyof typeof ACTIONS;

export const WEBSITE_CONTRIBUTOR = Object.keys(ACTIONS) as Right[];

/** Assignments by the object id of the caller; a scope covers everything below it. */
export interface Rights {
  grant(objectId: string, rights: readonly Right[], scope: string): void;
  revoke(objectId: string): void;
  /** The subscriptions in which the caller may do anything. */
  subscriptionsOf(objectId: string): string[];
  /** Throws the 403 of Azure Resource Manager, which does not tell whether what was asked for exists. */
  require(objectId: string, right: Right, resourceId: string): void;
}

export function createRights(): Rights {
  let granted: { objectId: string; rights: readonly Right[]; scope: string }[] = [];
  return {
    grant: (objectId, rights, scope) => void granted.push({ objectId, rights, scope: `${scope.toLowerCase()}/` }),
    revoke(objectId) {
      granted = granted.filter((one) => one.objectId !== objectId);
    },
    subscriptionsOf(objectId) {
      const scopes = granted.filter((one) => one.objectId === objectId).map(({ scope }) => scope.split("/")[2] ?? "");
      return [...new Set(scopes)];
    },
    require(objectId, right, resourceId) {
      const at = `${resourceId.toLowerCase()}/`;
      const held = granted.filter((one) => one.objectId === objectId && at.startsWith(one.scope));
      if (held.some(({ rights }) => rights.includes(right))) return;
      throw refusal(403, {
        code: "AuthorizationFailed",
        message: `The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${ACTIONS[right]}' over scope '${resourceId}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      });
    },
  };
}
