import type { DequeuedMessageItem } from "@azure/storage-queue";
import type { TypedData } from "./core-types.ts";
import type { Occasion } from "./invocation.ts";
import { roundTrip } from "./timer-log.ts";

/** What a queue function gets: the text of the message, and its metadata under the names of the storage extension. */
export function queueInput(queue: string, message: DequeuedMessageItem, encoding: "base64" | "none"): Occasion {
  const { messageId, messageText, dequeueCount, insertedOn, expiresOn, nextVisibleOn, popReceipt } = message;
  const text = encoding === "base64" ? decoded(messageText) : messageText;
  const occasion = {
    reason: `New queue message detected on '${queue}'.`,
    details: `MessageId: ${messageId}, DequeueCount: ${dequeueCount}, InsertionTime: ${roundTrip(insertedOn)}`,
  };
  if (text === undefined) return { ...occasion, input: new Error("The message is not encoded in base64") };
  const json = (value: unknown): TypedData => ({ json: JSON.stringify(value) });
  return {
    ...occasion,
    input: { string: text },
    triggerMetadata: {
      Id: json(messageId),
      DequeueCount: json(dequeueCount),
      InsertionTime: json(insertedOn),
      ExpirationTime: json(expiresOn),
      NextVisibleTime: json(nextVisibleOn),
      PopReceipt: json(popReceipt),
      QueueTrigger: { string: text },
    },
  };
}

function decoded(text: string): string | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes.toString("utf8") : undefined;
}
