import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { type App, entryLevel } from "./core-api.ts";
import type { CoreInvocation, TypedData } from "./core-types.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Log, LogEntry } from "./log.ts";
import { runThroughLibrary } from "./run-through-library.ts";

/** Why and with what a function runs. */
export interface Occasion {
  /** As in the log: `Timer fired at …`. */
  reason: string;
  /** An `Error` when the input cannot be bound: the run then fails without the handler being called. */
  input: TypedData | Error;
  triggerMetadata?: Record<string, TypedData>;
  /** A second line of the log, before the run, for timer runs that the schedule did not start. */
  details?: string;
}

export type Outcome = { kind: "succeeded"; returnValue?: TypedData | null | undefined } | { kind: "failed" };

/** Runs one function once. Never rejects: a failure is in the log and in the outcome. */
export type Invoke = (hostFunction: HostFunction, occasion: Occasion) => Promise<Outcome>;

/** Makes what runs the functions of one app; `running` are the runs that have not ended. */
export function createInvoke(app: App, clock: Clock, log: Log): { invoke: Invoke; running: Set<Promise<Outcome>> } {
  const running = new Set<Promise<Outcome>>();
  const invoke: Invoke = (hostFunction, occasion) => {
    const run = invokeOnce({ app, clock, log }, hostFunction, occasion);
    running.add(run);
    return run.finally(() => running.delete(run));
  };
  return { invoke, running };
}

interface Runtime {
  app: App;
  clock: Clock;
  log: Log;
}

async function invokeOnce(runtime: Runtime, hostFunction: HostFunction, occasion: Occasion): Promise<Outcome> {
  const { name } = hostFunction;
  const invocationId = randomUUID();
  const say = (level: LogEntry["level"], message: string, category = `Function.${name}`) =>
    runtime.log({ level, category, message, functionName: name, invocationId });
  const startedOn = runtime.clock.now();
  const end = (how: string) =>
    `Executed 'Functions.${name}' (${how}, Id=${invocationId}, ` +
    `Duration=${runtime.clock.now().getTime() - startedOn.getTime()}ms)`;
  say("information", `Executing 'Functions.${name}' (Reason='${occasion.reason}', Id=${invocationId})`);
  if (occasion.details) say("information", `Trigger Details: ${occasion.details}`);
  let ended = false;
  try {
    if (occasion.input instanceof Error) throw occasion.input;
    const invocation = coreInvocation(hostFunction, { ...occasion, input: occasion.input, invocationId });
    const returnValue = await runThroughLibrary(runtime.app, invocation, {
      callback: hostFunction.callback,
      log: (level, category, message) => {
        // The host drops what a handler says after its end; the library's own warning about it is worth keeping.
        if (category === "user" && !ended) say(entryLevel(level), message, `Function.${name}.User`);
        if (category === "system") say(entryLevel(level), message);
      },
    });
    say("information", end("Succeeded"));
    return { kind: "succeeded", returnValue };
  } catch (error) {
    say("error", `${end("Failed")}\n${describe(name, error)}`);
    return { kind: "failed" };
  } finally {
    ended = true;
  }
}

interface BoundOccasion extends Occasion {
  input: TypedData;
  invocationId: string;
}

function coreInvocation({ metadata, bindingName }: HostFunction, occasion: BoundOccasion): Omit<CoreInvocation, "log"> {
  const { invocationId, input, triggerMetadata = {} } = occasion;
  return {
    invocationId,
    metadata,
    state: undefined,
    request: {
      invocationId,
      functionId: metadata.functionId ?? metadata.name,
      inputData: [{ name: bindingName, data: input }],
      triggerMetadata,
      traceContext: { traceParent: "", traceState: "", attributes: {} },
    },
  };
}

/** What follows the `Executed` line of a failed run, in the shape in which the Node worker reports an exception. */
function describe(name: string, error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return `Exception while executing function: Functions.${name}\nResult: Failure\nException: ${message}\nStack: ${stack}`;
}
