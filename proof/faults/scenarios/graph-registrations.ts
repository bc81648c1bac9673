import { DAY, MINUTE, SECOND } from "../../../shared/limits.ts";
import { graphSays } from "../../strikes/refusals.ts";
import { isWrite } from "../../strikes/requests.ts";
import type { Scenario } from "../scenario.ts";
import type { Scene } from "../scene.ts";

const PRINCIPAL = { service: "graph", method: "PATCH", path: /\/servicePrincipals\(/ } as const;
const GRANT = { service: "graph", method: "POST", path: /\/oauth2PermissionGrants$/ } as const;

/** Faults of Graph when registrations are made. */
export const GRAPH_REGISTRATIONS: Scenario[] = [
  {
    fault: 12,
    variant: "20 s",
    title: "A new application is not known everywhere when its service principal is made",
    source: "hashicorp/terraform-provider-azuread#611, Azure/azure-cli#14767",
    injected: "Graph knows a new object after twenty seconds (400 does not reference a valid application object)",
    from: "empty",
    repeats: { path: "provision" },
    async play(scene) {
      scene.cloud.directory.replication = { objects: 20 * SECOND, secrets: 0, reads: 0 };
      const { status } = await scene.post("provision");
      scene.verify("tried again within the call until it was", status === 200);
      await calm(scene);
    },
  },
  {
    fault: 12,
    variant: "3 min",
    title: "The same for longer than a call may take",
    source: "microsoftgraph/msgraph-bicep-types#193",
    injected: "Graph knows a new object after three minutes",
    from: "empty",
    repeats: { path: "provision" },
    async play(scene) {
      scene.cloud.directory.replication = { objects: 3 * MINUTE, secrets: 0, reads: 0 };
      const { status } = await scene.converge("provision");
      scene.verify("answered 202 until it was, and made nothing twice", status === 200 && registrations(scene) === 2);
      await calm(scene);
    },
  },
  {
    fault: 12,
    variant: "403",
    title: "The same in the words that an owner hears",
    source: "hashicorp/terraform-provider-azuread#652, Azure/bicep#16811",
    injected:
      'the service principal is refused with 403 "the backing application … must in the local tenant" three times',
    from: "empty",
    repeats: { path: "provision" },
    play: refusedAtFirst(PRINCIPAL, [
      403,
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ]),
  },
  {
    fault: 12,
    variant: "404",
    title: "The same as not found",
    source: "KelvinTegelaar/CIPP-API#1955",
    injected: "the service principal is refused with 404 three times",
    from: "empty",
    repeats: { path: "provision" },
    play: refusedAtFirst(PRINCIPAL, [
      404,
      "Request_ResourceNotFound",
      "Resource does not exist or one of its queried reference-property objects are not present.",
    ]),
  },
  {
    fault: 18,
    title: "The App ID URI is refused after the application was made",
    source: "microsoft/o365-moodle#2870, hashicorp/terraform-provider-azuread#635",
    injected: "setting the App ID URI is answered 400 HostNameNotOnVerifiedDomain once",
    from: "empty",
    repeats: { path: "provision" },
    async play(scene) {
      const where = { service: "graph", method: "PATCH", body: /^\{"identifierUris"/ } as const;
      const message =
        "Values of identifierUris property must use a verified domain of the organization or its subdomain";
      const refused = scene.inject(where, graphSays(400, ["HostNameNotOnVerifiedDomain", message]));
      const { status } = await scene.post("provision");
      scene.verify("failed loudly", status === 502);
      refused.end();
    },
  },
  {
    fault: 19,
    title: "Scopes, and those who are allowed them beforehand, cannot be changed at will",
    source: "pnp/cli-microsoft365 (app-add.ts); Microsoft Learn: permissionScope resource type",
    injected: "by hand our scope is disabled, another one is added, and a client is pre-authorized for it",
    from: "registered",
    repeats: { path: "provision" },
    async play(scene) {
      changeScopesByHand(scene);
      scene.sent.forget();
      const { status } = await scene.post("provision");
      const refused = scene.sent.exchanges.some((exchange) => exchange.service === "graph" && exchange.status >= 400);
      const bodies = scene.sent.exchanges.filter(isWrite).map(({ body }) => body);
      scene.verify(
        "enabled the scope again with one request that Graph accepts",
        status === 200 && !refused && bodies.length === 1,
      );
      scene.verify(
        "left what it does not own",
        !bodies.join().includes("preAuthorizedApplications") && hasForeignScope(scene),
      );
    },
  },
  {
    fault: 17,
    variant: "provision",
    title: "A Graph permission of the identity is not effective for a day",
    source: "MicrosoftDocs/azure-docs#85676",
    injected: "Application.ReadWrite.OwnedBy is given after the first call; the token without it lives for a day",
    from: "empty",
    given: {
      graphPermissions: [
        "DelegatedPermissionGrant.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "Application.Read.All",
      ],
    },
    repeats: { path: "provision" },
    async play(scene) {
      const { cloud } = scene;
      const { status, body } = await scene.post("provision");
      const named = JSON.stringify(body).includes("Application.ReadWrite.OwnedBy");
      scene.verify(
        "named the permission that is missing, and made nothing",
        named && status === 409 && registrations(scene) === 0,
      );
      cloud.directory.grantGraphPermission(cloud.app.objectId, "Application.ReadWrite.OwnedBy");
      await scene.clock.advance(DAY);
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

async function calm(scene: Scene): Promise<void> {
  scene.cloud.directory.replication = { objects: 0, secrets: 0, reads: 0 };
  await scene.clock.advance(MINUTE);
}

function registrations({ cloud }: Scene): number {
  return cloud.directory.applications().filter(({ uniqueName }) => uniqueName !== null).length;
}

const FOREIGN_SCOPE = "4d2f3c0e-9f0b-4d61-8a36-5a1c1d2b7e01";

function changeScopesByHand({ cloud }: Scene): void {
  const { applications } = cloud.directory.state;
  const server = applications.list().find(({ uniqueName }) => uniqueName === "openmetadata-server");
  const [ours] = server?.api.oauth2PermissionScopes ?? [];
  if (!server || !ours) throw new Error("The server registration has no scope");
  const theirs = { ...ours, id: FOREIGN_SCOPE, value: "Reports.Read" };
  const client = { appId: "b1f9c2de-0f3a-4a77-9c55-6b1a6f0d2c11", delegatedPermissionIds: [FOREIGN_SCOPE] };
  applications.put(server.id, {
    ...server,
    api: {
      ...server.api,
      oauth2PermissionScopes: [{ ...ours, isEnabled: false }, theirs],
      preAuthorizedApplications: [client],
    },
  });
}

function hasForeignScope({ cloud }: Scene): boolean {
  const server = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-server");
  const scopes = server?.api.oauth2PermissionScopes ?? [];
  const isPreAuthorized = server?.api.preAuthorizedApplications.length === 1;
  return isPreAuthorized && scopes.length === 2 && scopes.every(({ isEnabled }) => isEnabled);
}
