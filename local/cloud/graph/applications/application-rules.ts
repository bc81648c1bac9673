import type { Application } from "../../directory/application.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { restorable } from "../../directory/soft-delete.ts";
import { badRequest, invalidValue, refuse } from "../refusal.ts";
import { checkEntitlements } from "./entitlement-rules.ts";
import { checkIdentifierUris } from "./identifier-uri-rules.ts";
import { checkRedirectUris } from "./redirect-uri-rules.ts";

/** Throws what Graph says against an application becoming so. */
export function checkApplication(before: Application, after: Application, directory: Directory): void {
  checkRequiredAccess(after);
  checkEntitlements(before, after);
  checkRedirectUris(after);
  checkIdentifierUris(before, after, directory);
}

/** Throws the 400 of a tenant in which every application must name the service that it belongs to. */
export function checkServiceReference(
  operation: "Create" | "Update",
  reference: string | null | undefined,
  { rules }: Directory,
): void {
  if (!rules.demandsServiceManagementReference || reference) return;
  const message = `ServiceManagementReference field is required for ${operation}, but is missing in the request. Refer to the TSG \`https://aka.ms/service-management-reference-error\` for resolving the error.`;
  throw refuse(400, "ServiceTreeValueMissing", message);
}

/** A unique name stays taken while its application can still be restored. */
export function checkUniqueName(uniqueName: string, directory: Directory): void {
  const deleted = restorable(directory.state).some(({ application }) => application.uniqueName === uniqueName);
  if (deleted) throw badRequest("Another object with the same value for property uniqueName already exists.");
}

function checkRequiredAccess({ requiredResourceAccess }: Application): void {
  const resources = requiredResourceAccess.map(({ resourceAppId }) => resourceAppId.toLowerCase());
  if (new Set(resources).size < resources.length) throw invalidValue("requiredResourceAccess", "Application");
  const permissions = requiredResourceAccess.reduce((sum, { resourceAccess }) => sum + resourceAccess.length, 0);
  if (permissions > 400) throw invalidValue("requiredResourceAccess", "Application");
}
