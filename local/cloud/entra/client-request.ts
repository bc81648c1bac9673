import type { Context } from "hono";
import { notModelled, refuse } from "./refusal.ts";

/** What else Entra takes, by its documentation ("Microsoft identity platform: protocols"). */
const OTHER_GRANTS = [
  "authorization_code",
  "refresh_token",
  "password",
  "device_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
  "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
  "urn:ietf:params:oauth:grant-type:token-exchange",
];

/** A request for a token with client credentials, as far as it is complete. */
export interface ClientRequest {
  clientId: string;
  secret: string;
  scope: string;
}

/** Has the client federated credentials, so that it may bring the token of another issuer? */
export type TrustsIssuers = (clientId: string) => boolean;

/** Reads the form, and HTTP Basic where the client proves itself by that; throws for what is missing. */
export async function readClientRequest(c: Context, trustsIssuers: TrustsIssuers): Promise<ClientRequest> {
  const form = new URLSearchParams(await c.req.text());
  const basic = readBasic(c.req.header("authorization"));
  const grantType = required(form.get("grant_type"), "grant_type");
  if (OTHER_GRANTS.includes(grantType)) throw notModelled(`the grant type '${grantType}'`);
  if (grantType !== "client_credentials") {
    throw refuse(70003, `The app requested an unsupported grant type '${grantType}'.`);
  }
  const clientId = required(basic?.id ?? form.get("client_id"), "client_id");
  const scope = required(form.get("scope"), "scope");
  if (form.has("client_assertion")) {
    if (trustsIssuers(clientId)) throw notModelled("sign-ins by a federated credential");
    // Nobody has certificates here.
    throw refuse(700027, "The certificate with identifier used to sign the client assertion is not registered.");
  }
  const secret = basic?.secret ?? form.get("client_secret");
  if (!secret) {
    throw refuse(
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  }
  return { clientId, secret, scope };
}

function required(value: string | null | undefined, name: string): string {
  if (value) return value;
  throw refuse(900144, `The request body must contain the following parameter: '${name}'.`);
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function readBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic ([\w+/=]+)$/i.exec(header ?? "")?.[1];
  if (!encoded) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString("utf8").split(/:(.*)/s).map(formDecode);
  return { id, secret };
}

function formDecode(text: string): string {
  return new URLSearchParams(`v=${text.replaceAll("&", "%26")}`).get("v") ?? "";
}
