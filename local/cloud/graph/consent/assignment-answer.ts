import type { AppRoleAssignment } from "../../directory/consent.ts";
import type { Directory } from "../../directory/create-directory.ts";
import { exposedBy } from "../../directory/service-principal.ts";
import { applicationWithAppId } from "../../directory/state.ts";

/** An assignment as Graph shows it. */
export function assignmentAnswer(assignment: AppRoleAssignment, directory: Directory): object {
  const nameOf = (id: string): string | null => {
    const principal = directory.state.servicePrincipals.get(id);
    return principal ? exposedBy(principal, applicationWithAppId(directory.state, principal.appId)).displayName : null;
  };
  return {
    ...assignment,
    deletedDateTime: null,
    principalDisplayName: nameOf(assignment.principalId),
    principalType: directory.state.people.has(assignment.principalId) ? "User" : "ServicePrincipal",
    resourceDisplayName: nameOf(assignment.resourceId),
  };
}
