import { randomUUID } from "node:crypto";
import { type Case, Difference, expect, expectSeen, NotThere, record, type Seen, type Tenant } from "../case.ts";
import { look, propertiesOf } from "../look.ts";
import { EVENTS } from "./events.ts";

const SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
const TYPES = ["NewVersionCreated", "NearExpiry", "Expired"].map((one) => `Microsoft.KeyVault.Secret${one}`);
const MINUTES = 15;
const MAKES = [
  "a queue in the storage account",
  "the role Storage Queue Data Message Sender on it for the topic",
  "an event subscription of the topic",
  "a secret in the vault",
];

/** What came to the queue of the run. */
interface Post {
  secret: string;
  version: string;
  /** As they are stored. */
  texts(): Promise<string[]>;
}

const posts = new WeakMap<Tenant, Promise<Post>>();

/** One queue, one subscription and one secret for all these cases. */
function post(tenant: Tenant): Promise<Post> {
  const made = posts.get(tenant) ?? subscribe(tenant);
  posts.set(tenant, made);
  return made;
}

async function subscribe(tenant: Tenant): Promise<Post> {
  const { arm, named, newName, putResource } = tenant;
  const [account, topic] = [named("subscribe"), named("topic")];
  const { primaryEndpoints } = propertiesOf(await look(arm, `${account}?api-version=2025-06-01`));
  const found = await look(arm, `${topic}?api-version=2025-02-15`);
  const principalId = record(found.identity).principalId;
  if (typeof principalId !== "string") throw new NotThere("the topic has no identity of its own to send with");
  requireSource(propertiesOf(found).source, tenant.vaultUrl);
  const [queueName, secret] = [newName(), newName()];
  const queue = `${account}/queueServices/default/queues/${queueName}`;
  expectSeen(await putResource(`${queue}?api-version=2025-06-01`, { properties: {} }), { status: [200, 201] });
  const role = `${account.split("/").slice(0, 3).join("/")}/providers/Microsoft.Authorization/roleDefinitions/${SENDER}`;
  const assignment = `${queue}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`;
  const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId: role };
  expectSeen(await putResource(assignment, { properties }), { status: [200, 201] });
  await makeSubscription(tenant, newName(), {
    eventDeliverySchema: "CloudEventSchemaV1_0",
    filter: { includedEventTypes: TYPES, subjectBeginsWith: secret },
    deliveryWithResourceIdentity: {
      identity: { type: "SystemAssigned" },
      destination: { endpointType: "StorageQueue", properties: { resourceId: account, queueName } },
    },
  });
  const url = `${String(record(primaryEndpoints).queue).replace(/\/$/, "")}/${queueName}`;
  const texts = () => tenant.messages(url);
  const version = await newVersion(tenant, secret);
  const came = await tenant.eventually(texts, (all) => all.length > 0, MINUTES);
  if (came.length === 0) throw new Error(`no event has come in ${MINUTES} minutes; real ones were seen an hour late`);
  return { secret, version, texts };
}

/** Makes it, and waits until Azure says how that went; a new role may take minutes to count. */
async function makeSubscription(tenant: Tenant, name: string, properties: object): Promise<void> {
  const path = `${tenant.named("topic")}/eventSubscriptions/${name}?api-version=2025-02-15`;
  const state = (one: Seen): unknown => propertiesOf(one.json).provisioningState;
  const settled = async (): Promise<Seen> => {
    const put = await tenant.putResource(path, { properties });
    if (put.status >= 300) return put;
    return tenant.eventually(
      () => tenant.arm("GET", path),
      (one) => ["Succeeded", "Failed"].includes(String(state(one))),
    );
  };
  const seen = await tenant.eventually(
    settled,
    (one) => state(one) === "Succeeded" || one.status === 403 || one.status === 401,
    MINUTES,
  );
  expectSeen(seen, { status: [200, 201] });
  if (state(seen) !== "Succeeded") throw new Difference(`the subscription is ${state(seen)}`);
}

