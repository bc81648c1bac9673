import { parseDelivery, validationCode } from "./event-grid-body.ts";
import { type Answer, type HostRequest, header, text } from "./exchange.ts";
import type { HostFunction } from "./index-functions.ts";
import type { Invoke } from "./invocation.ts";
import { callerOf, type Keys, refusal } from "./keys.ts";
import type { Log } from "./log.ts";

interface WebhookHost {
  functions: HostFunction[];
  keys: Keys | undefined;
  invoke: Invoke;
  log: Log;
  now: () => Date;
}

const PATH = /^\/runtime\/webhooks\/([^/]+)\/?$/i;
const VERBS = ["GET", "PUT", "POST", "DELETE", "OPTIONS"];

/**
 * The webhook to which Event Grid delivers, `/runtime/webhooks/EventGrid?functionName=NAME`, as of the Event Grid
 * extension 3.3 (repository Azure/azure-functions-eventgrid-extension). `undefined` for another path.
 */
export async function answerWebhook(request: HostRequest, host: WebhookHost): Promise<Answer | undefined> {
  const extension = PATH.exec(request.path)?.[1]?.toLowerCase();
  if (extension === undefined) return undefined;
  const known = extension === "eventgrid";
  const refused = refusal(callerOf(request, host.keys), known ? ["eventGrid", "master"] : ["master"]);
  if (refused) return refused;
  if (!known || !VERBS.includes(request.method)) return { status: 404 };

  const name = request.query.get("functionName") ?? "";
  const hostFunction = host.functions.find((other) => other.name === name && other.trigger.kind === "eventGrid");
  if (!hostFunction) return text(404, `cannot find function: '${name}'`);
  if (request.method === "OPTIONS")
    return { status: 200, headers: [["Webhook-Allowed-Origin", "eventgrid.azure.net"]] };
  if (request.method === "GET") return { status: 400 };

  switch (header(request, "aeg-event-type")?.toLowerCase()) {
    case "subscriptionvalidation":
      return shakeHands(request, name, host.log);
    case "notification":
      return deliver(request, hostFunction, host);
    case "unsubscribe":
      return { status: 202 };
    default:
      return { status: 400 };
  }
}

function shakeHands(request: HostRequest, name: string, log: Log): Answer {
  const code = validationCode(request.body.toString("utf8"));
  if (code === undefined) return { status: 500 };
  const message = `perform handshake with eventGrid for function: ${name}`;
  log({ level: "information", category: "Host.Triggers.EventGrid", message, functionName: name });
  return text(200, JSON.stringify({ validationResponse: code }));
}

/** One run for each event, all at once; one that fails makes the whole delivery fail, after the others have ended. */
async function deliver(request: HostRequest, hostFunction: HostFunction, host: WebhookHost): Promise<Answer> {
  const events = parseDelivery(request.body.toString("utf8"));
  if (!events) return { status: 500 };
  const reason = `EventGrid trigger fired at ${host.now().toISOString()}`;
  const runs = events.map(({ event, data }) =>
    host.invoke(hostFunction, {
      reason,
      input: { json: JSON.stringify(event) },
      ...(data === undefined ? {} : { triggerMetadata: { data: { json: JSON.stringify(data) } } }),
    }),
  );
  const failed = (await Promise.all(runs)).some((outcome) => outcome.kind === "failed");
  return failed ? text(500, `Exception while executing function: Functions.${hostFunction.name}`) : { status: 202 };
}
