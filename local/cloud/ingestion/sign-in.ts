import type { AzureConfig, Mechanism } from "../openmetadata/mechanism.ts";
import { send } from "./request.ts";

/** Ingestion says who it is, so that a fault on the wire can spare it, or mean it. */
const USER_AGENT = { "user-agent": "openmetadata-ingestion" };

/**
 * Signs in as OpenMetadata's ingestion does: with a token, by showing it to OpenMetadata; with Azure SSO, by client
 * credentials at the tenant's token endpoint, and then with the token got there. Once, without a second try. Returns
 * why it was refused, with no secret in it, or `undefined`. Never throws.
 */
export async function signIn(mechanism: Mechanism | undefined, openMetadataUrl: string): Promise<string | undefined> {
  try {
    await showToken(await bearerToken(mechanism), openMetadataUrl);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function bearerToken(mechanism: Mechanism | undefined): Promise<string> {
  if (!mechanism) throw new Error("holds no credential");
  if (mechanism.authType === "JWT") return mechanism.config.JWTToken;
  return requestToken(mechanism.config.authConfig ?? {});
}

/** To the authority that it was handed ingestion adds `/oauth2/v2.0/token`, as msal does. */
async function requestToken({ authority, clientId, clientSecret, scopes }: AzureConfig): Promise<string> {
  if (!authority || !clientId || !clientSecret || !scopes) throw new Error("holds an incomplete credential");
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: scopes.join(" "),
  });
  const { status, body } = await send(`${authority}/oauth2/v2.0/token`, {
    method: "POST",
    headers: { ...USER_AGENT, "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  const token = status === 200 ? propertyOf(body, "access_token") : undefined;
  if (!token)
    throw new Error(`token endpoint answered ${status}: ${propertyOf(body, "error_description") ?? "no token"}`);
  return token;
}

async function showToken(token: string, openMetadataUrl: string): Promise<void> {
  const { status, body } = await send(`${openMetadataUrl}/api/v1/users/loggedInUser`, {
    method: "GET",
    headers: { ...USER_AGENT, authorization: `Bearer ${token}` },
  });
  // A page that is no JSON is no sign-in, whatever its status: a proxy in front may answer 200 for a dead server.
  if (status !== 200)
    throw new Error(`OpenMetadata answered ${status}: ${propertyOf(body, "message") ?? "no message"}`);
  if (!propertyOf(body, "name")) throw new Error(`OpenMetadata answered ${status} without a user`);
}

/** The first line of a text property of a JSON answer. */
function propertyOf(body: string, property: string): string | undefined {
  try {
    const value = (JSON.parse(body) as Record<string, unknown>)[property];
    return typeof value === "string" ? value.split(/\r?\n/)[0] : undefined;
  } catch {
    return undefined;
  }
}
