import { describe, expect, it } from "vitest";
import { NEAR_EXPIRY_QUEUE, NEW_VERSION_QUEUE, NOTIFICATION_QUEUE, WORK_QUEUE } from "../../shared/engine/queues.ts";
import { EXAMPLES, functionNames, resources, template, text } from "./committed.ts";

const TYPE = "Microsoft.EventGrid/systemTopics/eventSubscriptions";

interface Listed {
  subscriptions: { name: string; eventTypes: string[]; function: string; queue: string; queueFunction: string }[];
  deadLetterContainer: string;
}
const listed: Listed = JSON.parse(text("infra/events.json"));

describe("events of the vault", () => {
  it("name functions that exist", () => {
    const named = listed.subscriptions.flatMap((one) => [one.function, one.queueFunction]);
    expect(named.filter((name) => !functionNames().includes(name))).toEqual([]);
  });

  it("go to the functions where Event Grid reaches the app and the template brings the code", () => {
    const targets = resources("existing", TYPE).map(({ properties }) => properties.destination.properties.resourceId);
    expect(targets.filter(Boolean).map((id: string) => id.split("/functions/")[1])).toEqual(
      listed.subscriptions.map((one) => one.function),
    );
  });

  it("wait for the code where azd brings it: the template itself subscribes no function", () => {
    expect(resources("open", TYPE).map(({ name }) => name.split("/")[1])).toEqual([
      expect.stringMatching(/^evgs-prod-\w{13}-expired$/),
    ]);
    expect(text("azure.yaml")).toMatch(/provision app\n.*deploy --all\n.*provision events/);
  });

  it.each(["restricted", "private"] as const)("go through queues in %s, which exist before", (example) => {
    const wanted = listed.subscriptions.map((one) => one.queue);
    const targets = resources(example, TYPE).flatMap(({ properties }) => properties.deliveryWithResourceIdentity ?? []);
    expect(targets.map(({ destination }) => destination.properties.queueName)).toEqual(wanted);
    expect(targets.every(({ identity }) => identity.type === "SystemAssigned")).toBe(true);
    const queues = resources(example, "Microsoft.Storage/storageAccounts/queueServices/queues");
    const names = queues.map(({ name }) => name.split("/").at(-1));
    expect(wanted).toEqual([NEW_VERSION_QUEUE, NEAR_EXPIRY_QUEUE]);
    const all = [...wanted, WORK_QUEUE, NOTIFICATION_QUEUE];
    expect(names).toEqual([...all, ...all.map((queue) => `${queue}-poison`)]);
    const { subscriptions } = template().resources;
    expect(subscriptions.dependsOn).toContain("topicAccess");
  });

  it("are subscribed under a name of this resource group: others with the same environment may share the topic", () => {
    const names = resources("existing", TYPE).map(({ name }) => name.split("/")[1] ?? "");
    const [, token = "none"] =
      /^func-prod-(\w{13})$/.exec(resources("existing", "Microsoft.Web/sites")[0]?.name ?? "") ?? [];
    const wanted = [...listed.subscriptions.map((one) => one.name), "expired"];
    expect(names.sort()).toEqual(wanted.map((name) => `evgs-prod-${token}-${name}`).sort());
    for (const { properties } of resources("existing", "Microsoft.Insights/metricAlerts")) {
      expect(properties.criteria.allOf[0].dimensions[0].values).toEqual([`evgs-prod-${token}-`]);
    }
    // The second layer finds the same name by itself.
    expect(text("infra/main.bicep")).toContain("var token = uniqueString(resourceGroup().id, environmentName)");
    expect(text("infra/events/main.bicep")).toMatch(
      /'\$\{environmentName\}-\$\{uniqueString\(resourceGroup\(\)\.id, environmentName\)\}'/,
    );
  });

  it.each(EXAMPLES)("of %s that do not arrive are kept, and raise an alert", (example) => {
    const delivered = resources(example, TYPE).filter(({ name }) => !name.endsWith("-expired"));
    for (const { properties } of delivered) {
      const { deadLetterDestination } = properties.deadLetterWithResourceIdentity;
      expect(deadLetterDestination.properties.blobContainerName).toBe(listed.deadLetterContainer);
    }
    const metrics = resources(example, "Microsoft.Insights/metricAlerts").map(
      ({ properties }) => properties.criteria.allOf[0].metricName,
    );
    expect(metrics).toEqual(["DeadLetteredCount", "DroppedEventCount"]);
  });

  it.each(EXAMPLES)("of %s tell of a secret that ran out without the app", (example) => {
    const [expired] = resources(example, TYPE).filter(({ name }) => name.endsWith("-expired"));
    expect(expired?.properties.filter.includedEventTypes).toEqual(["Microsoft.KeyVault.SecretExpired"]);
    expect(expired?.properties.destination.endpointType).toBe("MonitorAlert");
  });
});
