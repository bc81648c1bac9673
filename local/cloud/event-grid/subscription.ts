import type { KeyVaultEvent } from "../key-vault/event.ts";

/**
 * Where events go beside a webhook: into a storage queue, or to Azure Monitor, which makes an alert of each (Microsoft
 * Learn: "Storage queue as an event handler", "Azure Monitor alerts as an event handler").
 */
export type Place = { kind: "queue"; put(text: string): void } | { kind: "alert" };

/** An event subscription on the vault. Its defaults are Azure's. */
export interface SubscriptionOptions {
  /** 3 to 64 letters, digits and hyphens. */
  name: string;
  /** URL of the webhook with its key. Azure insists on https; here the host of a laptop is reached by http. */
  endpoint: string | Place;
  /** For example `Microsoft.KeyVault.SecretNewVersionCreated`. */
  eventTypes: string[];
  /** Compared without regard to case, as in Azure unless told otherwise. */
  subjectBeginsWith?: string;
  schema: "EventGridSchema" | "CloudEventSchemaV1_0";
  /** 1 to 30; default 30. */
  maxDeliveryAttempts?: number;
  /** 1 to 1440; default 1440. */
  timeToLiveMinutes?: number;
}

/** A subscription with nothing left open. */
export type Subscription = Required<SubscriptionOptions>;

/** Fills in the defaults; throws for what Azure would refuse. */
export function readSubscription(options: SubscriptionOptions): Subscription {
  const subscription = { subjectBeginsWith: "", maxDeliveryAttempts: 30, timeToLiveMinutes: 1440, ...options };
  const { name, eventTypes, maxDeliveryAttempts, timeToLiveMinutes } = subscription;
  const refuse = (fault: string): never => {
    throw new Error(`Cannot create event subscription "${name}": ${fault}`);
  };
  if (!/^[a-zA-Z0-9-]{3,64}$/.test(name)) refuse("its name must be 3 to 64 letters, digits and hyphens");
  const { endpoint, schema } = subscription;
  if (typeof endpoint === "string" && !URL.canParse(endpoint)) refuse("its endpoint is not a URL");
  if (typeof endpoint === "object" && endpoint.kind === "alert" && schema !== "CloudEventSchemaV1_0")
    refuse("alerts take the schema of CloudEvents only");
  if (eventTypes.length === 0) refuse("it names no event type");
  if (!isWholeBetween(maxDeliveryAttempts, 30)) refuse("maxDeliveryAttempts must be 1 to 30");
  if (!isWholeBetween(timeToLiveMinutes, 1440)) refuse("timeToLiveMinutes must be 1 to 1440");
  return subscription;
}

/** Whether the subscription wants the event. */
export function matches({ eventTypes, subjectBeginsWith }: Subscription, event: KeyVaultEvent): boolean {
  const begins = event.subject.toLowerCase().startsWith(subjectBeginsWith.toLowerCase());
  return begins && eventTypes.includes(event.eventType);
}

function isWholeBetween(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
