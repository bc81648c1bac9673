import { HOST_VERSION } from "./core-api.ts";
import { type Answer, type HostRequest, json } from "./exchange.ts";
import type { HostFunction } from "./index-functions.ts";
import { callerOf, type Keys, refusal } from "./keys.ts";
import { runByAdmin } from "./run-by-admin.ts";

interface AdminHost {
  id: string;
  functions: HostFunction[];
  keys: Keys | undefined;
  faults: string[];
  /** Milliseconds since the start. */
  uptime: () => number;
  /** Starts a run in the background. */
  start: (hostFunction: HostFunction, input: string) => void;
}

/**
 * The host's own endpoints (azure-functions-host, "Host status" and "Admin API"): `undefined` outside `/admin`. All
 * but the ping need the master key where keys are enforced. They answer also while the host is in error.
 */
export function answerAdmin(request: HostRequest, host: AdminHost): Answer | undefined {
  const path = request.path.replace(/\/$/, "");
  if (!/^\/admin(\/|$)/i.test(path)) return undefined;
  const [, area = "", name] = path
    .split("/")
    .slice(1)
    .map((part) => part.toLowerCase());
  if (area === "host" && name === "ping") {
    return { status: 200, headers: [["Cache-Control", "no-store, no-cache"]] };
  }
  const refused = refusal(callerOf(request, host.keys), ["master"]);
  if (refused) return refused;
  if (area === "host" && name === "status" && request.method === "GET") return status(host);
  if (area !== "functions") return { status: 404 };
  if (request.method === "GET") return show(request, host, name);
  if (request.method !== "POST" || name === undefined) return { status: 404 };
  return runByAdmin(request, { ...host, name });
}

function status({ id, faults, uptime }: AdminHost): Answer {
  return json(200, {
    id,
    state: faults.length === 0 ? "Running" : "Error",
    version: HOST_VERSION,
    ...(faults.length === 0 ? {} : { errors: faults }),
    processUptime: uptime(),
  });
}

function show(request: HostRequest, host: AdminHost, name: string | undefined): Answer {
  const described = host.functions.map((hostFunction) => describe(request, hostFunction));
  if (name === undefined) return json(200, described);
  const one = described.find((other) => other.name.toLowerCase() === name);
  return one ? json(200, one) : { status: 404 };
}

function describe(request: HostRequest, { name, metadata, trigger }: HostFunction) {
  const origin = new URL(request.url).origin;
  return {
    name,
    config: { name, bindings: Object.values(metadata.bindings), language: "node" },
    invoke_url_template: trigger.kind === "http" ? `${origin}/${trigger.route.template}` : "",
    language: "node",
    isDisabled: false,
  };
}
