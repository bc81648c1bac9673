import { z } from "zod";

const Code = z.object({ validationCode: z.string() });
const Validation = z.object({ data: Code });
const Event = z.record(z.string(), z.unknown());
const Delivery = z.union([z.array(Event), Event.transform((event) => [event])]);

/** One event as it was sent, and its `data`, which the handler gets a second time as trigger metadata. */
export interface DeliveredEvent {
  event: Record<string, unknown>;
  data: unknown;
}

/**
 * The events of a notification: an array, or one event or CloudEvent alone. `undefined` for anything else. Dates stay
 * as they are, as with the extension from 3.4.3 on; earlier ones rewrite those with an offset to UTC.
 */
export function parseDelivery(body: string): DeliveredEvent[] | undefined {
  const parsed = Delivery.safeParse(parseJson(body));
  return parsed.success ? parsed.data.map((event) => ({ event, data: event.data })) : undefined;
}

/** The code that a `SubscriptionValidation` wants to see again; `undefined` when the body has none. */
export function validationCode(body: string): string | undefined {
  const value = parseJson(body);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const plain = Validation.safeParse(first);
  if (plain.success) return plain.data.data.validationCode;
  // A CloudEvent carries its data as JSON inside a JSON string.
  const encoded = z.object({ data: z.string() }).safeParse(first);
  const inner = encoded.success ? Code.safeParse(parseJson(encoded.data.data)) : undefined;
  return inner?.success ? inner.data.validationCode : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
