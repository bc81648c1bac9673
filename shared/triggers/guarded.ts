import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import type { z } from "zod";
import { InputError } from "../errors.ts";
import { answerError, faultsOf, problem } from "./answer.ts";
import { authorize, type Permission, type VerifyToken } from "./caller.ts";

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
}

/** A handler that lets in only who may, and answers every error by the contract. */
export function guarded<Settings>(
  guard: Guard<Settings>,
  needs: Permission,
  handle: (call: Call<Settings>) => Promise<HttpResponseInit>,
): HttpHandler {
  return async (request, context) => {
    try {
      const settings = guard.settings();
      const verify = guard.verifyToken();
      if (verify) {
        const refusal = await refuse(request, needs, verify);
        if (refusal) return refusal;
      }
      return await handle({ request, context, settings, beganOn: guard.now() });
    } catch (error) {
      return answerError(error, (line) => context.error(line));
    }
  };
}

async function refuse(request: HttpRequest, needs: Permission, verify: VerifyToken) {
  const access = await authorize(request.headers.get("authorization"), needs, verify);
  switch (access.kind) {
    case "allowed":
      return undefined;
    case "unknown-caller":
      return problem({
        status: 401,
        title: "Unknown caller",
        detail: "Cannot accept the request: it needs a valid bearer token of the tenant for this API",
        hint: 'Get one with: az account get-access-token --scope "api://<API_AUDIENCE>/.default"',
        headers: { "www-authenticate": "Bearer" },
      });
    case "role-missing":
      return problem({
        status: 403,
        title: "Not allowed",
        detail: `Cannot accept the request: the token lacks the app role "${access.role}"`,
        hint: `Assign the app role "${access.role}" of this API to the caller in Entra (Enterprise applications)`,
      });
    default:
      return access satisfies never;
  }
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
    throw new InputError(
      "Cannot read the request: the body is not JSON",
      'Send a JSON object, for example {"dryRun":true}',
    );
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `Cannot read the request: ${faultsOf(parsed.error)}`,
    "Correct what is named; the README lists the fields of each call",
  );
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
    name === undefined ? "Cannot choose a deployment: there are several" : `Cannot find deployment "${name}"`,
    `Send "deployment" as one of ${names}`,
  );
}
