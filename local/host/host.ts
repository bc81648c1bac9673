import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { createAnswer } from "./answer.ts";
import { drain } from "./drain.ts";
import type { HostFunction } from "./index-functions.ts";
import { createInvoke, type Invoke } from "./invocation.ts";
import type { Keys } from "./keys.ts";
import { listen } from "./listener.ts";
import { type Loaded, loadFunctions } from "./load-functions.ts";
import { type Log, sayStartup } from "./log.ts";
import { createQueueListener, type HostQueues, type QueueListener } from "./queue-listener.ts";
import { applySettings } from "./settings.ts";
import { createTimer } from "./timers.ts";

export interface HostOptions {
  /** Absolute path of the app's entry, a CommonJS bundle that holds its own copy of `@azure/functions`; what it loads lies beside it. */
  main: string;
  /** Absolute path of the folder with host.json. */
  root: string;
  /** App settings. They cover the environment of this process until the host stops, and are in place at load. */
  settings: Record<string, string>;
  /** 0, the default, picks a free one. */
  port?: number;
  clock: Clock;
  /** With keys, authorisation levels are enforced as on Azure; without, everything passes as with `func start`. */
  keys?: Keys;
  log: Log;
  /** Without them a queue function is loaded, but gets no messages. */
  queues?: HostQueues;
}

/** A function as an overview shows it. */
export interface FunctionOverview {
  name: string;
  trigger: "http" | "timer" | "eventGrid" | "queue";
  /** With the prefix: `api/status`. */
  route?: string;
  methods?: string[];
  /** Who may call: `anonymous`, `function` or `admin`. */
  authLevel?: string;
  /** With its settings resolved. */
  schedule?: string;
  queueName?: string;
}

export interface Host {
  /** Origin without a trailing slash: `http://127.0.0.1:7071`. */
  url: string;
  /** Those that run: neither disabled nor in error. */
  functions: FunctionOverview[];
  /** Runs a timer function now, as its schedule would; tells whether it succeeded. Rejects for an unknown name. */
  runTimer(name: string, options?: { isPastDue?: boolean }): Promise<boolean>;
  /** Starts no more runs, closes the port, lets runs end for a while, calls `appTerminate` hooks, restores settings. */
  stop(): Promise<void>;
}

/** How long runs that no request waits for may go on after the end; requests get longer, see the listener. */
const DRAIN_MILLISECONDS = 10_000;

/**
 * Starts a small Functions host that feeds the real `@azure/functions` library of an app. It answers like host 4.1037
 * where the app can tell: routes, keys, admin API, Event Grid webhook, timers, storage queues. Not modelled: other
 * bindings, HTTP streaming, retry policies, `functionTimeout`, worker restarts, memory of timers between starts.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const restoreSettings = applySettings({
    AZURE_FUNCTIONS_ENVIRONMENT: process.env.AZURE_FUNCTIONS_ENVIRONMENT ?? "Development",
    AzureWebJobsScriptRoot: options.root,
    ...options.settings,
  });
  try {
    const loaded = await loadFunctions(options, options.log);
    return await run(loaded, options, restoreSettings);
  } catch (error) {
    restoreSettings();
    throw error;
  }
}

async function run(loaded: Loaded, options: HostOptions, restoreSettings: () => void): Promise<Host> {
  const { clock, keys, log, port = 0 } = options;
  const { app, functions, customHeaders } = loaded;
  const { invoke, running } = createInvoke(app, clock, log);
  const timers = functions.flatMap((hostFunction) =>
    hostFunction.trigger.kind === "timer"
      ? [createTimer(hostFunction, hostFunction.trigger, { clock, invoke, log })]
      : [],
  );
  const listeners = queueListeners(loaded, options, invoke);
  const answer = createAnswer({ ...loaded, id: randomUUID(), timers, keys, clock, invoke, log });
  const listener = await listen({ port, clock, customHeaders, answer, log });
  for (const timer of timers) await timer.start();
  for (const one of listeners) await one.start();
  sayStartup(log, "information", "Job host started");

  const stop = async (): Promise<void> => {
    for (const timer of timers) timer.cancel();
    for (const one of listeners) one.cancel();
    await listener.close();
    await drain(running, clock, DRAIN_MILLISECONDS);
    await app.hooks.run("appTerminate", { hookData: {} }).catch((error) => {
      sayStartup(log, "error", `A hook of "appTerminate" failed: ${error}`);
    });
    restoreSettings();
    sayStartup(log, "information", "Job host stopped");
  };
  let stopped: Promise<void> | undefined;
  return {
    url: listener.url,
    functions: functions.map(overview),
    async runTimer(name, { isPastDue = false } = {}) {
      const timer = timers.find((other) => other.name === name);
      if (!timer) throw new Error(`Cannot run timer "${name}": no timer function has that name`);
      return timer.run(isPastDue);
    },
    stop: () => (stopped ??= stop()),
  };
}

function queueListeners(
  { functions, queues: settings }: Loaded,
  { clock, log, queues }: HostOptions,
  invoke: Invoke,
): QueueListener[] {
  if (!queues || !settings) return [];
  return functions.flatMap((hostFunction) =>
    hostFunction.trigger.kind === "queue"
      ? [createQueueListener(hostFunction, hostFunction.trigger, { clock, invoke, log, queues, settings })]
      : [],
  );
}

function overview({ name, trigger }: HostFunction): FunctionOverview {
  switch (trigger.kind) {
    case "http":
      return {
        name,
        trigger: "http",
        route: trigger.route.template,
        methods: trigger.methods,
        authLevel: trigger.authLevel,
      };
    case "timer":
      return { name, trigger: "timer", schedule: trigger.expression };
    case "eventGrid":
      return { name, trigger: "eventGrid" };
    case "queue":
      return { name, trigger: "queue", queueName: trigger.queueName };
    default:
      return trigger satisfies never;
  }
}
