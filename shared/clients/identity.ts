import type { TokenCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import type { CodeOf } from "../problems/problems.ts";
import { TOKEN_TIME_OUT_ERROR } from "./azure-bounds.ts";

/** What Microsoft's identity clients know of a failure: the platform's status, or their own word where none came. */
interface IdentityFailure {
  name?: string;
  status?: number;
  errorCode?: string;
  message?: string;
  cause?: IdentityFailure;
}

/**
 * AADSTS numbers that a later attempt cures, whatever status they come with. Microsoft Learn: "Microsoft Entra
 * authentication and authorization error codes". 50196 means too many alike in a short time.
 */
export const PASSING: ReadonlySet<number> = new Set([50033, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 90091]);

/** Did the app's own identity get no token, whoever asked for it? */
export function isWithoutToken(error: unknown): boolean {
  const { name = "" } = (error ?? {}) as IdentityFailure;
  return name === TOKEN_TIME_OUT_ERROR || /^(CredentialUnavailable|Authentication)\w*Error$/.test(name);
}

/**
 * Whether the platform's endpoint for identities is unwell (no answer, throttled, a server error), which ends by itself,
 * or refuses. `status` is what it answered, 0 where nothing came.
 */
export function whyWithoutToken(error: unknown): {
  status: number;
  code: CodeOf<502 | 503>;
  serviceCode?: string | undefined;
} {
  const failure = (error ?? {}) as IdentityFailure;
  const { status = 0, errorCode } = failure.status === undefined ? (failure.cause ?? failure) : failure;
  const late = failure.name === TOKEN_TIME_OUT_ERROR;
  // Entra's own code is an answer of Entra's, though it comes through the platform.
  const [serviceCode, number] = /\bAADSTS(\d+)/.exec(failure.message ?? "") ?? [];
  const passes = late || status === 408 || status === 429 || status >= 500 || PASSING.has(Number(number));
  const unwell = passes || errorCode === "network_error";
  if (serviceCode && !unwell) return { status: status || 400, code: "identity-without-token", serviceCode };
  return { status, code: unwell ? "identity-unavailable" : "identity-without-token", serviceCode };
}

/** Where nothing else is said: on a developer's own machine the identity is whoever az is signed in as. */
const SIGNED_IN = "$(az ad signed-in-user show --query id --output tsv)";

/** A credential of the app's own. */
export interface OwnCredential extends TokenCredential {
  /** Finds the object id of its identity, as a piece of a shell's command. */
  readonly lookUp?: string;
}

/**
 * The object id of the app's identity, for a command that gives it a right: from a token, since every one names it, or
 * what finds it in that command, where no token can be had or read.
 */
export async function ownObjectId(token: () => Promise<string | undefined>, lookUp = SIGNED_IN): Promise<string> {
  try {
    const { oid } = decodeJwt<{ oid?: string }>((await token()) ?? "");
    return oid ?? lookUp;
  } catch {
    return lookUp;
  }
}

/** The same, from a token for a service of Azure; `origin` is that of its audience. */
export function objectIdOf(
  credential: { getToken(scope: string): Promise<{ token: string } | null> } & Pick<OwnCredential, "lookUp">,
  origin: string,
): Promise<string> {
  return ownObjectId(async () => (await credential.getToken(`${origin}/.default`))?.token, credential.lookUp);
}
