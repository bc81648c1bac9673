import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Hono } from "hono";
import { type Clock, movableClock } from "../../local/clock.ts";
import { createArm } from "../../local/cloud/arm/create-arm.ts";
import { provideResources } from "../../local/cloud/arm/providers.ts";
import { createFrontDoor } from "../../local/cloud/built-in-authentication/create-front-door.ts";
import { type Cloud, startCloud } from "../../local/cloud/cloud.ts";
import { serve } from "../../local/cloud/serve.ts";
import { NEEDS } from "../../operator/conformance/case.ts";
import type { Wanted } from "../../operator/conformance/run.ts";
import type { Access } from "../../operator/conformance/tenant.ts";

export const PREFIX = "openmetadata-entra-conformance";
const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/openmetadata";
const IDS = {
  app: `${GROUP}/providers/Microsoft.Web/sites/func-om`,
  topic: `${GROUP}/providers/Microsoft.EventGrid/systemTopics/evgst-om`,
  site: `${GROUP}/providers/Microsoft.Web/sites/om`,
  subscribe: `${GROUP}/providers/Microsoft.Storage/storageAccounts/stopenmetadata`,
  assign: `${GROUP}/providers/Microsoft.KeyVault/vaults/openmetadata-kv`,
} as const;
const SUBNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-om/subnets/snet-app`;
export const EVERYTHING: Wanted = { offered: NEEDS, only: [] };
export const PERMISSIONS = [
  "Application.ReadWrite.OwnedBy",
  "DelegatedPermissionGrant.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Application.Read.All",
  "RoleManagement.ReadWrite.Directory",
];

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A tenant, a subscription with everything that infra/ makes, and an operator with all that the cases may ask for. */
export async function openWorld(clock: Clock = movableClock(new Date("2031-03-03T12:00:00Z"))) {
  const cloud = await startCloud({ clock });
  const { directory, entra, appService, vault, storageQueue, wire, certificate } = cloud;
  const operator = directory.createManagedIdentity({ displayName: "operator", graphPermissions: PERMISSIONS });
  const topicIdentity = directory.createManagedIdentity({ displayName: "evgst-om", graphPermissions: [] });
  const verify = async (token: string) => ({ objectId: String((await directory.keys.verify(token, clock.now())).oid) });
  const arm = createArm({ verify, appService: appService.app });
  provideResources(arm, { ...cloud, topicIdentityId: topicIdentity.objectId });
  arm.letRead(operator.objectId);
  arm.letWrite(operator.objectId);
  vault.grant(operator.objectId, ["get", "list", "set", "update", "delete", "recover"]);
  storageQueue.grant(operator.objectId, "Storage Queue Data Reader");
  const flexSite = await addSites(cloud, operator.objectId);
  const status = new Hono().get("/api/status", (c) =>
    c.json({ deployments: [{ identity: { graphPermissions: { held: [], missing: [] } } }] }),
  );
  const idToken = await entra.issueToken({ aud: cloud.app.audience, sub: "a-person", roles: ["Automation.Read"] });
  status.get("/api/page", async (c) => {
    const shown = c.req.header("x-ms-token-aad-id-token") ?? "";
    const isGood = await directory.keys.verify(shown, clock.now()).then(Boolean, () => false);
    return c.json({}, isGood ? 200 : 401);
  });
  const audienceOf = async (token: string) => ({
    audience: String((await directory.keys.verify(token, clock.now())).aud),
  });
  const door = createFrontDoor({
    verify: audienceOf,
    audiences: [cloud.app.audience],
    excludedPaths: ["/runtime/webhooks/EventGrid"],
    sessions: new Map([["session-of-a-browser", { idToken }]]),
    app: status,
  });
  const served = await Promise.all([
    serve(arm.app, { service: "arm", host: "management.localhost", certificate, wire }),
    serve(door, { service: "arm", host: "localhost", certificate, wire }),
  ]);
  const [armUrl, appUrl] = served.map(({ url }) => url) as [string, string];
  furnish(arm, {
    appUrl,
    queueUrl: cloud.urls.queue,
    clientId: cloud.app.audience,
    topicIdentity: topicIdentity.objectId,
  });
  const events = await receive(cloud, clock);
  const audiences: Record<string, string> = {
    [cloud.urls.graph]: cloud.urls.graph,
    [armUrl]: "https://management.azure.com",
    // The challenge names the port.
    [`https://vault.localhost:${new URL(cloud.urls.vault).port}`]: "https://vault.localhost",
    [`api://${cloud.app.audience}`]: cloud.app.audience,
    "https://storage.azure.com": "https://storage.azure.com",
  };
  const access = (run: string, roles: string[] = PERMISSIONS, oid = operator.objectId): Access => ({
    graphUrl: cloud.urls.graph,
    authorityUrl: cloud.settings.AUTHORITY_HOST ?? "",
    armUrl,
    vaultUrl: cloud.urls.vault,
    ids: IDS,
    session: "session-of-a-browser",
    events,
    tenantId: directory.tenantId,
    ownId: oid,
    // A deleted application keeps its name, so each run has names of its own, as the command sees to.
    prefix: `${PREFIX}-${run}`,
    tokenFor: (scope) =>
      entra.issueToken({
        aud: audiences[scope.replace("/.default", "")] ?? scope,
        oid,
        sub: oid,
        roles,
      }),
    clock: { now: clock.now, wait: (milliseconds) => clock.advance(milliseconds) },
  });
  return {
    cloud,
    clock,
    arm,
    flexSite,
    operator,
    topicIdentityId: topicIdentity.objectId,
    access,
    appUrl,
    armUrl,
    ids: IDS,
    remains: () => remains(cloud, arm),
    /** What az would get for the operator, by resource. */
    async tokens(): Promise<Record<string, string>> {
      const { tokenFor } = access("tokens");
      const each = Object.keys(audiences).map(async (name) => [name, await tokenFor(`${name}/.default`)] as const);
      return Object.fromEntries(await Promise.all(each));
    },
    /** Time passes in the cloud while another process waits in real time. */
    keepMoving() {
      let moving = Promise.resolve();
      const timer = setInterval(() => {
        moving = moving.then(() => clock.advance(1_000));
      }, 50);
      return {
        async stop() {
          clearInterval(timer);
          await moving;
        },
      };
    },
    close: async () => {
      await Promise.all(served.map((one) => one.close()));
      await cloud.close();
    },
  };
}

