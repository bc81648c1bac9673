import type { Clock } from "../../clock.ts";
import type { Wire } from "../exchange.ts";
import type { KeyVaultEvent } from "../key-vault/event.ts";
import { type Delivery, type DroppedEvent, deliver, type Post } from "./deliver.ts";
import { shakeHands } from "./handshake.ts";
import { matches, readSubscription, type Subscription, type SubscriptionOptions } from "./subscription.ts";

export interface EventGridOptions {
  clock: Clock;
  wire: Wire;
  /** Resource id of the vault, `/subscriptions/…/providers/Microsoft.KeyVault/vaults/<name>`. */
  vaultTopic: string;
}

/** How delivery goes wrong within what Event Grid promises: at least once, in no order, sooner or later. */
export interface EventGridFaults {
  /**
   * The milliseconds after publishing at which copies of the event are delivered, each tried again by itself when it
   * fails: `[1000]` is the default, `[]` loses the event, `[1000, 1000]` delivers it twice at the same time,
   * `[90_000]` lets later events overtake it. Faults on the wire hit single attempts.
   */
  shape?: (event: KeyVaultEvent, subscription: string) => number[];
}

export interface EventGrid {
  /**
   * Makes a subscription, or one of the same name anew; rejects when the endpoint fails the handshake. Events from
   * before are never delivered to it.
   */
  subscribe(options: SubscriptionOptions): Promise<void>;
  /** Takes a subscription away; what is on its way is still delivered. */
  unsubscribe(name: string): void;
  publish(event: KeyVaultEvent): void;
  /** Every attempt that has ended, in that order. */
  deliveries(): Delivery[];
  /** Events that were given up. What `faults` lost is not among them: nobody knows of it. */
  dropped(): DroppedEvent[];
  /** May be changed at any time; counts for events that are published from then on. */
  faults: EventGridFaults;
}

const USUAL_DELAY = 1000;

/**
 * Event Grid's part between one vault and its subscribers, who are taken for Azure Functions: one event at a time,
 * to webhooks, with retries and without a dead-letter destination. Delayed delivery to an endpoint that keeps failing
 * and batches are not modelled.
 */
export function createEventGrid({ clock, wire, vaultTopic }: EventGridOptions): EventGrid {
  const subscriptions = new Map<string, Subscription>();
  const post: Post = { clock, wire, vaultTopic, deliveries: [], dropped: [] };
  const grid: EventGrid = {
    async subscribe(options) {
      const subscription = readSubscription(options);
      await shakeHands(subscription, { clock, wire, vaultTopic });
      subscriptions.set(subscription.name.toLowerCase(), subscription);
    },
    unsubscribe: (name) => void subscriptions.delete(name.toLowerCase()),
    publish(event) {
      const publishTime = clock.now();
      for (const subscription of subscriptions.values()) {
        if (!matches(subscription, event)) continue;
        const delays = grid.faults.shape?.(event, subscription.name) ?? [USUAL_DELAY];
        for (const [delay, copies] of Map.groupBy(delays, (milliseconds) => milliseconds)) {
          clock.at(new Date(publishTime.getTime() + delay), async () => {
            const parcel = { subscription, event, publishTime, last: undefined };
            await Promise.all(copies.map(() => deliver(parcel, post)));
          });
        }
      }
    },
    deliveries: () => [...post.deliveries],
    dropped: () => [...post.dropped],
    faults: {},
  };
  return grid;
}
