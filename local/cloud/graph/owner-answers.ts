import type { Directory } from "../directory/create-directory.ts";
import { servicePrincipalAnswer } from "./service-principals/service-principal-answer.ts";

/** Owners as Graph shows them: service principals in full; of people nothing is modelled but that they are there. */
export function ownerAnswers(owners: string[], directory: Directory): object[] {
  return owners.flatMap((id) => {
    const principal = directory.state.servicePrincipals.get(id);
    if (principal) {
      return [{ "@odata.type": "#microsoft.graph.servicePrincipal", ...servicePrincipalAnswer(principal, directory) }];
    }
    return directory.state.people.has(id) ? [{ "@odata.type": "#microsoft.graph.user", id, displayName: null }] : [];
  });
}
