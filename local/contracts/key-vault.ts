import { Ajv2020 } from "ajv/dist/2020.js";
import type { Exchange } from "../cloud/exchange.ts";
import { answerOf, checkEmpty, checkJson, isRecord, requestOf } from "./body.ts";
import { lacks } from "./explain.ts";
import type { Check, Fault, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import type { VaultOperation } from "./key-vault-document.ts";
import { closedDefinitions, vaultRoutes } from "./key-vault-document.ts";
import { router, showPath } from "./routes.ts";
import type { SchemaDocument, Schemas } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

/** Checks exchanges with the secrets API of Key Vault against its swagger and the JSON Schema of its definitions. */
export function vaultCheck(swagger: SchemaDocument, definitions: SchemaDocument): Check {
  const documents = { sent: closedDefinitions(definitions, true), given: closedDefinitions(definitions, false) };
  const schemas = schemaStore(new Ajv2020(VALIDATOR_OPTIONS), new Map(Object.entries(documents)));
  const find = router(vaultRoutes(swagger));
  return (exchange) => {
    const route = find(exchange.method, documentedPath(exchange));
    if (!route) return unlisted(showPath(exchange.path), "the vault's swagger");
    const rule = `${exchange.method} ${route.template}`;
    const findings = [
      ...queryFaults(exchange, route.operation).map((text) => finding("request", rule, text)),
      ...checkRequest(exchange, route.operation.request, { rule, schemas }),
      ...checkAnswer(exchange, route.operation, { rule, schemas }),
    ];
    return { route: route.template, findings };
  };
}

/** The latest version is asked for with an empty version or, as Microsoft Learn's "Get Secret" shows, with none. */
function documentedPath(exchange: Exchange): string {
  const [pathname = ""] = exchange.path.split("?");
  return exchange.method === "GET" ? pathname.replace(/^(\/secrets\/[^/]+)\/?$/, "$1/latest") : pathname;
}

function queryFaults(exchange: Exchange, operation: VaultOperation): string[] {
  // The SDK sends the name as api%2Dversion; URLSearchParams decodes it.
  const query = new URLSearchParams(exchange.path.split(/\?(.*)/s)[1] ?? "");
  const faults = query.get("api-version") ? [] : ["has no api-version"];
  for (const [name, value] of query) {
    const parameter = operation.query.get(name);
    if (name === "$skiptoken") continue;
    if (!parameter) faults.push("has a query parameter that is not documented for it");
    else if (parameter.type === "integer") {
      const inRange = Number(value) >= Number(parameter.minimum) && Number(value) <= Number(parameter.maximum);
      if (!/^\d+$/.test(value) || !inRange) faults.push(`has ${name} out of its range`);
    }
  }
  return faults;
}

interface Context {
  rule: string;
  schemas: Schemas;
}

function checkRequest(exchange: Exchange, schema: string | undefined, { rule, schemas }: Context): Finding[] {
  // The SDK's first request is bare on purpose: it asks for the challenge.
  const asksForChallenge = exchange.status === 401 && !exchange.headers.has("authorization") && exchange.body === "";
  if (asksForChallenge) return [];
  if (schema === undefined) return checkEmpty(requestOf(exchange), rule);
  return checkJson(requestOf(exchange), { schema, faults: (value) => schemas.faults(`sent#/$defs/${schema}`, value) });
}

function checkAnswer(exchange: Exchange, operation: VaultOperation, { rule, schemas }: Context): Finding[] {
  const half = answerOf(exchange);
  if (exchange.status >= 400) {
    // The definition requires nothing, not even the error.
    const faults = (value: unknown): Fault[] =>
      ["shapes#/$defs/vaultError", "given#/$defs/KeyVaultError"].flatMap((shape) => schemas.faults(shape, value));
    return [...checkChallenge(exchange), ...checkJson(half, { schema: "KeyVaultError", faults })];
  }
  if (exchange.status !== operation.success) {
    return [finding("answer", rule, `has the status ${exchange.status}, which is not documented`)];
  }
  const schema = operation.answer;
  if (schema === undefined) return checkEmpty(half, rule);
  const faults = (value: unknown): Fault[] => [
    ...schemas.faults(`given#/$defs/${schema}`, value),
    ...(schema === "SecretBundle" ? bundleFaults(exchange.method, value) : []),
  ];
  return checkJson(half, { schema, faults });
}

/** One definition serves every call; Microsoft Learn says for each whether the value is in the answer. */
function bundleFaults(method: string, bundle: unknown): Fault[] {
  if (!isRecord(bundle)) return [];
  const required = method === "GET" || method === "PUT" ? ["id", "attributes", "value"] : ["id", "attributes"];
  const faults = required.filter((name) => !(name in bundle)).map((name) => ({ at: "", text: lacks(name) }));
  if (method !== "GET" && method !== "PUT" && "value" in bundle) faults.push({ at: "", text: "has the value in it" });
  return faults;
}

/** Microsoft Learn, "Authentication, requests and responses": where to get a token, and for what. */
function checkChallenge(exchange: Exchange): Finding[] {
  if (exchange.status !== 401) return [];
  const challenge = exchange.answerHeaders.get("www-authenticate") ?? "";
  const complete =
    /^Bearer /.test(challenge) &&
    /authorization="[^"]+"/.test(challenge) &&
    /(?:resource|scope)="[^"]+"/.test(challenge);
  return complete ? [] : [finding("answer", "the challenge", "has no complete WWW-Authenticate header")];
}
