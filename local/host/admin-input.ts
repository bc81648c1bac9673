import { z } from "zod";
import type { HostFunction } from "./index-functions.ts";
import type { Occasion } from "./invocation.ts";
import type { Timer } from "./timers.ts";

/** What a function gets when the admin API runs it. An Event Grid function takes the text as its event, a queue function as its message. */
export function adminInput(
  { name, bindingName, trigger }: HostFunction,
  text: string,
  timers: Timer[],
): Pick<Occasion, "input" | "triggerMetadata"> {
  if (trigger.kind === "http") return { input: new Error("An HttpRequest is required") };
  const timer = timers.find((other) => other.name === name);
  if (timer) return { input: timer.input() };
  if (trigger.kind === "queue") return { input: { string: text }, triggerMetadata: { QueueTrigger: { string: text } } };
  const event = eventOf(text);
  if (!event) return { input: new Error(`Exception binding parameter '${bindingName}'`) };
  const { data } = event;
  return {
    input: { json: text },
    triggerMetadata: {
      [bindingName]: { json: text },
      ...(data === undefined ? {} : { data: { json: JSON.stringify(data) } }),
    },
  };
}

function eventOf(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
