import type { Registration } from "./core-api.ts";
import { HostFault } from "./host-fault.ts";
import type { HostJson } from "./host-json.ts";
import { type NamedTrigger, readTrigger, type Trigger } from "./trigger.ts";

/** A function that the host can run. */
export interface HostFunction extends Registration, NamedTrigger {
  name: string;
}

/** What indexing found. `functions` come in the order in which their routes are tried. */
export interface Indexed {
  functions: HostFunction[];
  inError: { name: string; reason: string }[];
  disabled: string[];
  /** What keeps the whole host from running: every request is then answered 503. */
  hostFaults: string[];
}

/** Judges what the app registered. Routes compete in the order of function names: azure-functions-host issue #9876. */
export function indexFunctions(registrations: Registration[], hostJson: HostJson): Indexed {
  const indexed: Indexed = { functions: [], inError: [], disabled: [], hostFaults: [] };
  const sorted = [...registrations].sort((a, b) => (ordinal(a.metadata.name) < ordinal(b.metadata.name) ? -1 : 1));
  let previous = "";
  for (const registration of sorted) {
    const { name } = registration.metadata;
    if (ordinal(previous) === ordinal(name))
      indexed.hostFaults.push(`'${previous}' and '${name}' differ only in case.`);
    previous = name;
    try {
      const named = readTrigger(registration, hostJson);
      refuseName(name);
      refuseRouteConflict(named.trigger, indexed.functions);
      if (isDisabled(name)) indexed.disabled.push(name);
      else indexed.functions.push({ ...registration, ...named, name });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof HostFault) indexed.hostFaults.push(reason);
      else indexed.inError.push({ name, reason });
    }
  }
  return indexed;
}

/** .NET compares names ordinally, with letters in upper case. */
function ordinal(name: string): string {
  return name.toUpperCase();
}

/** Microsoft Learn: "How to disable functions in Azure Functions". */
function isDisabled(name: string): boolean {
  const value = process.env[`AzureWebJobs.${name}.Disabled`] ?? process.env[`AzureWebJobs__${name}__Disabled`];
  return value === "1" || value?.toLowerCase() === "true";
}

function refuseName(name: string): void {
  if (!/^[a-z][\w-]{0,127}$/i.test(name)) throw new Error(`'${name}' is not a valid function name.`);
}

function refuseRouteConflict(trigger: Trigger, earlier: HostFunction[]): void {
  if (trigger.kind !== "http") return;
  const twin = earlier.find(
    ({ trigger: other }) =>
      other.kind === "http" &&
      other.route.template.toLowerCase() === trigger.route.template.toLowerCase() &&
      other.methods.some((method) => trigger.methods.includes(method)),
  );
  if (twin) throw new Error(`The route specified conflicts with the route defined by function '${twin.name}'.`);
}
