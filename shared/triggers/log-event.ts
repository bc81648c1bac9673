import type { InvocationContext } from "@azure/functions";
import { blotted, withoutControls } from "../errors.ts";
import type { ProblemCode } from "../problems/problems.ts";

/** Who sent a request, by the claims of a verified token. */
export interface CallerIds {
  oid?: string | undefined;
  appId?: string | undefined;
}

/**
 * One structured line of the log. infra/queries/lines.kql reads the fields by these names, and alerts rest on them:
 * never a secret or a token, and whatever a caller has sent only in `message` or `because`.
 */
export interface LogEvent {
  /** `asked`: a POST has been let in; `refused`: an answer of 4xx or 5xx. */
  event: "asked" | "refused";
  /** For people. */
  message: string;
  deployment?: string | undefined;
  credential?: string | undefined;
  code?: ProblemCode | undefined;
  /** Of the answer. */
  status?: number | undefined;
  caller?: CallerIds | undefined;
  because?: string | undefined;
  dryRun?: boolean | undefined;
  /** Where our own code failed. */
  stack?: string | undefined;
}

type Log = Pick<InvocationContext, "functionName" | "info" | "warn" | "error">;

/** So much of one field is written; the rest is a caller's or a service's to repeat. */
const LONGEST = 1000;

/** Writes one event as JSON on one line, with the name of the function. */
export function logEvent(log: Log, level: "info" | "warn" | "error", event: LogEvent): void {
  const { event: kind, ...rest } = event;
  log[level](oneLine({ event: kind, functionName: log.functionName, ...rest }));
}

/** No text in it can end the line, forge another field, or be read as a secret. */
function oneLine(fields: object): string {
  const safe = (_key: string, value: unknown) => (typeof value === "string" ? blotted(value).slice(0, LONGEST) : value);
  return withoutControls(JSON.stringify(fields, safe));
}
