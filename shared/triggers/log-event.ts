import type { InvocationContext } from "@azure/functions";
import { blotted, withoutControls } from "../errors.ts";
import type { Log, LogEvent } from "../log.ts";
import type { ProblemCode } from "../problems/problems.ts";

type Level = "debug" | "info" | "warn" | "error";

/** The part of a function's context that lines are written with. */
export type Context = Pick<InvocationContext, "functionName" | "invocationId" | Level>;

/** So much of one field is written; the rest is a caller's or a service's to repeat. */
const LONGEST = 1000;

/** Writes one event as JSON on one line: first the sentence for people, then the fields, with the run that it belongs to. */
export function logEvent(context: Context, event: LogEvent): void {
  const { message, ...fields } = event;
  const { functionName, invocationId } = context;
  context[levelOf(event)](oneLine({ message, ...fields, functionName, invocationId }));
}

/** What writes the events of one run. */
export function logTo(context: Context): Log {
  return (event) => logEvent(context, event);
}

/** The app mends it by itself, and yet somebody has written to the vault or removed a secret in Entra. */
const ALARMING: ProblemCode = "current-secret-untrusted";

function levelOf(event: LogEvent): Level {
  if ("code" in event && event.code === ALARMING) return "error";
  if (event.event === "refused") return event.status < 500 ? "warn" : "error";
  if (event.event === "ignored") return event.foreign ? "warn" : "info";
  if (event.event === "trouble") return "error";
  if (!("state" in event)) return "info";
  if (event.state === "begun") return "debug";
  return event.state === "failed" ? "error" : "info";
}

/** No text in it can end the line, forge another field, or be read as a secret. */
function oneLine(fields: object): string {
  const safe = (_key: string, value: unknown) => (typeof value === "string" ? blotted(value).slice(0, LONGEST) : value);
  return withoutControls(JSON.stringify(fields, safe));
}
