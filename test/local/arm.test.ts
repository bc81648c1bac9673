import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorld, type World } from "../operator/conformance-world.ts";

const SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const ROLES = "/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions";
let world: World;
let nobody: string;
beforeAll(async () => {
  world = await openWorld();
  nobody = world.cloud.directory.createManagedIdentity({ displayName: "nobody", graphPermissions: [] }).objectId;
});
afterAll(() => world.close());

async function ask(method: string, path: string, properties?: object, as = world.operator.objectId) {
  const aud = "https://management.azure.com";
  const token = await world.cloud.entra.issueToken({ aud, oid: as, sub: as });
  const answer = await fetch(`${world.armUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(properties ? { body: JSON.stringify({ properties }) } : {}),
  });
  const json = (await answer.json().catch(() => ({}))) as { error?: { code: string }; properties?: object };
  return { status: answer.status, code: json.error?.code, properties: json.properties };
}

const queue = () => `${world.ids.subscribe}/queueServices/default/queues/arm-test`;
const subscription = () => `${world.ids.topic}/eventSubscriptions/arm-test?api-version=2025-02-15`;
const toQueue = () => ({
  eventDeliverySchema: "CloudEventSchemaV1_0",
  filter: { includedEventTypes: ["Microsoft.KeyVault.SecretNewVersionCreated"] },
  deliveryWithResourceIdentity: {
    destination: {
      endpointType: "StorageQueue",
      properties: { resourceId: world.ids.subscribe, queueName: "arm-test" },
    },
  },
});

describe("Azure Resource Manager, where it is written", () => {
  it("refuses whoever has no right to, and says nothing of types that it does not know", async () => {
    const path = `${queue()}?api-version=2025-06-01`;
    expect(await ask("PUT", path, {}, nobody)).toMatchObject({ status: 403, code: "AuthorizationFailed" });
    expect(await ask("DELETE", path, undefined, nobody)).toMatchObject({ status: 403 });
    expect(await ask("PUT", `${world.ids.app}/slots/x?api-version=2025-03-01`, {})).toMatchObject({ status: 501 });
    expect(await ask("PUT", queue(), {})).toMatchObject({ status: 400, code: "MissingApiVersionParameter" });
  });

  it("lets a topic deliver to a queue only while its identity may send", async () => {
    await ask("PUT", `${queue()}?api-version=2025-06-01`, {});
    expect(await ask("PUT", subscription(), toQueue())).toMatchObject({ status: 400, code: "InvalidRequest" });
    const assignment = `${queue()}/providers/Microsoft.Authorization/roleAssignments/1?api-version=2022-04-01`;
    const properties = { principalId: world.topicIdentityId, roleDefinitionId: `${ROLES}/${SENDER}` };
    expect(await ask("PUT", assignment, properties)).toMatchObject({ status: 201 });
    expect(await ask("PUT", subscription(), toQueue())).toMatchObject({ status: 201 });
    world.cloud.vault.setByHand("arm-test", "worth nothing");
    await world.clock.advance(5_000);
    const [message] = world.cloud.storageQueue.messages("arm-test");
    expect(JSON.parse(Buffer.from(message?.text ?? "", "base64").toString("utf8"))).toMatchObject({
      specversion: "1.0",
      subject: "arm-test",
    });
    expect(await ask("DELETE", subscription())).toMatchObject({ status: 200 });
    expect(await ask("DELETE", subscription())).toMatchObject({ status: 204 });
    world.cloud.vault.setByHand("arm-test", "worth nothing");
    await world.clock.advance(5_000);
    expect(world.cloud.storageQueue.messages("arm-test")).toHaveLength(1);
  });

  it("takes alerts in the schema of CloudEvents only", async () => {
    const alert = { filter: toQueue().filter, destination: { endpointType: "MonitorAlert" } };
    expect(await ask("PUT", subscription(), alert)).toMatchObject({ status: 400 });
    const cloud = { ...alert, eventDeliverySchema: "CloudEventSchemaV1_0" };
    expect(await ask("PUT", subscription(), cloud)).toMatchObject({ status: 201 });
  });

  it("knows conditions of roles in one form and one version, and takes the role away with its assignment", async () => {
    const path = `${world.ids.assign}/providers/Microsoft.Authorization/roleAssignments/2?api-version=2022-04-01`;
    const condition = `(!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/setSecret/action'})) OR (@Request[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith 'om-')`;
    const officer = { principalId: nobody, roleDefinitionId: `${ROLES}/${OFFICER}` };
    expect(await ask("PUT", path, { ...officer, condition, conditionVersion: "1.0" })).toMatchObject({ status: 400 });
    expect(await ask("PUT", path, { ...officer, condition: "true" })).toMatchObject({ status: 501 });
    expect(await ask("PUT", path, { ...officer, condition, conditionVersion: "2.0" })).toMatchObject({ status: 201 });
    const token = await world.cloud.entra.issueToken({ aud: "https://vault.localhost", oid: nobody, sub: nobody });
    const set = async (name: string) => {
      const answer = await fetch(`${world.cloud.urls.vault}/secrets/${name}?api-version=7.4`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ value: "worth nothing" }),
      });
      return answer.status;
    };
    expect([await set("om-one"), await set("OM-two"), await set("other")]).toEqual([200, 403, 403]);
    await ask("DELETE", path);
    expect(await set("om-one")).toBe(403);
  });
});
