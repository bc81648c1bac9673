import type { App } from "./core-api.ts";
import type {
  CoreInvocation,
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  InvocationModel,
  TypedData,
} from "./core-types.ts";

/** The handler, and where lines go after the app's log hooks have seen them. */
interface Handler {
  callback: FunctionCallback;
  log: (level: CoreLogLevel, category: CoreLogCategory, message: string) => void;
}

/** What the invocation hooks see and may change: inputs and callback before the run, result and error after it. */
interface HookContext {
  hookData: Record<string, unknown>;
  invocationContext: unknown;
  functionCallback: FunctionCallback;
  inputs: unknown[];
  result: unknown;
  error: unknown;
}

/**
 * Lets the app's own copy of `@azure/functions` do one invocation, in the steps of the Node worker: arguments,
 * `preInvocation` hooks, handler, `postInvocation` hooks (always), response. Rejects with what the handler threw.
 */
export async function runThroughLibrary(
  app: App,
  request: Omit<CoreInvocation, "log">,
  handler: Handler,
): Promise<TypedData | null | undefined> {
  if (!app.model) throw new Error("The app has not set a programming model");
  const invocation: CoreInvocation = {
    ...request,
    log(level, category, message) {
      const line = { level, category, message };
      app.hooks.runLog(line);
      handler.log(line.level, category, line.message);
    },
  };
  const model = app.model.getInvocationModel(invocation);
  const { context, inputs } = await model.getArguments();
  const seen: HookContext = {
    hookData: {},
    invocationContext: context,
    functionCallback: handler.callback,
    inputs,
    result: null,
    error: null,
  };
  invocation.state = "preInvocationHooks";
  await app.hooks.run("preInvocation", seen);
  invocation.state = "invocation";
  await callHandler(model, seen);
  invocation.state = "postInvocationHooks";
  await app.hooks.run("postInvocation", seen);
  invocation.state = undefined;
  if (seen.error !== null && seen.error !== undefined) throw seen.error;
  return (await model.getResponse(context, seen.result)).returnValue;
}

async function callHandler(model: InvocationModel, seen: HookContext): Promise<void> {
  try {
    seen.result = await model.invokeFunction(seen.invocationContext, seen.inputs, seen.functionCallback);
  } catch (error) {
    seen.error = error;
  }
}