async function addSites({ directory, vault, appService }: Cloud, operatorId: string) {
  const site = directory.createManagedIdentity({ displayName: "site", graphPermissions: [] });
  vault.grant(site.objectId, ["get"]);
  vault.setByHand("client-secret", "worth nothing");
  const { id } = await appService.addSite({
    name: "om",
    settings: { OIDC_CLIENT_SECRET: "@Microsoft.KeyVault(VaultName=openmetadata-kv;SecretName=client-secret)" },
    identityObjectId: site.objectId,
  });
  appService.grant(operatorId, ["read"], id);
  const app = await appService.addSite({ name: "func-om", settings: { PLAIN: "text" }, flex: true });
  appService.grant(operatorId, ["list", "write"], app.id);
  return app;
}

/** What infra/ leaves in Azure, in the topology restricted, and what the provider of Microsoft.Web tells anybody. */
function furnish(
  arm: ReturnType<typeof createArm>,
  given: { appUrl: string; queueUrl: string; clientId: string; topicIdentity: string },
): void {
  arm.put(IDS.app, {
    location: "Sweden Central",
    properties: {
      state: "Running",
      defaultHostName: new URL(given.appUrl).host,
      virtualNetworkSubnetId: SUBNET,
      functionAppConfig: {
        runtime: { name: "node", version: "24" },
        deployment: { storage: { value: "https://stopenmetadata.blob.core.windows.net/package" } },
      },
    },
  });
  arm.put(SUBNET, { properties: { addressPrefix: "10.0.0.0/26" } });
  arm.put(`${IDS.app}/config/authsettingsV2`, {
    properties: {
      platform: { enabled: true },
      globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
      identityProviders: { azureActiveDirectory: { registration: { clientId: given.clientId } } },
    },
  });
  const runtime = { name: "node", version: "24" };
  const settings = { linuxRuntimeSettings: { Sku: [{ skuCode: "FC1", functionAppConfigProperties: { runtime } }] } };
  arm.put("/providers/Microsoft.Web/locations/swedencentral/functionAppStacks/node", {
    properties: { value: "node", majorVersions: [{ value: "24", minorVersions: [{ stackSettings: settings }] }] },
  });
  arm.put("/providers/Microsoft.Authorization/providerOperations/Microsoft.Web", {
    resourceTypes: [{ name: "sites/config", operations: [{ name: "microsoft.web/sites/config/refresh/action" }] }],
  });
  arm.put(IDS.subscribe, {
    properties: { publicNetworkAccess: "Disabled", primaryEndpoints: { queue: `${given.queueUrl}/` } },
  });
  arm.put(`${IDS.subscribe}/queueServices/default/providers/Microsoft.Insights/metricDefinitions/1`, {
    name: { value: "QueueMessageCount" },
  });
  arm.put(IDS.topic, {
    identity: { type: "SystemAssigned", principalId: given.topicIdentity },
    properties: { source: IDS.assign, topicType: "Microsoft.KeyVault.vaults" },
  });
  subscribe(arm);
  deploy(arm);
}

