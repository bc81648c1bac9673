import { MINUTE } from "../../../shared/limits.ts";
import { graphSays } from "../../strikes/refusals.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const PRINCIPAL = { service: "graph", method: "PATCH", path: /\/servicePrincipals\(/ } as const;
const ASSIGN = { service: "graph", method: "POST", path: /\/appRoleAssignedTo$/ } as const;
const GRANT = { service: "graph", method: "POST", path: /\/oauth2PermissionGrants$/ } as const;

/** Faults of Graph when consent is given. */
export const GRAPH_CONSENT: Scenario[] = [
  {
    fault: 13,
    variant: "app role",
    title: "A new service principal cannot be given a role for minutes",
    source: "microsoftgraph/msgraph-bicep-types#193, Azure/azure-cli#14144",
    injected: 'the assignment is refused with 400 "Not a valid reference update" for five minutes',
    from: "registered",
    repeats: { path: "consent" },
    play: refusedFor(5 * MINUTE, ASSIGN, [400, "Request_BadRequest", "Not a valid reference update."]),
  },
  {
    fault: 13,
    variant: "grant",
    title: "The same for delegated permissions",
    source: "hashicorp/terraform-provider-azuread#652",
    injected: "the grant is refused with 404 for five minutes",
    from: "registered",
    repeats: { path: "consent" },
    play: refusedFor(5 * MINUTE, GRANT, [
      404,
      "Request_ResourceNotFound",
      "Resource does not exist or one of its queried reference-property objects are not present.",
    ]),
  },
  {
    fault: 14,
    title: "Consent finds the permissions out of date, because the scope is new",
    source: "microsoft/AzureTRE#802",
    injected: 'the grant is refused with 400 "permissions … are invalid or out of date" three times',
    from: "registered",
    repeats: { path: "consent" },
    play: refusedAtFirst(
      GRANT,
      [400, "Request_BadRequest", "One or more permissions requested by the application are invalid or out of date."],
      "consent",
    ),
  },
  {
    fault: 15,
    title: "A grant was accepted, and reads do not show it",
    source: "microsoft-graph-docs-contrib#2459",
    injected: "Graph's answers to GET are a minute old; a pipeline calls twice at once after the other",
    from: "registered",
    repeats: { path: "consent" },
    async play(scene) {
      scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: MINUTE };
      await scene.post("consent");
      const { status } = await scene.converge("consent");
      const { directory } = scene.cloud;
      const once = directory.grants().length === 2 && consentedRoles(scene) === 1;
      scene.verify('understood "already exists", and granted everything once', status === 200 && once);
      await calm(scene);
    },
  },
  {
    fault: 17,
    variant: "consent",
    title: "The identity may not consent",
    source: "MicrosoftDocs/azure-docs#85676",
    injected: "both permissions for consent are missing; an administrator gives them, and the app is restarted",
    from: "registered",
    given: { graphPermissions: ["Application.ReadWrite.OwnedBy", "Policy.Read.All"] },
    repeats: { path: "consent" },
    async play(scene) {
      const { body } = await scene.post("consent");
      const { permissions, adminConsentUrls } = body as { permissions?: string[]; adminConsentUrls?: string[] };
      scene.verify("named what is missing and the links by which a person consents", adminConsentUrls?.length === 1);
      for (const permission of [...(permissions ?? []), "AppRoleAssignment.ReadWrite.All", "Application.Read.All"]) {
        scene.cloud.directory.grantGraphPermission(scene.cloud.app.objectId, permission);
      }
      await scene.setting.restart();
    },
  },
];

type Refused = [status: 400 | 403 | 404, code: string, message: string];

function refusedAtFirst(
  where: typeof PRINCIPAL | typeof GRANT,
  [status, code, message]: Refused,
  path: "provision" | "consent" = "provision",
): Scenario["play"] {
  return async (scene) => {
    const refused = scene.inject({ ...where, times: 3 }, graphSays(status, [code, message]));
    const answer = await scene.post(path);
    scene.verify("tried again within the call", answer.status === 200 && refused.hits() > 3);
    refused.end();
  };
}

function refusedFor(
  milliseconds: number,
  where: typeof ASSIGN | typeof GRANT,
  [status, code, message]: Refused,
): Scenario["play"] {
  return async (scene) => {
    const until = scene.clock.now().getTime() + milliseconds;
    const refusal = graphSays(status, [code, message]);
    const refused = scene.inject(where, () => (scene.clock.now().getTime() < until ? refusal : undefined));
    const answer = await scene.converge("consent");
    scene.verify("answered 202 until it went through", answer.status === 200 && scene.answers.length > 1);
    refused.end();
  };
}

async function calm(scene: Scene): Promise<void> {
  scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
  await scene.clock.advance(MINUTE);
}

function consentedRoles({ cloud }: Scene): number {
  const ingestion = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-ingestion");
  const principal = cloud.directory.servicePrincipals().find(({ appId }) => appId === ingestion?.appId);
  return cloud.directory.assignments().filter(({ principalId }) => principalId === principal?.id).length;
}
