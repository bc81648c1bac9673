import { callerTokenCommand } from "../deployment/caller-token.ts";
import { CallerError } from "../errors.ts";
import type { CallerIds } from "../log.ts";

/** What a caller must be allowed to do. */
export type Permission = "Automation.Run" | "Automation.Read";

/** The claims of a bearer token that has been verified. */
export interface Caller extends CallerIds {
  roles: string[];
  /** The client id of the API that the token is for. */
  audience: string;
}

/** Verifies a bearer token: signature, issuer, audience, life; undefined when it is not good. */
export type VerifyToken = (token: string) => Promise<Caller | undefined>;

/** How callers are known: by a token for the API with this client id. */
export interface Callers {
  verify: VerifyToken;
  audience: string;
}

/**
 * Who sends this header? An id token, which only says who somebody is, has the same issuer, audience and roles as an access
 * token; that names the application which it was issued to, and an id token does not (Microsoft Learn: "Access token claims
 * reference", `azp` and `appid`).
 * @throws {CallerError} when its token is not good, or there is none.
 */
export async function callerOf(
  authorization: string | null,
  { verify, audience }: Callers,
  { takesIdTokens = false } = {},
): Promise<Caller> {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? "") ?? [];
  const caller = token === undefined ? undefined : await verify(token);
  if (caller && (takesIdTokens || caller.appId !== undefined)) return caller;
  throw new CallerError("caller-unknown", "Cannot accept the request: it has no valid bearer token for this API", {
    // The client id is no secret: Entra's sign-in page shows it to everybody.
    hint: `Get a token with:\n${callerTokenCommand(audience)}`,
  });
}

/** Whoever may run may also read. @throws {CallerError} when the caller may not do it. */
export function requireRole({ roles, oid, audience }: Caller, needs: Permission): void {
  const accepted: Permission[] = needs === "Automation.Read" ? ["Automation.Read", "Automation.Run"] : [needs];
  if (accepted.some((role) => roles.includes(role))) return;
  const permit = `npm run permit -- --api ${audience} --${needs === "Automation.Run" ? "runner" : "reader"} ${oid}`;
  const byCommand = oid ? ` For a pipeline's identity, in a checkout of this project:\n${permit}` : "";
  throw new CallerError("caller-role-missing", `Cannot accept the request: the caller lacks the app role "${needs}"`, {
    hint: `Assign the app role "${needs}" to the caller in Entra (Enterprise applications, this API, Users and groups).${byCommand}`,
  });
}
