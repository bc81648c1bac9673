import { decodeJwt, decodeProtectedHeader } from "jose";
import type { Fault } from "./finding.ts";
import type { Schemas } from "./schemas.ts";

/** An origin on this machine, at the start of an issuer. */
const LOCAL_ORIGIN = /^https?:\/\/(?:[\w-]+\.)*(?:localhost|127\.0\.0\.1)(?::\d+)?\//;

/** Which schema an app-only access token falls under, and what is wrong with its claims. Signatures are not checked. */
export function tokenFaults(token: string, schemas: Schemas): { schema: string; faults: Fault[] } {
  const claims = readClaims(token);
  if (!claims) return { schema: "access token", faults: [{ at: "/access_token", text: "is no signed JWT" }] };
  const version = claims.ver === "1.0" ? "1" : "2";
  const schema = `AppOnlyV${version}AccessToken`;
  const origin = version === "1" ? "https://sts.windows.net/" : "https://login.microsoftonline.com/";
  const issuer = claims.iss;
  const published = typeof issuer === "string" ? { ...claims, iss: issuer.replace(LOCAL_ORIGIN, origin) } : claims;
  const faults = schemas.faults(`entra#/$defs/${schema}`, published);
  return { schema, faults: faults.map(({ at, text }) => ({ at: `/access_token${at}`, text })) };
}

function readClaims(token: string): Record<string, unknown> | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return alg === "RS256" && kid ? decodeJwt(token) : undefined;
  } catch {
    return undefined;
  }
}
