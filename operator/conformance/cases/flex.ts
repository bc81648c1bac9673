import { type Case, expect, expectSeen, inWords, items, NotThere, record, type Tenant } from "../case.ts";
import { groupOf, look, propertiesOf } from "../look.ts";

const API = "?api-version=2025-03-01";
const STACKS = "api-version=2020-10-01&stack=node&removeHiddenStacks=true&removeDeprecatedStacks=true";

/** The function app, and what it is on. */
export async function flexApp({ arm, named }: Pick<Tenant, "arm" | "named">): Promise<Record<string, unknown>> {
  const site = await look(arm, `${named("app")}${API}`);
  if (propertiesOf(site).functionAppConfig === undefined) throw new NotThere("the app is not on Flex Consumption");
  return site;
}

/** The versions of Node that a region offers on Flex Consumption, as `az functionapp list-flexconsumption-runtimes` reads them. */
function offeredIn(json: unknown): string[] {
  const minors = items(json)
    .flatMap((stack) => items(propertiesOf(stack), "majorVersions"))
    .flatMap((major) => items(major, "minorVersions"));
  const skus = minors
    .map((minor) => record(record(minor.stackSettings).linuxRuntimeSettings))
    .flatMap((settings) => ["Sku", "sku", "skus"].flatMap((name) => items(settings, name)))
    .filter(({ skuCode }) => skuCode === "FC1");
  return skus.map((sku) => String(record(record(sku.functionAppConfigProperties).runtime).version));
}

/** A function app on Flex Consumption that infra/ has made; it is only looked at. */
export const FLEX: Case[] = (
  [
    {
      id: "flex-offers-node-24",
      claim: "Flex Consumption offers Node 24 in the region of the app",
      async run(tenant) {
        const region = String((await flexApp(tenant)).location)
          .toLowerCase()
          .replaceAll(" ", "");
        const stacks = await look(
          tenant.arm,
          `/providers/Microsoft.Web/locations/${region}/functionAppStacks?${STACKS}`,
        );
        const offered = offeredIn(stacks);
        expect(offered.includes("24"), `it offers ${offered.join(", ") || "no Node"}`);
        return `in ${region}: ${offered.join(", ")}`;
      },
    },
    {
      id: "flex-runs-node-24",
      claim: "an app on Flex Consumption with Node 24 runs",
      async run(tenant) {
        const { state, functionAppConfig } = propertiesOf(await flexApp(tenant));
        const { name, version } = record(record(functionAppConfig).runtime);
        if (name !== "node" || version !== "24") throw new NotThere(`the app is on ${name} ${version}`);
        expect(state === "Running", `it is ${state}`);
        return undefined;
      },
    },
    {
      id: "queue-count-metric",
      claim: "the queues of the app's storage account have the metric QueueMessageCount",
      async run(tenant) {
        const { functionAppConfig } = propertiesOf(await flexApp(tenant));
        const { value } = record(record(record(functionAppConfig).deployment).storage);
        const account = /^https:\/\/([a-z0-9]{3,24})\./.exec(String(value))?.[1];
        if (!account) throw new NotThere("the app names no storage account");
        const service = `${groupOf(tenant.named("app"))}/providers/Microsoft.Storage/storageAccounts/${account}/queueServices/default`;
        const path = `${service}/providers/Microsoft.Insights/metricDefinitions?api-version=2024-02-01`;
        const names = items(await look(tenant.arm, path, "Monitoring Reader")).map(({ name }) => record(name).value);
        expect(names.includes("QueueMessageCount"), `it has ${names.join(", ")}`);
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["app"] }));

/** What Flex Consumption refuses; only writing tells. */
export const FLEX_SETTINGS: Case[] = [
  {
    id: "flex-settings-refused",
    claim: "Flex Consumption refuses the app setting FUNCTIONS_WORKER_RUNTIME, and keeps the others as they are",
    needs: ["app", "settings"],
    makes: [
      "the app setting FUNCTIONS_WORKER_RUNTIME of the app, if it is taken; the app starts anew then, and once more",
    ],
    async run(tenant) {
      await flexApp(tenant);
      const seen = await tenant.addSetting(tenant.named("app"), "FUNCTIONS_WORKER_RUNTIME", "node");
      expectSeen(seen, { status: 400, says: "FUNCTIONS_WORKER_RUNTIME" });
      return inWords(seen);
    },
  },
];
