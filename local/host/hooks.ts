/** A hook as the library registers it; it may change what it is given. */
export type HookCallback = (context: unknown) => unknown;

const HOOK_NAMES = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** The hooks of one app, called in the order of their registration. */
export interface Hooks {
  /** Refuses an unknown name as the Node worker does, with a `RangeError` that the library recognises. */
  register(name: string, callback: HookCallback): () => void;
  /** One after the other; the first that throws ends it. `context` gains the data that all hooks of the app share. */
  run(name: HookName, context: object): Promise<void>;
  /** Log hooks are not waited for: a line must keep its place. */
  runLog(context: object): void;
}

export function createHooks(): Hooks {
  const appHookData: Record<string, unknown> = {};
  const registered: { name: string; callback: HookCallback }[] = [];
  const named = (name: HookName) => registered.filter((hook) => hook.name === name);
  return {
    register(name, callback) {
      if (!HOOK_NAMES.some((known) => known === name)) {
        throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
      }
      const hook = { name, callback };
      registered.push(hook);
      return () => {
        const place = registered.indexOf(hook);
        if (place !== -1) registered.splice(place, 1);
      };
    },
    async run(name, context) {
      Object.assign(context, { appHookData });
      for (const hook of named(name)) await hook.callback(context);
    },
    runLog(context) {
      Object.assign(context, { appHookData, hookData: {} });
      for (const hook of named("log")) hook.callback(context);
    },
  };
}
