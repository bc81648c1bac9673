import { v5 } from "uuid";

/** What callers may be: `Automation.Run` for every call, `Automation.Read` for GET. */
export const API_ROLES = ["Automation.Run", "Automation.Read"] as const;
export type ApiRole = (typeof API_ROLES)[number];

/** The delegated scope by which the Azure CLI asks tokens for a person, who needs a role too. */
export const API_SCOPE = "user_impersonation";

/** The Azure CLI's client id, the same in every tenant (Microsoft Learn: "First-party Microsoft applications"). */
export const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export interface AppRole {
  id: string;
  value: string;
  displayName: string;
  description: string;
  allowedMemberTypes: ("Application" | "User")[];
  isEnabled: boolean;
}

export interface Scope {
  id: string;
  value: string;
  type: "Admin";
  isEnabled: boolean;
  adminConsentDisplayName: string;
  adminConsentDescription: string;
}

const WORDS: Record<ApiRole, { displayName: string; description: string }> = {
  "Automation.Run": { displayName: "Run", description: "Provision, consent, rotate, harden, and ask" },
  "Automation.Read": { displayName: "Read", description: "Ask for status and configuration" },
};

export function apiRole(registration: string, value: ApiRole): AppRole {
  const allowedMemberTypes: AppRole["allowedMemberTypes"] = ["Application", "User"];
  return { id: idOf(registration, value), value, ...WORDS[value], allowedMemberTypes, isEnabled: true };
}

export function apiScope(registration: string): Scope {
  return {
    id: idOf(registration, API_SCOPE),
    value: API_SCOPE,
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "Call as a person",
    adminConsentDescription: "Lets a client call the app on behalf of a person, who needs a role too.",
  };
}

/** Bicep's `guid(registration, value)`, so that who goes on with infra/graph finds the same roles and scope. */
function idOf(registration: string, value: string): string {
  return v5(`${registration}-${value}`, "11fb06fb-712d-4ddd-98c7-e71bbd588830");
}
