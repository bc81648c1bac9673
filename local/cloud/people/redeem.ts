import { send } from "../ingestion/request.ts";
import type { SecurityConfiguration } from "../openmetadata/security-configuration.ts";

/** Says whose request it is, so that a fault on the wire can spare it, or mean it. */
const USER_AGENT = { "user-agent": "openmetadata-server" };

/**
 * Proves the server to Entra as it does when it redeems a person's code. The stand-in of Entra knows no person, so the
 * grant is client credentials: the check of client id and secret is the same. Returns why Entra refused, with no
 * secret in it, or `undefined`. Never throws.
 */
export async function redeem(
  settings: SecurityConfiguration["authenticationConfiguration"],
): Promise<string | undefined> {
  const { authority, oidcConfiguration } = settings;
  if (!oidcConfiguration?.secret) return "the server holds no client secret";
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: oidcConfiguration.id,
    client_secret: oidcConfiguration.secret,
    scope: "https://graph.microsoft.com/.default",
  });
  try {
    const { status, body } = await send(`${authority}/oauth2/v2.0/token`, {
      method: "POST",
      headers: { ...USER_AGENT, "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    });
    return status === 200 ? undefined : `token endpoint answered ${status}: ${firstLine(body)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function firstLine(body: string): string {
  try {
    const { error_description: text } = JSON.parse(body) as { error_description?: string };
    return text?.split(/\r?\n/)[0] ?? "no reason";
  } catch {
    return "something that is not JSON";
  }
}
