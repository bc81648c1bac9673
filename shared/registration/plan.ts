import type { Application, Changes, Desired } from "./application.ts";
import { differences } from "./differences.ts";

/**
 * Brings one app registration to its desired state.
 *
 *   application   differs   service principal   steps
 *   -----------   -------   -----------------   ---------------------------------------------
 *   missing       -         -                   create-registration, create-service-principal
 *   there         no        there               none
 *   there         yes       there               update-registration
 *   there         -         missing             (update-registration,) create-service-principal
 *
 * Only differences are written, see `differences.ts`; one that was made by hand and is adopted is only ever added to,
 * see `adoption.ts`.
 */

export interface Observed {
  application: Application | undefined;
  servicePrincipalId: string | undefined;
}

export type Step =
  | { kind: "create-registration"; because: string; target: string; body: Changes }
  | { kind: "update-registration"; because: string; target: string; changes: Changes }
  | { kind: "create-service-principal"; because: string; target: string };

/** Plans the steps, in order. Pure. */
export function planRegistration(desired: Desired, { application, servicePrincipalId }: Observed): Step[] {
  const target = desired.uniqueName;
  const because = "does not exist";
  const createPrincipal: Step = { kind: "create-service-principal", because, target };
  if (!application) {
    return [
      { kind: "create-registration", because, target, body: differences(desired, EMPTY).changes },
      createPrincipal,
    ];
  }
  const steps: Step[] = [];
  const { changes, fields } = differences(desired, application);
  if (fields.length > 0) {
    steps.push({ kind: "update-registration", because: `differs in ${fields.join(", ")}`, target, changes });
  }
  if (!servicePrincipalId) steps.push(createPrincipal);
  return steps;
}

/** A registration into which nobody has put anything yet. */
export const EMPTY: Application = {
  id: "",
  appId: "",
  identifierUris: [],
  spa: { redirectUris: [] },
  web: { redirectUris: [] },
  api: { oauth2PermissionScopes: [] },
  appRoles: [],
  requiredResourceAccess: [],
  optionalClaims: { idToken: [], accessToken: [], saml2Token: [] },
};
