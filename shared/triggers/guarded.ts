import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type * as z from "zod";
import { InputError, quoted } from "../errors.ts";
import { type AskedEvent, type RefusedEvent, remedyOf } from "../log.ts";
import { answerError, faultsOf } from "./answer.ts";
import { bodyText } from "./body-text.ts";
import { type Caller, type Callers, callerOf, type Permission, requireRole } from "./caller.ts";
import { logEvent } from "./log-event.ts";
import { refuseStray } from "./stray.ts";

/** What guards the HTTP functions. */
export interface Guard<Settings, Deployment> {
  /** @throws {SettingsError} when the deployment is wrong. */
  settings(): Settings;
  /** Those that can be served, and what is wrong with the others. Asked for only once the caller is let in. */
  fleet(): Promise<Fleet<Deployment>>;
  /** undefined where function keys guard instead. @throws {SettingsError} when nobody can be verified. */
  callers(): Callers | undefined;
  now(): Date;
}

interface Fleet<Deployment> {
  deployments: readonly Deployment[];
  faults: readonly string[];
}

/** One authorised call. `beganOn` is when it came in. */
export interface Call<Settings, Deployment> extends Fleet<Deployment> {
  request: HttpRequest;
  context: InvocationContext;
  settings: Settings;
  beganOn: Date;
  /** Writes down who asks for what, before it is done. */
  asked(what: Pick<AskedEvent, "deployment" | "credential" | "because" | "dryRun">): void;
}

/** How an HTTP function lets somebody in: who may, where their token stands, and how the others are answered. */
export interface Door {
  needs: Permission;
  /** The id token of a session will do. */
  takesIdTokens?: boolean;
  authorizationOf(request: HttpRequest): string | null;
  refuse(error: unknown, request: HttpRequest): Promise<HttpResponseInit>;
}

/** That of the API: a bearer token, and problem details. */
function doorOfApi(needs: Permission): Door {
  const refuse = async (error: unknown) => answerError(error);
  return { needs, authorizationOf: ({ headers }) => headers.get("authorization"), refuse };
}

/** A handler that lets in only who may, answers every error by the contract, and logs whom it refuses, and why. */
export function guarded<Settings, Deployment>(
  guard: Guard<Settings, Deployment>,
  entrance: Permission | Door,
  handle: (call: Call<Settings, Deployment>) => Promise<HttpResponseInit>,
): HttpHandler {
  const door = typeof entrance === "string" ? doorOfApi(entrance) : entrance;
  return async (request, context) => {
    let caller: Caller | undefined;
    try {
      const callers = guard.callers();
      if (callers) {
        caller = await callerOf(door.authorizationOf(request), callers, door);
        requireRole(caller, door.needs);
      }
      // What is wrong with them is told only to those who may know.
      const settings = guard.settings();
      const asked: Call<Settings, Deployment>["asked"] = (what) => {
        const message = `${request.method} ${new URL(request.url).pathname}`;
        logEvent(context, { event: "asked", message, ...what, caller: idsOf(caller) });
      };
      const { deployments, faults } = await guard.fleet();
      return await handle({ deployments, faults, request, context, settings, beganOn: guard.now(), asked });
    } catch (error) {
      const answer = await door.refuse(error, request);
      if (answer.status !== 202) logRefusal(context, error, { status: answer.status ?? 500, caller: idsOf(caller) });
      return answer;
    }
  };
}

function logRefusal(context: InvocationContext, error: unknown, about: Pick<RefusedEvent, "status" | "caller">): void {
  const { code, hint } = remedyOf(error);
  const message = error instanceof Error ? error.message : "not an Error";
  const stack = code === "internal-error" && error instanceof Error ? error.stack : undefined;
  logEvent(context, { event: "refused", message, code, hint, ...about, stack });
}

function idsOf(caller: Caller | undefined): RefusedEvent["caller"] {
  return caller && { oid: caller.oid, appId: caller.appId };
}

/**
 * Reads the query of a call that has no body. @throws {InputError} when anything in it, or in the headers, has no effect.
 */
export function readQuery(request: HttpRequest, parameters: readonly string[]): URLSearchParams {
  refuseStray(request, { parameters, fields: [] });
  return request.query;
}

/**
 * Reads a JSON body. @throws {InputError} when it is missing, too large or no JSON, has another shape, or when something
 * stands beside it that has no effect.
 */
export async function readBody<T extends z.ZodObject>(request: HttpRequest, schema: T): Promise<z.output<T>> {
  const fields = Object.keys(schema.shape);
  refuseStray(request, { parameters: [], fields });
  const parsed = schema.safeParse(parseJson(await bodyText(request)));
  if (parsed.success) return parsed.data;
  throw new InputError("body-invalid", `Cannot read the request body: ${faultsOf(parsed.error)}`, {
    hint: `Correct the fields named above; this call takes ${fields.join(", ")}`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError("body-invalid", "Cannot read the request body: it is not JSON", {
      hint: 'Send a JSON object, for example {"dryRun":true}',
    });
  }
}

/**
 * Finds the deployment that a caller means; the only one need not be named. One that is left of several, because something
 * is wrong with the others, is not the only one: it may be another that is meant.
 * @throws {InputError} that names those that there are.
 */
export function pickDeployment<D extends { name: string }>(
  { deployments, faults }: Fleet<D>,
  name: string | undefined,
): D {
  const [only, ...others] = deployments;
  const isAlone = others.length === 0 && faults.length === 0;
  const found = name === undefined && isAlone ? only : deployments.find((one) => one.name === name);
  if (found) return found;
  const names = deployments.map((one) => `"${one.name}"`).join(", ");
  throw new InputError(
    "deployment-unknown",
    name === undefined ? "Cannot choose a deployment: there are several" : `Cannot find deployment ${quoted(name)}`,
    { hint: `Send "deployment" with one of ${names}` },
  );
}
