import { refusal } from "../app-service/refusal.ts";
import type { EventGrid } from "../event-grid/create-event-grid.ts";
import type { Place } from "../event-grid/subscription.ts";
import type { KeyVault } from "../key-vault/create-key-vault.ts";
import type { StorageQueue } from "../storage-queue/create-storage-queue.ts";
import type { Arm } from "./create-arm.ts";

const OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const SENDER = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
const ALL = ["get", "list", "set", "update", "delete", "recover", "purge"] as const;

/** An assignment of a role, by its id. */
interface Assignment {
  scope: string;
  role: string;
  principalId: string;
}

interface Services {
  vault: Pick<KeyVault, "grant" | "revoke" | "onlyNames">;
  eventGrid: EventGrid;
  storageQueue: StorageQueue;
  /** Object id of the topic's own identity, as which it delivers. */
  topicIdentityId: string;
}

/**
 * What can be written in Azure Resource Manager: queues, roles on a queue or on the vault, and event subscriptions of
 * the vault's topic to a queue or an alert.
 */
export function provideResources(arm: Arm, services: Services): void {
  const assignments = new Map<string, Assignment>();
  arm.provide("microsoft.storage/storageaccounts/queueservices/queues", {
    put(id) {
      services.storageQueue.createQueue(nameOf(id));
      return { properties: {} };
    },
    remove: (id) => services.storageQueue.removeQueue(nameOf(id)),
  });
  arm.provide("microsoft.authorization/roleassignments", {
    put(id, properties) {
      const [scope = ""] = id.split(/\/providers\/Microsoft\.Authorization\//i);
      const role = nameOf(String(properties.roleDefinitionId));
      const principalId = String(properties.principalId);
      assignments.set(id.toLowerCase(), { scope: scope.toLowerCase(), role, principalId });
      if (isVault(scope) && role === OFFICER) letIn(services.vault, principalId, properties);
      return { properties: { ...properties, scope } };
    },
    remove(id) {
      const gone = assignments.get(id.toLowerCase());
      assignments.delete(id.toLowerCase());
      if (gone && isVault(gone.scope)) services.vault.revoke(gone.principalId);
    },
  });
  arm.provide("microsoft.eventgrid/systemtopics/eventsubscriptions", {
    async put(id, properties) {
      const endpoint = placeOf(properties, { ...services, assignments: [...assignments.values()] });
      const { includedEventTypes = [], subjectBeginsWith = "" } = (properties.filter ?? {}) as {
        includedEventTypes?: string[];
        subjectBeginsWith?: string;
      };
      const schema =
        properties.eventDeliverySchema === "CloudEventSchemaV1_0" ? "CloudEventSchemaV1_0" : "EventGridSchema";
      const wish = { name: nameOf(id), endpoint, eventTypes: includedEventTypes, subjectBeginsWith, schema } as const;
      await services.eventGrid.subscribe(wish).catch((error: unknown) => {
        throw refusal(400, { code: "InvalidRequest", message: error instanceof Error ? error.message : String(error) });
      });
      return { properties: { ...properties, provisioningState: "Succeeded" } };
    },
    remove: (id) => services.eventGrid.unsubscribe(nameOf(id)),
  });
}

function nameOf(id: string): string {
  return id.split("/").at(-1) ?? "";
}

function isVault(scope: string): boolean {
  return /\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i.test(scope);
}

/** A condition is taken in one form only: on the beginning of the names that may be set. */
function letIn(
  vault: Services["vault"],
  principalId: string,
  { condition, conditionVersion }: Record<string, unknown>,
): void {
  if (condition !== undefined && condition !== null) {
    const form =
      /^\(!\(ActionMatches\{'Microsoft\.KeyVault\/vaults\/secrets\/setSecret\/action'\}\)\) OR \(@Request\[Microsoft\.KeyVault\/vaults\/secrets:name\] StringStartsWith '([^']+)'\)$/;
    const begin = form.exec(String(condition))?.[1];
    if (begin === undefined) throw refusal(501, { code: "NotModelled", message: "This condition is not modelled" });
    if (conditionVersion !== "2.0")
      throw refusal(400, { code: "InvalidConditionVersion", message: "The version of the condition must be 2.0." });
    vault.onlyNames(principalId, begin);
  }
  vault.grant(principalId, [...ALL]);
}

/** Where a subscription delivers to; a queue takes nothing from a topic that may not send (that this is refused at once is unverified). */
function placeOf(
  { destination, deliveryWithResourceIdentity }: Record<string, unknown>,
  { storageQueue, topicIdentityId, assignments }: Services & { assignments: Assignment[] },
): Place {
  const own = (destination ?? (deliveryWithResourceIdentity as { destination?: unknown } | undefined)?.destination) as
    | { endpointType?: string; properties?: { resourceId?: string; queueName?: string } }
    | undefined;
  if (own?.endpointType === "MonitorAlert") return { kind: "alert" };
  const { resourceId = "", queueName = "" } = own?.properties ?? {};
  if (own?.endpointType !== "StorageQueue" || !deliveryWithResourceIdentity)
    throw refusal(501, { code: "NotModelled", message: `A destination ${own?.endpointType} is not modelled` });
  const queue = `${resourceId}/queueServices/default/queues/${queueName}`.toLowerCase();
  const may = assignments.some(
    ({ scope, role, principalId }) =>
      principalId === topicIdentityId && role === SENDER && `${queue}/`.startsWith(`${scope}/`),
  );
  if (!may)
    throw refusal(400, {
      code: "InvalidRequest",
      message: "The identity of the topic may not send messages to the queue.",
    });
  return { kind: "queue", put: (text) => storageQueue.put(queueName, text) };
}
