import type { Clock } from "../clock.ts";
import { answerAdmin } from "./admin.ts";
import { adminInput } from "./admin-input.ts";
import { answerWebhook } from "./event-grid-webhook.ts";
import type { Answer, HostRequest } from "./exchange.ts";
import { answerHttp, BY_HOST_API } from "./http-trigger.ts";
import type { Invoke } from "./invocation.ts";
import type { Keys } from "./keys.ts";
import type { Loaded } from "./load-functions.ts";
import type { Log } from "./log.ts";
import { createAdmission } from "./request-limit.ts";
import type { Timer } from "./timers.ts";

interface Running extends Loaded {
  /** Of this instance of the host. */
  id: string;
  timers: Timer[];
  keys: Keys | undefined;
  clock: Clock;
  invoke: Invoke;
  log: Log;
}

/** Makes what answers every request: the host's own endpoints, the webhook, the functions, else 404 without a body. */
export function createAnswer(host: Running): (request: HostRequest) => Promise<Answer> {
  const startedOn = host.clock.now().getTime();
  const admin = {
    ...host,
    uptime: () => host.clock.now().getTime() - startedOn,
    start: (hostFunction: Loaded["functions"][number], text: string) =>
      void host.invoke(hostFunction, { reason: BY_HOST_API, ...adminInput(hostFunction, text, host.timers) }),
  };
  const http = { ...host, admit: createAdmission(host.limits) };
  const webhook = { ...host, now: () => host.clock.now() };
  return async (request) => {
    const own = answerAdmin(request, admin);
    if (own) return own;
    if (host.faults.length > 0) return { status: 503, body: "Function host is not running." };
    const answered = (await answerWebhook(request, webhook)) ?? (await answerHttp(request, http));
    return answered ?? welcome(request) ?? { status: 404 };
  };
}

/** The root shows that the host is up, unless a function is there. */
function welcome({ method, path }: HostRequest): Answer | undefined {
  if (method !== "GET" || path !== "/") return undefined;
  const body = "<!doctype html><title>Function app</title><p>Your function app is up and running.</p>";
  return { status: 200, headers: [["Content-Type", "text/html"]], body };
}