/** A topic with a subscription of each kind; each has delivered. */
function subscribe(arm: ReturnType<typeof createArm>): void {
  const made = (name: string, properties: object): void => {
    arm.put(`${IDS.topic}/eventSubscriptions/${name}`, {
      properties: { provisioningState: "Succeeded", ...properties },
    });
    arm.countOf(IDS.topic, name, { DeliverySuccessCount: 2 });
  };
  made("evgs-function", {
    destination: { endpointType: "AzureFunction", properties: { resourceId: `${IDS.app}/functions/push` } },
  });
  made("evgs-expired", { destination: { endpointType: "MonitorAlert", properties: { actionGroups: [] } } });
  made("evgs-queue", {
    deliveryWithResourceIdentity: {
      destination: { endpointType: "StorageQueue", properties: { resourceId: IDS.subscribe, queueName: "q" } },
    },
  });
}

/** A deployment that has put the code there and then subscribed, each in a deployment of its own. */
function deploy(arm: ReturnType<typeof createArm>): void {
  const correlationId = "6a1f0c52-0000-4000-8000-00000000c0de";
  const operation = (name: string, target: { resourceType: string; id: string }, timestamp: string): void => {
    const deployment = `${GROUP}/providers/Microsoft.Resources/deployments/${name}`;
    arm.put(deployment, { properties: { correlationId, timestamp, provisioningState: "Succeeded" } });
    arm.put(`${deployment}/operations/1`, {
      properties: { targetResource: target, provisioningState: "Succeeded", timestamp },
    });
  };
  const onedeploy = { resourceType: "Microsoft.Web/sites/extensions", id: `${IDS.app}/extensions/onedeploy` };
  operation("app", onedeploy, "2031-03-01T10:00:00Z");
  const id = `${IDS.topic}/eventSubscriptions/evgs-function`;
  operation(
    "subscriptions",
    { resourceType: "Microsoft.EventGrid/systemTopics/eventSubscriptions", id },
    "2031-03-01T10:01:30Z",
  );
}

