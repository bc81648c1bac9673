import { type App, createCoreApi } from "./core-api.ts";
import { HostFault } from "./host-fault.ts";
import { type HostJson, type QueueSettings, readHostJson } from "./host-json.ts";
import { type HostFunction, type Indexed, indexFunctions } from "./index-functions.ts";
import { loadApp } from "./load-app.ts";
import { type Log, sayStartup } from "./log.ts";
import type { RequestLimits } from "./request-limit.ts";

/** The app, ready to run. With a fault there are no functions. */
export interface Loaded {
  app: App;
  customHeaders: Record<string, string>;
  limits: RequestLimits;
  functions: HostFunction[];
  queues: QueueSettings | undefined;
  /** Why the host is not running, for `/admin/host/status`. */
  faults: string[];
}

interface Place {
  main: string;
  root: string;
}

/** Reads host.json, loads the app and indexes its functions; what is wrong ends up in the log and in `faults`. */
export async function loadFunctions({ main, root }: Place, log: Log): Promise<Loaded> {
  try {
    const hostJson = readHostJson(root);
    const app = await loadApp({ main, root }, log);
    return { app, ...index(app, hostJson, log) };
  } catch (error) {
    if (!(error instanceof HostFault)) throw error;
    sayStartup(log, "error", `A host error has occurred during startup operation: ${error.message}`);
    const limits = { running: Number.POSITIVE_INFINITY, outstanding: Number.POSITIVE_INFINITY };
    return {
      app: createCoreApi(log).app,
      customHeaders: {},
      limits,
      functions: [],
      queues: undefined,
      faults: [error.message],
    };
  }
}

function index(app: App, hostJson: HostJson, log: Log): Omit<Loaded, "app"> {
  const indexed = indexFunctions(app.registrations, hostJson);
  if (indexed.hostFaults.length > 0) throw new HostFault(indexed.hostFaults.join("; "));
  report(indexed, log);
  const { customHeaders, limits, queues } = hostJson;
  return { customHeaders, limits, functions: indexed.functions, queues, faults: [] };
}

function report({ functions, disabled, inError }: Indexed, log: Log): void {
  sayStartup(log, "information", `${functions.length} functions loaded`);
  for (const { name, trigger } of functions) {
    if (trigger.kind !== "http") continue;
    const { route, methods } = trigger;
    sayStartup(log, "information", `Mapped function route '${route.template}' [${methods.join(",")}] to '${name}'`);
  }
  for (const name of disabled) sayStartup(log, "information", `Function 'Functions.${name}' is disabled`);
  for (const { name, reason } of inError) sayStartup(log, "error", `The '${name}' function is in error: ${reason}`);
  for (const { name, metadata } of functions) {
    if (metadata.retryOptions) sayStartup(log, "warning", `The retry policy of '${name}' is not modelled`);
  }
}
