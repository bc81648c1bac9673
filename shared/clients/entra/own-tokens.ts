import type { GetTokenOptions, TokenCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { Identity } from "../../registration/ports.ts";
import { whyWithoutToken } from "../identity.ts";
import { REMEDIES } from "./refusals.ts";

/** Hands out the app's own access tokens. Microsoft's clients keep them until shortly before they expire. */
export interface OwnTokens {
  /** @throws {UpstreamError} when the identity gets no token, {StalledError} when it is one of another tenant. */
  tokenFor(scope: string): Promise<string>;
  /** A new one in place of what was refused; `claims` are those of the refusal. Everybody gets it from then on. */
  renewed(scope: string, claims?: string): Promise<string>;
  identity(): Promise<Identity>;
}

/** Any claims make the credential ask anew; where a service names none, these demand nothing. */
const NO_CLAIMS = "{}";

/**
 * The app's own identity: the managed identity where the platform offers one, otherwise whatever a developer is
 * signed in with. A token is opaque by contract, but only the `roles` in it say what is effective at this moment, and only
 * its `tid` says in which tenant everything would be written.
 */
export function ownTokens(credential: TokenCredential, { graphUrl, tenantId }: Home): OwnTokens {
  const get = async (scope: string, options: GetTokenOptions): Promise<string> => {
    const got = await credential.getToken(scope, options).catch((error: unknown) => {
      throw withoutToken(scope, error);
    });
    if (!got) throw withoutToken(scope, undefined);
    refuseForeign(got.token, tenantId);
    return got.token;
  };
  const tokenFor = (scope: string) => get(scope, {});
  return {
    tokenFor,
    renewed: (scope, claims = NO_CLAIMS) => get(scope, { claims }),
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

/** Where the app is at home. */
interface Home {
  graphUrl: string;
  tenantId: string;
}

function refuseForeign(token: string, tenantId: string): void {
  const tid = tenantOf(token);
  if (tid === undefined || tid.toLowerCase() === tenantId.toLowerCase()) return;
  throw new StalledError(
    "tenant-mismatch",
    `Cannot work in tenant ${tenantId}: the app's identity belongs to tenant ${tid}`,
    {
      hint: `Set TENANT_ID to ${tid}, or run the app with an identity of tenant ${tenantId}: a managed identity works only in the tenant of its subscription`,
    },
  );
}

function tenantOf(token: string): string | undefined {
  try {
    return decodeJwt<{ tid?: string }>(token).tid;
  } catch {
    return undefined;
  }
}

/** What Entra says reaches us through the platform's endpoint for identities, in its message. */
function withoutToken(scope: string, error: unknown): UpstreamError | StalledError {
  const because = error === undefined ? "" : `: ${firstLine(error)}`;
  const message = `Cannot get a token for "${scope}" as the app's identity${because}`;
  const [, number] = /\bAADSTS(\d+)/.exec(message) ?? [];
  const remedy = remedyFor(Number(number), scope);
  if (remedy) return new StalledError(remedy.code, message, { hint: remedy.hint, cause: error });
  return new UpstreamError(message, { service: "Entra", ...whyWithoutToken(error), cause: error });
}

/** What is said of applications is said of the app's identity here, and of what it signs in to: not only registrations. */
function remedyFor(number: number, scope: string): (typeof REMEDIES)[number] | undefined {
  if (number === 700016 || number === 7000229) return undefined;
  if (number !== 500011 || scope.startsWith("api:")) return REMEDIES[number];
  return {
    code: "tenant-mismatch",
    hint: "Correct GRAPH_URL, ARM_URL and KEY_VAULT_URL: the cloud that the app's identity belongs to has no service at the address that the message names",
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

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
}
