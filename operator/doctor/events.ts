import { z } from "zod";
import type { AzureResources } from "./azure-resources.ts";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";

const API = "2025-02-15";
const topic = z.object({ id: z.string(), name: z.string(), properties: z.object({ source: z.string() }) });
const target = z.object({
  endpointType: z.string(),
  properties: z.object({ resourceId: z.string().nullish(), queueName: z.string().nullish() }).nullish(),
});
const subscription = z.object({
  name: z.string(),
  properties: z.object({
    provisioningState: z.string(),
    destination: target.nullish(),
    deliveryWithResourceIdentity: z.object({ destination: target }).nullish(),
    filter: z
      .object({ includedEventTypes: z.array(z.string()).nullish(), subjectBeginsWith: z.string().nullish() })
      .nullish(),
  }),
});
export type Subscription = z.output<typeof subscription>;
const metric = z.object({
  name: z.object({ value: z.string() }),
  timeseries: z.array(z.object({ data: z.array(z.object({ total: z.number().nullish() })) })),
});

/** What the app wants to hear of; the alert on expiry has a subscription of its own. */
const WANTED = ["SecretNewVersionCreated", "SecretNearExpiry", "SecretExpired"].map(
  (one) => `Microsoft.KeyVault.${one}`,
);
const DAY = 24 * 60 * 60 * 1000;
const DEPLOY = "Deploy infra/ again (with azd: azd provision events)";

/** What is the app's own; undefined where that is not known. */
interface Own {
  /** Resource id of the function app. */
  appId: string | undefined;
  /** Name of its storage account. */
  account: string | undefined;
  /** Names of its secrets in the vault. */
  secrets: readonly string[];
}

/** The storage account of the app setting AzureWebJobsStorage__queueServiceUri. */
export function accountOf(queueServiceUri: string | undefined): string | undefined {
  return /^https:\/\/([a-z0-9]{3,24})\.queue\./.exec(queueServiceUri ?? "")?.[1];
}

/** Whether events of the vault reach the app. */
export async function lookAtEvents(
  azure: AzureResources,
  { vaultId, now, ...owned }: Own & { vaultId: string; now: Date },
): Promise<Finding[]> {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(vaultId)?.[0] ?? "";
  const topics = await azure.list(`${group}/providers/Microsoft.EventGrid/systemTopics`, API, topic);
  if (!topics)
    return [
      unseen("events", "you may not read the system topics of the vault's resource group", "Ask as a Reader of it"),
    ];
  const own = topics.find(({ properties }) => properties.source.toLowerCase() === vaultId.toLowerCase());
  if (!own)
    return [
      red(
        "events",
        "the vault has no system topic in its resource group: new secrets are delivered by the timer only",
        DEPLOY,
      ),
    ];
  const subscriptions = await azure.list(`${own.id}/eventSubscriptions`, API, subscription);
  if (!subscriptions)
    return [unseen("events", `you may not read the subscriptions of ${own.name}`, "Ask as a Reader of it")];
  return [...judgeSubscriptions(subscriptions, owned), await judgeDelivery(azure, own, now)];
}

/** Pure. */
export function judgeSubscriptions(subscriptions: readonly Subscription[], { secrets, ...owned }: Own): Finding[] {
  return WANTED.map((type) => {
    const some = subscriptions.filter(
      (one) => reaches(one, owned) && (one.properties.filter?.includedEventTypes ?? [type]).includes(type),
    );
    const broken = some.find(({ properties }) => properties.provisioningState !== "Succeeded");
    if (some.length === 0) return red("events", `no subscription sends ${type} to the app`, DEPLOY);
    if (broken)
      return red(
        "events",
        `the subscription ${broken.name} is ${broken.properties.provisioningState}`,
        `Delete it, then: ${DEPLOY}`,
      );
    const deaf = secrets.find((secret) => !some.some((one) => hears(one, secret)));
    if (deaf)
      return red(
        "events",
        `${type} of ${deaf} is filtered out (${some.map(({ name }) => name).join(", ")})`,
        "Correct secretNamePrefix and deploy infra/ again",
      );
    return ok("events", `${type} goes to ${some.map(destinationOf).join(", ")}`);
  });
}

function targetOf({ properties }: Subscription): z.output<typeof target> | undefined {
  return properties.destination ?? properties.deliveryWithResourceIdentity?.destination;
}

function destinationOf(one: Subscription): string {
  const { endpointType, properties } = targetOf(one) ?? { endpointType: "nowhere" };
  const { resourceId, queueName } = properties ?? {};
  return queueName ? `the queue ${queueName}` : `${endpointType} ${resourceId?.split("/").at(-1) ?? ""}`.trim();
}

/** Others may share the topic: what goes to their app or storage account does not reach this one. A webhook may be the app's under another name. */
function reaches(one: Subscription, { appId, account }: Omit<Own, "secrets">): boolean {
  const { endpointType = "", properties } = targetOf(one) ?? {};
  const target = (properties?.resourceId ?? "").toLowerCase();
  switch (endpointType) {
    case "WebHook":
      return true;
    case "StorageQueue":
      return account === undefined || target.endsWith(`/storageaccounts/${account}`);
    case "AzureFunction":
      return appId === undefined || target.startsWith(`${appId.toLowerCase()}/`);
    default:
      return false;
  }
}

function hears({ properties }: Subscription, secret: string): boolean {
  return secret.toLowerCase().startsWith((properties.filter?.subjectBeginsWith ?? "").toLowerCase());
}

async function judgeDelivery(azure: AzureResources, { id, name }: z.output<typeof topic>, now: Date): Promise<Finding> {
  const names = ["DeliverySuccessCount", "DeliveryAttemptFailCount", "DeadLetteredCount", "DroppedEventCount"];
  const timespan = `${new Date(now.getTime() - 7 * DAY).toISOString()}/${now.toISOString()}`;
  const query = { metricnames: names.join(","), timespan, interval: "P1D", aggregation: "Total" };
  const metrics = await azure.list(`${id}/providers/Microsoft.Insights/metrics`, "2024-02-01", metric, query);
  if (!metrics) return unseen("events", `you may not read the metrics of ${name}`, "Ask as a Monitoring Reader");
  return judgeCounts(names.map((one) => sum(metrics.find(({ name: found }) => found.value === one))));
}

/** Of seven days. Pure. */
export function judgeCounts([delivered = 0, failed = 0, dead = 0, dropped = 0]: readonly number[]): Finding {
  const counts = `in seven days ${delivered} delivered, ${failed} attempts failed, ${dead} dead letters, ${dropped} dropped`;
  if (dead + dropped > 0 || (failed > 0 && delivered === 0)) {
    return red(
      "events",
      counts,
      "See the subscription's delivery failures in the portal; until they are fixed, the timer does the work",
    );
  }
  return delivered === 0
    ? notice("events", `${counts}; Key Vault raises none between two rotations`)
    : ok("events", counts);
}

function sum(found: z.output<typeof metric> | undefined): number {
  return (found?.timeseries ?? []).flatMap(({ data }) => data).reduce((total, { total: one }) => total + (one ?? 0), 0);
}
