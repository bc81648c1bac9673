import type { Exchange } from "../cloud/exchange.ts";
import type { Finding } from "./finding.ts";
import { finding } from "./finding.ts";
import type { Schemas } from "./schemas.ts";

const TOKEN_REQUEST = "ClientCredentialsRequest";

/** Microsoft Learn, "How to use managed identities for App Service": the query of the 2019-08-01 endpoint. */
const IDENTITY_QUERY = new Set([
  "api-version",
  "resource",
  "client_id",
  "principal_id",
  "mi_res_id",
  "object_id",
  // Of no page, but sent by MSAL when a token was refused: AzureAD/microsoft-authentication-library-for-js, `BaseManagedIdentitySource`.
  "token_sha256_to_refresh",
  "xms_cc",
]);

/**
 * What is wrong with a request for a token; a client may name and prove itself in the form or by HTTP Basic. Names only
 * fields of the schema: what follows an unencoded `&` in a secret looks like a field of its own.
 */
export function tokenRequestFindings(exchange: Exchange, schemas: Schemas): Finding[] {
  const wrong = (text: string): Finding => finding("request", TOKEN_REQUEST, text);
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(exchange.headers.get("content-type") ?? "")) {
    return [wrong("is not form encoded")];
  }
  const form = new URLSearchParams(exchange.body);
  const fields = Object.fromEntries(form);
  const faults = schemas.faults(`entra#/$defs/${TOKEN_REQUEST}`, fields);
  const findings = faults.map((fault): Finding => ({ side: "request", schema: TOKEN_REQUEST, fault }));
  if (form.size !== Object.keys(fields).length) findings.push(wrong("repeats a field"));
  const basic = /^Basic /i.test(exchange.headers.get("authorization") ?? "");
  if (!basic && !fields.client_id) findings.push(wrong("does not name the client"));
  if (!basic && !fields.client_secret && !fields.client_assertion) findings.push(wrong("does not prove the client"));
  return findings;
}

/** What is wrong with a request to the managed identity endpoint of App Service. */
export function identityRequestFindings(exchange: Exchange): Finding[] {
  const wrong = (text: string): Finding => finding("request", "managed identity endpoint", text);
  const query = new URLSearchParams(exchange.path.split(/\?(.*)/s)[1] ?? "");
  const findings: Finding[] = [];
  if (query.get("api-version") !== "2019-08-01") findings.push(wrong("does not ask for api-version 2019-08-01"));
  if (!query.get("resource")) findings.push(wrong("names no resource"));
  if (query.get("resource")?.endsWith("/.default")) findings.push(wrong("names a scope as its resource"));
  if (!exchange.headers.get("x-identity-header")) findings.push(wrong("has no X-IDENTITY-HEADER"));
  if ([...query.keys()].some((name) => !IDENTITY_QUERY.has(name)))
    findings.push(wrong("has an undocumented parameter"));
  return findings;
}
