import { z } from "zod";
import type { AzureResources } from "./azure-resources.ts";
import { type Finding, notice, ok, red, unseen } from "./finding.ts";
import { DEPLOY_EVENTS, judgeSubscriptions, type Own, subscription } from "./subscriptions.ts";

const API = "2025-02-15";
const topic = z.object({ id: z.string(), name: z.string(), properties: z.object({ source: z.string() }) });
const metric = z.object({
  name: z.object({ value: z.string() }),
  timeseries: z.array(z.object({ data: z.array(z.object({ total: z.number().nullish() })) })),
});

const DAY = 24 * 60 * 60 * 1000;

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
        DEPLOY_EVENTS,
      ),
    ];
  const subscriptions = await azure.list(`${own.id}/eventSubscriptions`, API, subscription);
  if (!subscriptions)
    return [unseen("events", `you may not read the subscriptions of ${own.name}`, "Ask as a Reader of it")];
  return [...judgeSubscriptions(subscriptions, owned), await judgeDelivery(azure, own, now)];
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
