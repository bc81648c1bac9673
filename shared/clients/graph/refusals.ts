import { GraphError } from "@microsoft/microsoft-graph-client";
import type * as z from "zod";
import { UpstreamError } from "../../errors.ts";
import { secondsToWait } from "../http.ts";

/** Does Graph's own message contain one of these fragments? Its codes are shared by unlike failures. */
export function saysOneOf(error: unknown, fragments: readonly string[]): boolean {
  const text = error instanceof UpstreamError ? error.message.toLowerCase() : "";
  return fragments.some((fragment) => text.includes(fragment.toLowerCase()));
}

/**
 * What Graph says about an object that another replica has already made. No document lists the texts; they are from
 * public reports: hashicorp/terraform-provider-azuread #611 and #652, microsoftgraph/msgraph-bicep-types #193,
 * Azure/azure-cli #14767, microsoftgraph/msgraph-sdk-dotnet #2044 (a scope that the request before this one made).
 */
const NOT_REPLICATED = [
  "does not reference a valid application object",
  "backing application of the service principal",
  "does not exist or one of its queried reference-property objects are not present",
  "not a valid reference update",
  "permission being assigned was not found on application",
  "permissions requested by the application are invalid or out of date",
  "permission id that cannot be found in the apppermissions sets",
];

/** Does a request fail only because not all replicas know a new object yet? */
export function awaitsReplication(error: unknown): boolean {
  if (!(error instanceof UpstreamError)) return false;
  return (
    error.status === 404 || error.serviceCode === "Directory_ConcurrencyViolation" || saysOneOf(error, NOT_REPLICATED)
  );
}

/** Graph's answer in the shape that we need. @throws {UpstreamError} that names the action. */
export function shaped<T extends z.ZodType>(schema: T, answer: unknown, action: string): z.output<T> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new UpstreamError(`Cannot ${action}: Microsoft Graph answered something unexpected`, {
    service: "Microsoft Graph",
    status: 200,
    cause: parsed.error,
  });
}

/** What comes from something that stands between the app and Graph. */
export function notJson(action: string): UpstreamError {
  return new UpstreamError(
    `Cannot ${action}: the answer is not JSON (is there a proxy between the app and Microsoft Graph?)`,
    {
      service: "Microsoft Graph",
      status: 200,
    },
  );
}

/**
 * A refusal in the form of Graph's, which says nothing where it came from something else, such as a gateway: of any other
 * the client drops the headers, and with them when to come again and which token to bring.
 */
export async function inGraphsForm(response: Response): Promise<Response> {
  const text = await response.text();
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/json");
  return new Response(isGraphs(text) ? text : '{"error":{}}', { status, statusText, headers });
}

function isGraphs(text: string): boolean {
  try {
    return typeof JSON.parse(text)?.error?.code === "string";
  } catch {
    return false;
  }
}

/** Says what failed, in Graph's own words; never shows a piece of an answer. */
export function graphError(action: string, error: unknown): UpstreamError {
  if (!(error instanceof GraphError)) {
    return new UpstreamError(
      `Cannot ${action}: Microsoft Graph does not answer (${error instanceof Error ? error.name : "no reason given"})`,
      {
        service: "Microsoft Graph",
        status: 0,
        cause: error,
      },
    );
  }
  // The message of a SyntaxError shows a piece of the answer, which may be of a secret.
  if (error.code === "SyntaxError") return notJson(action);
  const code = error.code ?? undefined;
  // An answer that broke off, or came too slowly, has the status that it began with, and the failure's name as its code.
  const brokeOff = error.statusCode < 300 && ["TimeoutError", "AbortError", "TypeError"].includes(code ?? "");
  const status = brokeOff ? 0 : Math.max(0, error.statusCode);
  const said =
    status === 0
      ? `does not answer (${error.message || code})`
      : `answered ${status}${code ? ` ${code}` : ""}${error.message ? ` "${error.message}"` : ""}`;
  return new UpstreamError(`Cannot ${action}: Microsoft Graph ${said}`, {
    service: "Microsoft Graph",
    status,
    serviceCode: code,
    cause: error,
    ...(code === "Directory_ConcurrencyViolation" ? { code: "graph-unavailable" } : {}),
    retryAfterSeconds: error.headers ? secondsToWait(error.headers) : 0,
  });
}
