import type { Context } from "hono";
import type { JWTPayload } from "jose";
import { z } from "zod";
import type { Directory } from "../directory/create-directory.ts";
import { GRAPH_APP_ID } from "../directory/microsoft-graph.ts";
import { refuse } from "./refusal.ts";

/** The application that makes a request, and the permissions of its token. */
export interface Caller {
  objectId: string;
  appId: string;
  permissions: Set<string>;
}

/** What the routes find in their context. */
export interface Authenticated {
  Variables: {
    caller: Caller;
    requestId: string;
    clientRequestId: string;
    /** The most objects that a page may hold. */
    pageSize: number;
  };
}

const claims = z.object({
  aud: z.string(),
  oid: z.string(),
  tid: z.string(),
  appid: z.string().optional(),
  azp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

/** Who the bearer token says is calling; 401 unless it was issued by this tenant, for Graph, and is still valid. */
export async function readCaller(c: Context, directory: Directory): Promise<Caller> {
  const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!token) throw unauthenticated("Access token is empty.");
  const verified = await verify(token, directory);
  const parsed = claims.safeParse(verified);
  if (!parsed.success || parsed.data.tid !== directory.tenantId) {
    throw unauthenticated("Access token validation failure. Invalid claims.");
  }
  const { aud, oid, appid, azp, roles } = parsed.data;
  if (directory.isRevoked(verified)) throw challenge(directory);
  if (directory.findResource(aud)?.principal?.appId !== GRAPH_APP_ID) {
    throw unauthenticated("Access token validation failure. Invalid audience.");
  }
  return { objectId: oid, appId: appid ?? azp ?? "", permissions: new Set(roles) };
}

async function verify(token: string, { keys, state }: Directory): Promise<JWTPayload> {
  try {
    return await keys.verify(token, state.clock.now());
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ERR_JWT_EXPIRED") throw unauthenticated("Lifetime validation failed, the token is expired.");
    if (code === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") {
      throw unauthenticated("Access token validation failure. Invalid signature.");
    }
    throw unauthenticated("Access token validation failure. The token is not well formed.");
  }
}

/**
 * Continuous access evaluation: a token that was good once shall be exchanged for one that was issued after the moment
 * named in the claims (Microsoft Learn: "Claims challenges, claims requests and client capabilities"; the header as in
 * microsoftgraph/msgraph-sdk-dotnet #1416).
 */
function challenge({ state }: Directory) {
  const nbf = String(Math.floor(state.clock.now().getTime() / 1000));
  const wanted = JSON.stringify({ access_token: { nbf: { essential: true, value: nbf } } });
  const reason =
    "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp";
  const pairs = [
    'realm=""',
    'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
    `client_id="${GRAPH_APP_ID}"`,
    'error="insufficient_claims"',
    `claims="${Buffer.from(wanted).toString("base64")}"`,
    `error_description="${reason}"`,
  ];
  return refuse(401, "InvalidAuthenticationToken", reason, { "WWW-Authenticate": `Bearer ${pairs.join(", ")}` });
}

function unauthenticated(message: string) {
  return refuse(401, "InvalidAuthenticationToken", message);
}
