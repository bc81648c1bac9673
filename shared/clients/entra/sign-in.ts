import { decodeJwt } from "jose";
import * as z from "zod";
import type { SignIn } from "../../delivery/ports.ts";
import { UpstreamError } from "../../errors.ts";
import { request } from "../http.ts";
import { aadstsIn, entraRefusal } from "./refusals.ts";

export interface SignInRequest {
  clientId: string;
  clientSecret: string;
  /** `<App ID URI>/.default`. */
  scope: string;
}

const success = z.object({ access_token: z.string() });
const INVALID_SECRET = 7000215;
const EXPIRED_SECRET = 7000222;

/**
 * Signs in as an application with a client secret, by our own request: MSAL caches failures, so it cannot prove a
 * secret that has just been issued.
 * @throws {UpstreamError} when Entra is unwell, {StalledError} when it refuses for another reason than the secret.
 */
export function signIn(authority: string): (how: SignInRequest) => Promise<SignIn> {
  const url = `${authority}/oauth2/v2.0/token`;
  return async ({ clientId, clientSecret, scope }) => {
    const action = `sign in as application ${clientId}`;
    const answer = await request("Entra", action, {
      url,
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      }),
    });
    if (answer.status === 200) return signedIn(action, answer.json);
    const codes = aadstsIn(answer.json);
    if (codes.includes(INVALID_SECRET)) return { kind: "unknown-secret" };
    if (codes.includes(EXPIRED_SECRET)) return { kind: "expired-secret" };
    throw entraRefusal(action, answer);
  };
}

/** Something else than a token comes from what stands between the app and Entra. */
function signedIn(action: string, json: unknown): SignIn {
  try {
    const { access_token: accessToken } = success.parse(json);
    return { kind: "signed-in", accessToken, objectId: decodeJwt<{ oid?: string }>(accessToken).oid ?? "" };
  } catch {
    const message = `Cannot ${action}: the answer contains no token (is there a proxy in between?)`;
    throw new UpstreamError(message, { service: "Entra", status: 200 });
  }
}
