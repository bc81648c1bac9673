import { createArm } from "../../local/cloud/arm/create-arm.ts";
import type { Cloud } from "../../local/cloud/cloud.ts";
import { createLogs } from "../../local/cloud/logs/create-logs.ts";
import { serve } from "../../local/cloud/serve.ts";

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/openmetadata";
export const VAULT_ID = `${GROUP}/providers/Microsoft.KeyVault/vaults/openmetadata-kv`;
export const APP_ID = `${GROUP}/providers/Microsoft.Web/sites/func-openmetadata`;
export const TOPIC_ID = `${GROUP}/providers/Microsoft.EventGrid/systemTopics/evgst-openmetadata`;
export const OFFICER =
  "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const APPLICATION_ID = "5f6a2c1e-0000-4000-8000-00000000a123";
const ARM = "https://management.azure.com";
const INSIGHTS = "https://api.applicationinsights.io";

/** Azure as infra/ would have made it around the app, and an operator who may look at all of it. */
export async function openAzure(cloud: Cloud) {
  const { directory, entra, wire, certificate } = cloud;
  const verify = async (token: string) => ({ objectId: String((await directory.keys.verify(token, new Date())).oid) });
  const arm = createArm({ verify, appService: cloud.appService.app });
  const logs = createLogs({ verify, applicationId: APPLICATION_ID });
  const served = await Promise.all([
    serve(arm.app, { service: "arm", host: "management.localhost", certificate, wire }),
    serve(logs.app, { service: "arm", host: "localhost", certificate, wire }),
  ]);
  const operator = directory.createManagedIdentity({ displayName: "operator", graphPermissions: [] });
  arm.letRead(operator.objectId);
  cloud.storageQueue.grant(operator.objectId, "Storage Queue Data Reader");
  const settings = {
    ...cloud.settings,
    APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=x;ApplicationId=${APPLICATION_ID}`,
  };
  const site = await cloud.appService.addSite({ name: "func-openmetadata", settings });
  cloud.appService.grant(operator.objectId, ["list"], APP_ID);
  furnish(cloud, arm);
  const audiences: Record<string, string> = {
    [`api://${cloud.app.audience}`]: cloud.app.audience,
    [served[0].url]: ARM,
    [served[1].url]: INSIGHTS,
    "https://storage.azure.com": "https://storage.azure.com",
  };
  return {
    arm,
    logs,
    operator,
    /** App settings beside or instead of those that the app runs with. */
    configure: (changed: Record<string, string>) => site.configure({ ...settings, ...changed }),
    urls: { arm: served[0].url, insights: served[1].url },
    tokenFor(scope: string, roles = ["Automation.Read"]): Promise<string> {
      const aud = audiences[scope.replace(/\/\.default$/, "")];
      if (aud === undefined) throw new Error(`AADSTS500011: nobody is called ${scope}`);
      return entra.issueToken({ aud, oid: operator.objectId, sub: operator.objectId, roles });
    },
    close: async () => void (await Promise.all(served.map((one) => one.close()))),
  };
}

export type Azure = Awaited<ReturnType<typeof openAzure>>;

function furnish({ app, urls }: Cloud, arm: Azure["arm"]): void {
  arm.put(APP_ID, { properties: { state: "Running", defaultHostName: "func-openmetadata.azurewebsites.net" } });
  arm.put(VAULT_ID, {
    properties: { vaultUri: `${urls.vault}/`, enableRbacAuthorization: true, enablePurgeProtection: true },
  });
  arm.put(OFFICER, {
    properties: {
      roleName: "Key Vault Secrets Officer",
      permissions: [
        { actions: [], notActions: [], dataActions: ["Microsoft.KeyVault/vaults/secrets/*"], notDataActions: [] },
      ],
    },
  });
  arm.put(`${VAULT_ID}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-000000000001`, {
    properties: { roleDefinitionId: OFFICER, principalId: app.objectId, scope: VAULT_ID },
  });
  arm.put(TOPIC_ID, { properties: { source: VAULT_ID, topicType: "Microsoft.KeyVault.vaults" } });
  subscribe(arm, "prod-new-version", { function: "push-client-secret", types: ["SecretNewVersionCreated"] });
  subscribe(arm, "prod-near-expiry", {
    function: "rotate-on-near-expiry",
    types: ["SecretNearExpiry", "SecretExpired"],
  });
  alertOnExpiry(arm);
  arm.count(TOPIC_ID, { DeliverySuccessCount: 2 });
}

/** A subscription as infra/modules/subscriptions.bicep makes it. */
export function subscribe(
  arm: Azure["arm"],
  name: string,
  given: { function: string; types: string[]; state?: string; prefix?: string },
): void {
  arm.put(`${TOPIC_ID}/eventSubscriptions/${name}`, {
    properties: {
      provisioningState: given.state ?? "Succeeded",
      destination: {
        endpointType: "AzureFunction",
        properties: { resourceId: `${APP_ID}/functions/${given.function}` },
      },
      filter: {
        includedEventTypes: given.types.map((type) => `Microsoft.KeyVault.${type}`),
        subjectBeginsWith: given.prefix ?? "",
      },
    },
  });
}

/** The subscription that infra/modules/expiry-alert.bicep makes. */
export function alertOnExpiry(arm: Azure["arm"], given: { actionGroups?: string[]; prefix?: string } = {}): void {
  const { actionGroups = [`${GROUP}/providers/Microsoft.Insights/actionGroups/ag-openmetadata`], prefix = "" } = given;
  arm.put(`${TOPIC_ID}/eventSubscriptions/prod-expired`, {
    properties: {
      provisioningState: "Succeeded",
      destination: { endpointType: "MonitorAlert", properties: { severity: "Sev1", actionGroups } },
      filter: { includedEventTypes: ["Microsoft.KeyVault.SecretExpired"], subjectBeginsWith: prefix },
    },
  });
}
