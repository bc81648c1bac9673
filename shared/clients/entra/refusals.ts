import * as z from "zod";
import { StalledError, UpstreamError } from "../../errors.ts";
import type { CodeOf } from "../../problems/problems.ts";
import type { Answer } from "../http.ts";
import { PASSING } from "../identity.ts";

const failure = z.object({ error: z.string(), error_codes: z.array(z.number()).default([]) });

interface Remedy {
  code: CodeOf<409>;
  hint: string;
}

const missing = (hint: string): Remedy => ({ code: "registration-missing", hint });
const blocked = (hint: string): Remedy => ({ code: "sign-in-blocked", hint });
const misplaced = (hint: string): Remedy => ({ code: "tenant-mismatch", hint });

const disabledResource = blocked(
  'Enable what the sign-in is for in Entra (Enterprise applications > Properties > "Enabled for users to sign-in"): the server registration, or the service that the message names. Entra issues no tokens for it',
);
const restrictedTenant = blocked(
  "Allow the tenant in the tenant restrictions of the proxy or firewall between the app and Entra: it lets nobody sign in to this tenant",
);
const otherCloud = misplaced(
  "Set AUTHORITY_HOST, GRAPH_URL and ARM_URL to the addresses of the cloud that the tenant is in: the application is registered in another cloud",
);

/** What an operator does about a refusal that waiting does not cure. */
export const REMEDIES: Record<number, Remedy> = {
  700016: missing(
    "Call POST /api/provision: the application does not exist in this tenant. If SERVER_CLIENT_ID or INGESTION_CLIENT_ID names it, correct the setting",
  ),
  7000229: missing("Call POST /api/provision: the application has no service principal in this tenant"),
  500011: missing("Call POST /api/provision: the server registration has no service principal"),
  7000112: blocked(
    'Enable the application in Entra: Enterprise applications > Properties > "Enabled for users to sign-in"',
  ),
  501051: blocked(
    'Call POST /api/consent: "Assignment required" is set on the server registration, so whoever signs in there needs its app role Ingestion.Run',
  ),
  53003: blocked(
    "Exclude the service principal from the Conditional Access policy for workload identities that blocks it",
  ),
  530003: blocked(
    "Exclude the service principal from the Conditional Access policy that requires a managed device: an application has none",
  ),
  90002: misplaced(
    "Correct TENANT_ID: Entra finds no such tenant in this cloud. For a tenant in a sovereign cloud, set AUTHORITY_HOST, GRAPH_URL and ARM_URL to the addresses of that cloud",
  ),
  900382: otherCloud,
  900432: otherCloud,
  90038: otherCloud,
  50001: disabledResource,
  500014: disabledResource,
  500021: restrictedTenant,
  500022: restrictedTenant,
  530032: blocked("Exclude the service principal from the tenant's security policy that blocks it"),
};

/** The AADSTS codes of an answer that refuses. */
export function aadstsIn(json: unknown): number[] {
  return failure.safeParse(json).data?.error_codes ?? [];
}

/** Entra's refusal: `StalledError` where a person must act, and it is known how, `UpstreamError` otherwise. */
export function entraRefusal(
  action: string,
  { status, json, retryAfterSeconds }: Answer,
): StalledError | UpstreamError {
  const [code] = aadstsIn(json);
  const message = `Cannot ${action}: Entra answered ${status}${code ? ` AADSTS${code}` : ""}`;
  const remedy = code === undefined ? undefined : REMEDIES[code];
  if (remedy) return new StalledError(remedy.code, message, { hint: remedy.hint });
  return new UpstreamError(message, {
    service: "Entra",
    status,
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
    ...(code ? { serviceCode: `AADSTS${code}` } : {}),
    ...(code && PASSING.has(code) ? { code: "entra-unavailable" } : {}),
  });
}
