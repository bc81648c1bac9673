import { decodeJwt } from "jose";
import { z } from "zod";
import type { SignIn } from "../../delivery/ports.ts";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { CodeOf } from "../../problems/problems.ts";
import { request } from "../http.ts";

export interface SignInRequest {
  clientId: string;
  clientSecret: string;
  /** `<App ID URI>/.default`. */
  scope: string;
}

const success = z.object({ access_token: z.string() });
const failure = z.object({ error: z.string(), error_codes: z.array(z.number()).default([]) });

/** AADSTS codes that a later attempt cures. Microsoft Learn: "Microsoft Entra authentication and authorization error codes". */
const TRANSIENT = new Set([90006, 90024, 90033, 90055, 90090]);
const INVALID_SECRET = 7000215;
const EXPIRED_SECRET = 7000222;

interface Remedy {
  code: CodeOf<409>;
  hint: string;
}

const PROVISION: Remedy = {
  code: "registration-missing",
  hint: "Call POST /api/provision: the application, or its service principal, does not exist in this tenant",
};

/** What an operator does about a refusal that waiting does not cure. */
const REMEDIES: Record<number, Remedy> = {
  700016: PROVISION,
  7000229: PROVISION,
  500011: { ...PROVISION, hint: "Call POST /api/provision: the server registration has no service principal" },
  7000112: {
    code: "sign-in-blocked",
    hint: 'Enable the application in Entra: Enterprise applications > Properties > "Enabled for users to sign-in"',
  },
  501051: {
    code: "sign-in-blocked",
    hint: "Call POST /api/consent: the server registration requires an app role that the application lacks",
  },
  53003: {
    code: "sign-in-blocked",
    hint: "Exclude the service principal from the Conditional Access policy for workload identities that blocks it",
  },
};

/**
 * Signs in as an application with a client secret, by our own request: MSAL caches failures, so it cannot prove a
 * secret that has just been issued.
 * @throws {UpstreamError} when Entra is unwell, {StalledError} when it refuses for another reason than the secret.
 */
export function signIn(authority: string): (how: SignInRequest) => Promise<SignIn> {
  const url = `${authority}/oauth2/v2.0/token`;
  return async ({ clientId, clientSecret, scope }) => {
    const action = `sign in as application ${clientId}`;
    const {
      status,
      json,
      retryAfterSeconds = 0,
    } = await request("Entra", action, {
      url,
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      }),
    });
    if (status === 200) return signedIn(action, json);
    const codes = failure.safeParse(json).data?.error_codes ?? [];
    if (codes.includes(INVALID_SECRET)) return { kind: "unknown-secret" };
    if (codes.includes(EXPIRED_SECRET)) return { kind: "expired-secret" };
    const [code] = codes;
    const message = `Cannot ${action}: Entra answered ${status}${code ? ` AADSTS${code}` : ""}`;
    const remedy = code === undefined ? undefined : REMEDIES[code];
    if (remedy) throw new StalledError(remedy.code, message, { hint: remedy.hint });
    throw new UpstreamError(message, {
      service: "Entra",
      status,
      retryAfterSeconds,
      ...(code ? { serviceCode: `AADSTS${code}` } : {}),
      ...(code && TRANSIENT.has(code) ? { code: "entra-unavailable" } : {}),
    });
  };
}

/** Something else than a token comes from what stands between the app and Entra. */
function signedIn(action: string, json: unknown): SignIn {
  try {
    const { access_token: accessToken } = success.parse(json);
    return { kind: "signed-in", accessToken, objectId: decodeJwt<{ oid?: string }>(accessToken).oid ?? "" };
  } catch {
    const message = `Cannot ${action}: the answer holds no token (is there a proxy in between?)`;
    throw new UpstreamError(message, { service: "Entra", status: 200 });
  }
}