/** What a subscriber receives, in each of the schemas. */
async function receive(cloud: Cloud, clock: Clock): Promise<unknown[]> {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      const kind = request.headers["aeg-event-type"];
      if (request.method === "OPTIONS") response.setHeader("WebHook-Allowed-Origin", "*");
      if (kind === "Notification") received.push(JSON.parse(body));
      const code = kind === "SubscriptionValidation" ? JSON.parse(body)[0]?.data?.validationCode : undefined;
      response.end(code ? JSON.stringify({ validationResponse: code }) : "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const eventTypes = ["Microsoft.KeyVault.SecretNewVersionCreated"];
  await cloud.eventGrid.subscribe({ name: "grid", endpoint, eventTypes, schema: "EventGridSchema" });
  await cloud.eventGrid.subscribe({ name: "cloud", endpoint, eventTypes, schema: "CloudEventSchemaV1_0" });
  cloud.vault.setByHand("event-source", "worth nothing");
  await clock.advance(5_000);
  for (const name of ["grid", "cloud"]) cloud.eventGrid.unsubscribe(name);
  server.closeAllConnections();
  server.close();
  return received.flat();
}

/** Whatever the cases have made and that is still there. */
function remains({ directory, vault, storageQueue }: Cloud, arm: ReturnType<typeof createArm>): string[] {
  const { roles } = directory.state;
  const names = [
    ...directory.applications().map(({ uniqueName, displayName }) => uniqueName ?? displayName),
    ...vault
      .secrets()
      .filter(({ deleted }) => !deleted)
      .map(({ name }) => name),
    ...Object.keys(storageQueue.counts()),
    ...arm.ids(),
    ...[...roles.definitions.keys(), ...roles.assignments.keys()].map((id) => `${PREFIX} role ${id}`),
  ];
  return names.filter((name) => name.includes(PREFIX) || name.includes("roleAssignments"));
}

/** A queue that takes events as they are. @returns how to mend it. */
export function plain({ cloud }: World): () => void {
  const { put } = cloud.storageQueue;
  cloud.storageQueue.put = (name, text) => put(name, Buffer.from(text, "base64").toString("utf8"));
  return () => {
    cloud.storageQueue.put = put;
  };
}

/** Built-in authentication that asks nobody, so that the host answers. */
export function letIn({ cloud }: World): () => void {
  cloud.wire.faults.push(({ path }) =>
    path.startsWith("/api/") ? { kind: "answer", response: () => new Response(null, { status: 404 }) } : undefined,
  );
  return () => void cloud.wire.faults.splice(0);
}

/** Flex Consumption that takes whatever it is given. */
export function lenient({ flexSite }: World): () => void {
  flexSite.setFlex(false);
  return () => flexSite.setFlex(true);
}

/** A subscription of the topic to which nothing has gone, while there were events for the others. */
export function undelivered(name: string): (at: World) => () => void {
  return ({ arm }) => {
    arm.countOf(IDS.topic, name, { DeliverySuccessCount: 0 });
    return () => arm.countOf(IDS.topic, name, { DeliverySuccessCount: 2 });
  };
}

/** A vault that tells of a change of tags as of a new version. */
export function talkative({ cloud }: World): () => void {
  cloud.wire.faults.push(({ service, method, path }) => {
    const [, name = "", version = ""] = /^\/secrets\/([^/]+)\/([^/?]+)/.exec(path) ?? [];
    if (service !== "key-vault" || method !== "PATCH") return undefined;
    return {
      kind: "after",
      response(original) {
        cloud.eventGrid.publish({
          id: "another-event",
          eventType: "Microsoft.KeyVault.SecretNewVersionCreated",
          subject: name,
          eventTime: "2031-03-03T12:00:00.0000000Z",
          data: {
            Id: "",
            VaultName: "kv",
            ObjectType: "Secret",
            ObjectName: name,
            Version: version,
            NBF: null,
            EXP: null,
          },
        });
        return original;
      },
    };
  });
  return () => void cloud.wire.faults.splice(0);
}

/** A role over one application that is one over all. */
export function everywhere({ cloud }: World): () => void {
  const { roles, applications } = cloud.directory.state;
  cloud.wire.faults.push(({ method, path }) =>
    method === "POST" && path.endsWith("/roleAssignments")
      ? {
          kind: "after",
          response(original) {
            for (const [id, one] of [...roles.assignments])
              for (const { id: applicationId } of applications.list())
                roles.assignments.set(`${id}/${applicationId}`, { ...one, applicationId });
            return original;
          },
        }
      : undefined,
  );
  const clean = (): void => {
    for (const id of [...roles.assignments.keys()].filter((one) => one.includes("/"))) roles.assignments.delete(id);
  };
  // The copies are nobody's to remove.
  cloud.wire.faults.push(({ method, path }) => {
    if (method === "DELETE" && path.includes("/roleAssignments/")) clean();
    return undefined;
  });
  return () => void cloud.wire.faults.splice(0);
}

/** A vault that does not keep to the conditions of roles. */
export function unconditional({ cloud }: World): () => void {
  const { onlyNames } = cloud.vault;
  cloud.vault.onlyNames = () => {};
  return () => {
    cloud.vault.onlyNames = onlyNames;
  };
}

const DEPLOYMENT = `${GROUP}/providers/Microsoft.Resources/deployments/subscriptions`;
const RESOURCES = {
  app: IDS.app,
  alert: `${IDS.topic}/eventSubscriptions/evgs-expired`,
  operation: `${DEPLOYMENT}/operations/1`,
  deployment: DEPLOYMENT,
  function: `${IDS.topic}/eventSubscriptions/evgs-function`,
  account: IDS.subscribe,
  subnet: SUBNET,
  auth: `${IDS.app}/config/authsettingsV2`,
} as const;

/** A resource that shows itself otherwise. */
export function changed(name: keyof typeof RESOURCES, properties: object): (at: World) => () => void {
  return ({ cloud }) => {
    const other = async (original: Response): Promise<Response> => {
      const json = (await original.json()) as { value?: { id: string }[]; id?: string };
      const change = (one: object): object =>
        "id" in one && one.id === RESOURCES[name] && "properties" in one
          ? { ...one, properties: { ...(one.properties as object), ...properties } }
          : one;
      return Response.json(json.value ? { ...json, value: json.value.map(change) } : change(json));
    };
    cloud.wire.faults.push(({ service, method, path }) =>
      service === "arm" && method === "GET" && path.startsWith("/subscriptions/")
        ? { kind: "after", response: other }
        : undefined,
    );
    return () => void cloud.wire.faults.splice(0);
  };
}

/** For NODE_OPTIONS: has another process resolve names under .localhost, which not every system does. */
export const RESOLVE_LOCALHOST = `--import=data:text/javascript,${encodeURIComponent(
  "import dns from 'node:dns';const { lookup } = dns;dns.lookup = (name, ...rest) => lookup(name.endsWith('.localhost') ? '127.0.0.1' : name, ...rest);",
)}`;
