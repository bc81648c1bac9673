import { type Case, expect, items, NotThere, record, type Tenant } from "../case.ts";
import { look, lookAtAll, propertiesOf } from "../look.ts";

const API = "?api-version=2025-02-15";
const DAY = 24 * 60 * 60 * 1000;
const DAYS = 30;

interface Subscription {
  name: string;
  state: string;
  kind: string;
  /** What it delivers to. */
  target: string;
  withIdentity: boolean;
}

/** The event subscriptions of the topic that go to one kind of place. */
async function subscriptionsTo({ arm, named }: Tenant, kind: string): Promise<Subscription[]> {
  const all = (await lookAtAll(arm, `${named("topic")}/eventSubscriptions${API}`)).map((one) => {
    const { destination, deliveryWithResourceIdentity, provisioningState } = propertiesOf(one);
    const withIdentity = record(record(deliveryWithResourceIdentity).destination);
    const { endpointType, properties } = destination ? record(destination) : withIdentity;
    return {
      name: String(one.name),
      state: String(provisioningState),
      kind: String(endpointType),
      target: String(record(properties).resourceId),
      withIdentity: !destination,
    };
  });
  const some = all.filter((one) => one.kind === kind);
  if (some.length === 0) throw new NotThere(`the topic has no subscription of the kind ${kind}`);
  return some;
}

/** How many events went to these subscriptions in the last days; Learn: "Supported metrics for Microsoft.EventGrid/systemTopics". */
async function delivered({ arm, named, now }: Tenant, to: readonly Subscription[]): Promise<number> {
  const query = new URLSearchParams({
    "api-version": "2024-02-01",
    metricnames: "DeliverySuccessCount",
    timespan: `${new Date(now().getTime() - DAYS * DAY).toISOString()}/${now().toISOString()}`,
    interval: "P1D",
    aggregation: "Total",
    $filter: "EventSubscriptionName eq '*'",
  });
  const path = `${named("topic")}/providers/Microsoft.Insights/metrics?${query}`;
  const names = to.map(({ name }) => name.toLowerCase());
  const series = items(await look(arm, path, "Monitoring Reader"))
    .flatMap((metric) => items(metric, "timeseries"))
    .filter((one) => items(one, "metadatavalues").some(({ value }) => names.includes(String(value).toLowerCase())));
  return series.flatMap((one) => items(one, "data")).reduce((sum, { total }) => sum + (Number(total) || 0), 0);
}

function expectMade(some: readonly Subscription[]): void {
  const bad = some.find(({ state }) => state !== "Succeeded");
  expect(bad === undefined, `one is ${bad?.state}`);
}

const seen = (count: number): string => `${count} events in ${DAYS} days`;

/** A system topic of a vault, as infra/ or somebody else has made it; it is only looked at. */
export const TOPIC: Case[] = (
  [
    {
      id: "topic-function",
      claim: "a subscription to a function (AzureFunction) delivers without a key of ours: the platform has its own",
      async run(tenant) {
        const some = await subscriptionsTo(tenant, "AzureFunction");
        expectMade(some);
        const count = await delivered(tenant, some);
        if (count === 0) throw new NotThere("no event went there lately: rotate once, and look again an hour later");
        return seen(count);
      },
    },
    {
      id: "topic-alert",
      claim: "a topic of Key Vault takes a subscription that raises an alert (MonitorAlert)",
      async run(tenant) {
        expectMade(await subscriptionsTo(tenant, "MonitorAlert"));
        return undefined;
      },
    },
    {
      id: "topic-alert-delivers",
      claim: "an expired secret reaches Azure Monitor by such a subscription",
      async run(tenant) {
        const count = await delivered(tenant, await subscriptionsTo(tenant, "MonitorAlert"));
        if (count === 0)
          throw new NotThere(
            "no secret has expired lately: set one that expires in some minutes (az keyvault secret set --expires), and look again an hour later",
          );
        return seen(count);
      },
    },
    {
      id: "topic-trusted",
      claim: "a topic reaches a queue of a storage account without public access, as a trusted service",
      async run(tenant) {
        const closed: Subscription[] = [];
        for (const one of await subscriptionsTo(tenant, "StorageQueue")) {
          const account = propertiesOf(await look(tenant.arm, `${one.target}?api-version=2025-06-01`));
          if (account.publicNetworkAccess === "Disabled" && one.withIdentity) closed.push(one);
        }
        if (closed.length === 0) throw new NotThere("its subscriptions go to storage accounts with public access");
        expectMade(closed);
        const count = await delivered(tenant, closed);
        if (count === 0) throw new NotThere("no event went there lately: rotate once, and look again an hour later");
        return seen(count);
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["topic"] }));
