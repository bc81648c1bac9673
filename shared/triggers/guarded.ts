import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { z } from "zod";
import { codeOf, InputError, quoted } from "../errors.ts";
import { answerError, faultsOf } from "./answer.ts";
import { type Caller, callerOf, type Permission, requireRole, type VerifyToken } from "./caller.ts";
import { type LogEvent, logEvent } from "./log-event.ts";

/** What guards the HTTP functions. */
export interface Guard<Settings> {
  /** @throws {SettingsError} when the deployment is wrong. */
  settings(): Settings;
  /** undefined where function keys guard instead. */
  verifyToken(): VerifyToken | undefined;
  now(): Date;
}

/** One authorised call. `beganOn` is when it came in. */
export interface Call<Settings> {
  request: HttpRequest;
  context: InvocationContext;
  settings: Settings;
  beganOn: Date;
  /** Writes down who asks for what, before it is done. */
  asked(what: Pick<LogEvent, "deployment" | "credential" | "because" | "dryRun">): void;
}

/** A handler that lets in only who may, answers every error by the contract, and logs whom it refuses, and why. */
export function guarded<Settings>(
  guard: Guard<Settings>,
  needs: Permission,
  handle: (call: Call<Settings>) => Promise<HttpResponseInit>,
): HttpHandler {
  return async (request, context) => {
    let caller: Caller | undefined;
    try {
      const settings = guard.settings();
      const verify = guard.verifyToken();
      if (verify) {
        caller = await callerOf(request.headers.get("authorization"), verify);
        requireRole(caller, needs);
      }
      const asked: Call<Settings>["asked"] = (what) => {
        const message = `${request.method} ${new URL(request.url).pathname}`;
        logEvent(context, "info", { event: "asked", message, ...what, caller: idsOf(caller) });
      };
      return await handle({ request, context, settings, beganOn: guard.now(), asked });
    } catch (error) {
      const answer = answerError(error);
      if (answer.status !== 202) logRefusal(context, error, { status: answer.status, caller: idsOf(caller) });
      return answer;
    }
  };
}

function logRefusal(context: InvocationContext, error: unknown, about: Pick<LogEvent, "status" | "caller">): void {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : "not an Error";
  const stack = code === "internal-error" && error instanceof Error ? error.stack : undefined;
  const level = (about.status ?? 500) < 500 ? "warn" : "error";
  logEvent(context, level, { event: "refused", message, code, ...about, stack });
}

function idsOf(caller: Caller | undefined): LogEvent["caller"] {
  return caller && { oid: caller.oid, appId: caller.appId };
}

/**
 * Reads a JSON body; none at all counts as `{}`.
 * @throws {InputError} when it is no JSON, or has another shape.
 */
export async function readBody<T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.output<T>> {
  const text = await request.text();
  let body: unknown;
  try {
    body = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new InputError("body-invalid", "Cannot read the request body: it is not JSON", {
      hint: 'Send a JSON object, for example {"dryRun":true}',
    });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InputError("body-invalid", `Cannot read the request body: ${faultsOf(parsed.error)}`, {
    hint: "Correct the fields named above; the README lists the fields of each call",
  });
}

/**
 * Finds the deployment that a caller means; the only one need not be named.
 * @throws {InputError} that names those that there are.
 */
export function pickDeployment<D extends { name: string }>(deployments: readonly D[], name: string | undefined): D {
  const [only, ...others] = deployments;
  const found = name === undefined && others.length === 0 ? only : deployments.find((one) => one.name === name);
  if (found) return found;
  const names = deployments.map((one) => `"${one.name}"`).join(", ");
  throw new InputError(
    "deployment-unknown",
    name === undefined ? "Cannot choose a deployment: there are several" : `Cannot find deployment ${quoted(name)}`,
    { hint: `Send "deployment" with one of ${names}` },
  );
}
