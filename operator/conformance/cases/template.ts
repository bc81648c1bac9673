import { type Call, type Case, Difference, NotThere, record } from "../case.ts";
import { groupOf, look, lookAtAll, propertiesOf } from "../look.ts";

const API = "api-version=2021-04-01";
/** Azure keeps 800 deployments of a group; each is one more question. */
const MOST = 60;
const SUBSCRIPTION = "microsoft.eventgrid/systemtopics/eventsubscriptions";
const PACKAGE = "microsoft.web/sites/extensions";

interface Operation {
  correlationId: string;
  type: string;
  id: string;
  state: string;
  said: string;
  endedOn: number;
}

/** What the latest deployments of a resource group have done. */
async function operationsIn(arm: Call, group: string): Promise<Operation[]> {
  const all = await lookAtAll(arm, `${group}/providers/Microsoft.Resources/deployments?${API}`);
  const latest = all
    .sort((one, other) => String(propertiesOf(other).timestamp).localeCompare(String(propertiesOf(one).timestamp)))
    .slice(0, MOST);
  const found: Operation[] = [];
  for (const deployment of latest) {
    const correlationId = String(propertiesOf(deployment).correlationId);
    const path = `${group}/providers/Microsoft.Resources/deployments/${deployment.name}/operations?${API}`;
    for (const operation of await lookAtAll(arm, path)) {
      const { targetResource, provisioningState, statusMessage, timestamp } = propertiesOf(operation);
      const { resourceType, id } = record(targetResource);
      const { code, message } = record(record(statusMessage).error);
      found.push({
        correlationId,
        type: String(resourceType).toLowerCase(),
        id: String(id),
        state: String(provisioningState),
        said: [code, message].filter((one) => typeof one === "string").join(" "),
        endedOn: Date.parse(String(timestamp)),
      });
    }
  }
  return found;
}

async function goesToFunction(arm: Call, id: string): Promise<boolean> {
  const { destination } = propertiesOf(await look(arm, `${id}?api-version=2025-02-15`).catch(() => ({})));
  return record(destination).endpointType === "AzureFunction";
}

/** What is left in Azure of the deployments that have made the app; they are only read. */
export const TEMPLATE: Case[] = [
  {
    id: "template-subscribes",
    claim: "Event Grid can be subscribed to a function in the same deployment that puts the code there (packageUri)",
    needs: ["app", "topic"],
    async run({ arm, named }) {
      const groups = new Set([groupOf(named("app")), groupOf(named("topic"))]);
      const operations = (await Promise.all([...groups].map((group) => operationsIn(arm, group)))).flat();
      const packages = operations.filter(({ type, state }) => type === PACKAGE && state === "Succeeded");
      if (packages.length === 0)
        throw new NotThere("no deployment that is remembered has put the code there (packageUri)");
      const runs = new Map(packages.map((one) => [one.correlationId, one.endedOn]));
      const subscriptions = operations.filter(
        ({ type, correlationId }) => type === SUBSCRIPTION && runs.has(correlationId),
      );
      const failed = subscriptions.find(({ state }) => state === "Failed");
      if (failed) throw new Difference(`a subscription in such a deployment has failed: ${failed.said}`);
      for (const one of subscriptions.filter(({ state }) => state === "Succeeded")) {
        if (!(await goesToFunction(arm, one.id))) continue;
        const seconds = Math.round((one.endedOn - (runs.get(one.correlationId) ?? Number.NaN)) / 1000);
        return `the subscription was there ${seconds} seconds after the code`;
      }
      throw new NotThere("no deployment that has put the code there has subscribed a function too");
    },
  },
];
