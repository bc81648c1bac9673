import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  ProgrammingModel,
} from "./core-types.ts";
import { createHooks, type Hooks } from "./hooks.ts";
import type { Log, LogEntry } from "./log.ts";

/** The host that this one imitates; `/admin/host/status` names it too. */
export const HOST_VERSION = "4.1037.0.0";

/** One `app.http`, `app.timer`, … call of the app. */
export interface Registration {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

/** What an app has told its host so far. */
export interface App {
  registrations: Registration[];
  hooks: Hooks;
  model: ProgrammingModel | undefined;
  /** Set when the app has started: from then on a registration is refused. */
  started: boolean;
}

/** Makes what `require("@azure/functions-core")` gives to one app, and the record of what that app says through it. */
export function createCoreApi(log: Log): { app: App; api: object } {
  const app: App = { registrations: [], hooks: createHooks(), model: undefined, started: false };
  const api = {
    version: HOST_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    setProgrammingModel: (model: ProgrammingModel) => {
      app.model = model;
    },
    getProgrammingModel: () => app.model,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
      register(app, { metadata, callback });
      return new Disposable(() => {
        app.registrations = app.registrations.filter((other) => other.metadata !== metadata);
      });
    },
    registerHook: (name: string, callback: (context: unknown) => unknown) =>
      new Disposable(app.hooks.register(name, callback)),
    log: (level: CoreLogLevel, _category: CoreLogCategory, message: string) =>
      log({ level: entryLevel(level), category: "Worker", message }),
  };
  return { app, api };
}

/** The library knows two levels more than the log. */
export function entryLevel(level: CoreLogLevel): LogEntry["level"] {
  if (level === "critical") return "error";
  return level === "none" ? "trace" : level;
}

function register(app: App, registration: Registration): void {
  const { name } = registration.metadata;
  if (app.started) throw new Error("A function can only be registered during app startup.");
  if (app.registrations.some((other) => other.metadata.name === name)) {
    throw new Error(`A function with id "${name}" has already been registered.`);
  }
  app.registrations.push(registration);
}

/** A class, because the contract lets apps construct it. */
class Disposable {
  dispose: () => void;
  constructor(dispose: () => void) {
    this.dispose = dispose;
  }
}
