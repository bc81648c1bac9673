import type { Clock } from "../../clock.ts";
import type { Wire } from "../exchange.ts";
import type { KeyVaultEvent } from "../key-vault/event.ts";
import { type Message, notification } from "./message.ts";
import { ANSWER_WITHIN, type Answer, send } from "./send.ts";
import type { Place, Subscription } from "./subscription.ts";
import { type DeadLetterReason, finalReason, type Outcome, outcomeOf, pauseAfter } from "./verdict.ts";

/** One attempt to deliver one copy of an event. */
export interface Delivery {
  subscription: string;
  event: KeyVaultEvent;
  /** 1 for the first attempt of this copy. */
  attempt: number;
  /** When the request was sent. */
  on: Date;
  /** `undefined` when there was no answer, or none in time. */
  status: number | undefined;
  outcome: Outcome;
}

/** An event that was given up; without a dead-letter destination nobody ever hears of it again. */
export interface DroppedEvent {
  subscription: string;
  event: KeyVaultEvent;
  deadLetterReason: DeadLetterReason;
  deliveryAttempts: number;
  lastDeliveryOutcome: Outcome;
  publishTime: Date;
  lastDeliveryAttemptTime: Date;
}

/** Where deliveries take place and are noted down. */
export interface Post {
  clock: Clock;
  wire: Wire;
  vaultTopic: string;
  deliveries: Delivery[];
  dropped: DroppedEvent[];
}

/** One copy of an event on its way to one subscription. */
export interface Parcel {
  subscription: Subscription;
  event: KeyVaultEvent;
  publishTime: Date;
  /** The last attempt, if there was one. */
  last: Delivery | undefined;
}

/**
 * Tries once to deliver, and schedules what follows from a failure. Ends when the endpoint has answered, however late,
 * so that a handler is never overtaken by whoever moves the clock. All the same the attempt has failed 30 seconds after
 * the request was sent; if the handler itself lets the time pass, the retry comes while it still runs.
 */
export async function deliver(parcel: Parcel, post: Post): Promise<void> {
  const { subscription, event, publishTime, last } = parcel;
  const { clock, wire, vaultTopic: topic } = post;
  const on = clock.now();
  // Event Grid looks at the time to live only when the next attempt is due.
  const expiresOn = later(publishTime, subscription.timeToLiveMinutes * 60_000);
  if (last && on >= expiresOn) return drop(parcel, { post, last, reason: "TimeToLiveExceeded" });

  const attempt = (last?.attempt ?? 0) + 1;
  const record = (outcome: Outcome, status?: number): void => {
    const delivery: Delivery = { subscription: subscription.name, event, attempt, on, status, outcome };
    post.deliveries.push(delivery);
    if (outcome !== "Delivered") followUp(parcel, delivery, post);
  };
  let late = false;
  const cancel = clock.at(later(on, ANSWER_WITHIN), () => {
    late = true;
    record("TimedOut");
  });
  const message = notification(subscription, { event, topic, deliveryCount: attempt - 1 });
  const { endpoint } = subscription;
  const answer = typeof endpoint === "string" ? await send(endpoint, message, wire) : lay(endpoint, message);
  cancel();
  if (!late) record(outcomeOf(answer), answer.kind === "answered" ? answer.status : undefined);
}

/**
 * A queue takes one event as base64 of its JSON (MicrosoftDocs/azure-docs #102923; as plain text until about 2022,
 * #69702), an alert takes it as it is. Neither can fail here.
 */
function lay(place: Place, { body }: Message): Answer {
  const one: unknown = [JSON.parse(body)].flat()[0];
  if (place.kind === "queue") place.put(Buffer.from(JSON.stringify(one)).toString("base64"));
  return { kind: "answered", status: 200, headers: new Headers(), body: "" };
}

function followUp(parcel: Parcel, last: Delivery, post: Post): void {
  const exhausted = last.attempt >= parcel.subscription.maxDeliveryAttempts;
  const reason = finalReason(last.outcome) ?? (exhausted ? "MaxDeliveryAttemptsExceeded" : undefined);
  if (reason) {
    drop(parcel, { post, last, reason });
    return;
  }
  const retryOn = later(post.clock.now(), pauseAfter(last.attempt));
  post.clock.at(retryOn, () => deliver({ ...parcel, last }, post));
}

function drop(parcel: Parcel, end: { post: Post; last: Delivery; reason: DeadLetterReason }): void {
  end.post.dropped.push({
    subscription: parcel.subscription.name,
    event: parcel.event,
    deadLetterReason: end.reason,
    deliveryAttempts: end.last.attempt,
    lastDeliveryOutcome: end.last.outcome,
    publishTime: parcel.publishTime,
    lastDeliveryAttemptTime: end.last.on,
  });
}

function later(on: Date, milliseconds: number): Date {
  return new Date(on.getTime() + milliseconds);
}
