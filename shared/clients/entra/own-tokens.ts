import type { TokenCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { UpstreamError } from "../../errors.ts";
import type { Identity } from "../../registration/ports.ts";
import { TOKEN_TIME_OUT_ERROR } from "../azure-bounds.ts";

/** Hands out the app's own access tokens. */
export interface OwnTokens {
  /** @throws {UpstreamError} when the identity gets no token. */
  tokenFor(scope: string): Promise<string>;
  identity(): Promise<Identity>;
}

/**
 * The app's own identity: the managed identity where the platform offers one, otherwise whatever a developer is
 * signed in with. A token is opaque by contract, but only the `roles` in it say what is effective at this moment.
 */
export function ownTokens(credential: TokenCredential, graphUrl: string): OwnTokens {
  const tokenFor = async (scope: string): Promise<string> => {
    try {
      const token = await credential.getToken(scope);
      if (token) return token.token;
    } catch (error) {
      throw new UpstreamError(`Cannot get a token for "${scope}" as the app's identity: ${firstLine(error)}`, {
        service: "Entra",
        status: 0,
        ...(isLate(error) ? {} : { code: "identity-without-token" }),
        cause: error,
      });
    }
    throw new UpstreamError(`Cannot get a token for "${scope}" as the app's identity`, {
      service: "Entra",
      status: 0,
      code: "identity-without-token",
    });
  };
  return {
    tokenFor,
    async identity() {
      const claims = decodeJwt<{ oid?: string; roles?: string[] }>(await tokenFor(`${graphUrl}/.default`));
      return { objectId: claims.oid ?? "", graphPermissions: [...(claims.roles ?? [])].sort() };
    },
  };
}

/** The endpoint of the identity did not answer in time; another attempt may find it. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.name === TOKEN_TIME_OUT_ERROR;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
}
