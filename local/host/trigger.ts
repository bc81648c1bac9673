import type { Registration } from "./core-api.ts";
import type { Binding } from "./core-types.ts";
import type { HostJson } from "./host-json.ts";
import { parseRoute, type Route } from "./routes.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";
import { resolveNames } from "./settings.ts";

/** What makes a function run. Methods are in upper case, the authorisation level in lower case. */
export type Trigger =
  | { kind: "http"; route: Route; methods: string[]; authLevel: string }
  | { kind: "timer"; expression: string; schedule: Schedule; useMonitor: boolean; runOnStartup: boolean }
  | { kind: "eventGrid" }
  | { kind: "queue"; queueName: string };

/** The trigger of a registration, with the name of its binding, under which the library expects the input. */
export interface NamedTrigger {
  bindingName: string;
  trigger: Trigger;
}

/** Reads the trigger; throws with the host's words for what puts a function in error, a `HostFault` for what stops the host. */
export function readTrigger({ metadata }: Registration, hostJson: HostJson): NamedTrigger {
  refuseUnknownBindings(Object.values(metadata.bindings), hostJson);
  const found = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
  if (!found) throw new Error(`The function '${metadata.name}' has no trigger.`);
  const [bindingName, binding] = found;
  if (binding.type === "httpTrigger") return { bindingName, trigger: httpTrigger(metadata.name, binding, hostJson) };
  if (binding.type === "timerTrigger") return { bindingName, trigger: timerTrigger(binding) };
  if (binding.type === "queueTrigger") return { bindingName, trigger: queueTrigger(binding) };
  return { bindingName, trigger: { kind: "eventGrid" } };
}

function refuseUnknownBindings(bindings: Binding[], { hasExtensionBundle }: HostJson): void {
  const known = [
    "httpTrigger",
    "http",
    "timerTrigger",
    ...(hasExtensionBundle ? ["eventGridTrigger", "queueTrigger"] : []),
  ];
  const unknown = bindings.map(({ type }) => type).filter((type) => !known.includes(type));
  if (unknown.length > 0) throw new Error(`The binding type(s) '${unknown.join(", ")}' are not registered.`);
}

function httpTrigger(name: string, binding: Binding, { routePrefix }: HostJson): Trigger {
  const route = parseRoute(routePrefix, String(binding.route || name));
  if (/^admin(\/|$)/i.test(String(binding.route))) {
    throw new Error("The specified route conflicts with one or more built in routes.");
  }
  const methods = (binding.methods as string[]).map((method) => method.toUpperCase());
  return { kind: "http", route, methods, authLevel: String(binding.authLevel).toLowerCase() };
}

/** Only the app's own storage account is modelled, which is what no connection means too. */
function queueTrigger(binding: Binding): Trigger {
  const connection = binding.connection ?? "AzureWebJobsStorage";
  if (connection !== "AzureWebJobsStorage") throw new Error(`The connection '${connection}' is not modelled.`);
  return { kind: "queue", queueName: resolveNames(String(binding.queueName)) };
}

function timerTrigger(binding: Binding): Trigger {
  const expression = resolveNames(String(binding.schedule));
  return {
    kind: "timer",
    expression,
    schedule: parseSchedule(expression),
    useMonitor: binding.useMonitor !== false,
    runOnStartup: binding.runOnStartup === true,
  };
}