function requireSource(source: unknown, vaultUrl: string): void {
  const vault = String(source).split("/").at(-1)?.toLowerCase();
  if (vault !== new URL(vaultUrl).hostname.split(".")[0]?.toLowerCase())
    throw new Error("--topic is the topic of another vault than --vault");
}

async function newVersion({ putSecret }: Tenant, name: string): Promise<string> {
  const seen = await putSecret(name, { value: "worth nothing" });
  expectSeen(seen, { status: 200 });
  return String(record(seen.json).id).split("/").at(-1) ?? "";
}

/** A message as Event Grid is thought to encode it. @throws {Difference} */
function decoded(text: string): Record<string, unknown> {
  const isEncoded = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  expect(isEncoded, `it is no base64: it begins with ${JSON.stringify(text.slice(0, 1))}`);
  try {
    const json: unknown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
    expect(!Array.isArray(json), "it is a list");
    return record(json);
  } catch (error) {
    throw error instanceof Difference ? error : new Difference("it is base64, but not of JSON");
  }
}

/** Events of the vault, received by a queue of the run's own. */
export const SUBSCRIBE: Case[] = (
  [
    {
      id: "queue-encoding",
      claim: "Event Grid puts an event into a storage queue as base64 of one JSON object, not of an array",
      makes: MAKES,
      waits: 2 * MINUTES,
      async run(tenant) {
        const { texts } = await post(tenant);
        for (const text of await texts()) decoded(text);
        return undefined;
      },
    },
    {
      id: "queue-event",
      claim: "it has the envelope, type and data that events to a webhook have",
      makes: MAKES,
      waits: 2 * MINUTES,
      async run(tenant) {
        const { texts } = await post(tenant);
        const events = (await texts()).map(decoded);
        for (const one of EVENTS) await one.run({ ...tenant, events });
        return Object.keys(record(events[0]?.data)).sort().join(" ");
      },
    },
    {
      id: "event-tags-silent",
      claim: "a change of a version's tags raises no event",
      makes: MAKES,
      waits: 3 * MINUTES,
      async run(tenant) {
        const { secret, version, texts } = await post(tenant);
        const changed = await tenant.vault("PATCH", `/secrets/${secret}/${version}?api-version=7.4`, {
          body: { tags: { conformance: "1" } },
        });
        expectSeen(changed, { status: 200 });
        // What comes after the change is awaited: then whatever the change would have raised has had its time.
        const after = await newVersion(tenant, secret);
        const about = (all: string[], wanted: string) =>
          new Set(
            all
              .map(decoded)
              .filter((one) => record(one.data).Version === wanted)
              .map(({ id }) => id),
          ).size;
        const all = await tenant.eventually(texts, (one) => about(one, after) > 0, MINUTES);
        if (about(all, after) === 0) throw new Error(`the next event has not come in ${MINUTES} minutes`);
        expect(about(all, version) === 1, `there are ${about(all, version)} events about the version`);
        return undefined;
      },
    },
    {
      id: "alert-subscription",
      claim:
        "a subscription that raises an alert (MonitorAlert) can be made on a topic of Key Vault, without an action group",
      makes: ["an event subscription of the topic, about a secret that there is not"],
      waits: MINUTES,
      async run(tenant) {
        await makeSubscription(tenant, tenant.newName(), {
          eventDeliverySchema: "CloudEventSchemaV1_0",
          filter: { includedEventTypes: ["Microsoft.KeyVault.SecretExpired"], subjectBeginsWith: tenant.newName() },
          destination: {
            endpointType: "MonitorAlert",
            properties: { severity: "Sev4", description: "conformance", actionGroups: [] },
          },
        });
        return undefined;
      },
    },
  ] satisfies Case[]
).map((one) => ({ ...one, needs: ["vault", "topic", "subscribe"] }));
