import type { TokenCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Identity } from "../../registration/ports.ts";
import { REMEDIES } from "./remedies.ts";

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
      throw refusal(`Cannot get a token for "${scope}" as the app's identity: ${firstLine(error)}`, error);
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
      const claims = decodeJwt<Claims>(await tokenFor(`${graphUrl}/.default`));
      const { oid = "", roles = [], appid, azp, scp } = claims;
      return {
        objectId: oid,
        appId: scp === undefined ? (appid ?? azp) : undefined,
        graphPermissions: [...roles].sort(),
      };
    },
  };
}

/** Of tokens of version 1 and 2; only one that stands for a person has `scp`. */
interface Claims {
  oid?: string;
  roles?: string[];
  appid?: string;
  azp?: string;
  scp?: string;
}

/** What Entra says reaches us through the platform's endpoint for identities, in its message. */
function refusal(message: string, cause: unknown): UpstreamError | StalledError {
  const { statusCode } = (cause ?? {}) as { statusCode?: number };
  const [serviceCode, number] = /\bAADSTS(\d+)/.exec(message) ?? [];
  const remedy = REMEDIES[Number(number)];
  if (remedy) return new StalledError(remedy.code, message, { hint: remedy.hint, cause });
  const status = statusCode ?? (serviceCode ? 400 : 0);
  return new UpstreamError(message, { service: "Entra", status, serviceCode, code: "identity-without-token", cause });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
}
