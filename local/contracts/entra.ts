import { Ajv2020 } from "ajv/dist/2020.js";
import type { Exchange } from "../cloud/exchange.ts";
import { tokenFaults } from "./access-token.ts";
import { answerOf, checkEmpty, checkJson, isRecord, parse, requestOf } from "./body.ts";
import { identityRequestFindings, tokenRequestFindings } from "./entra-requests.ts";
import type { Check, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import type { Route } from "./routes.ts";
import { router, showPath } from "./routes.ts";
import type { SchemaDocument, Schemas } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

/** `answer` and `error` are references; only answers with tokens carry claims to look at. */
interface Operation {
  request(exchange: Exchange, schemas: Schemas): Finding[];
  answer: string;
  error: string | undefined;
}

const TOKEN: Operation = {
  request: tokenRequestFindings,
  answer: "entra#/$defs/TokenResponse",
  error: "entra#/$defs/TokenError",
};
/** No document gives the form of an error of the identity endpoint, so only JSON is asked for. */
const IDENTITY: Operation = {
  request: identityRequestFindings,
  answer: "entra#/$defs/AppServiceManagedIdentityResponse",
  error: undefined,
};

const ROUTES: Route<Operation>[] = [
  { method: "POST", template: "/{tenant}/oauth2/v2.0/token", operation: TOKEN },
  {
    method: "GET",
    template: "/{tenant}/v2.0/.well-known/openid-configuration",
    operation: read("openidConfiguration"),
  },
  { method: "GET", template: "/{tenant}/.well-known/openid-configuration", operation: read("openidConfiguration") },
  { method: "GET", template: "/{tenant}/discovery/v2.0/keys", operation: read("keys") },
  { method: "GET", template: "/{tenant}/discovery/keys", operation: read("keys") },
];

/** Checks sign-ins, managed identity and discovery of Entra, and the claims of every access token that it issues. */
export function entraCheck(document: SchemaDocument): Check {
  const schemas = schemaStore(new Ajv2020(VALIDATOR_OPTIONS), new Map([["entra", document]]));
  const find = router(ROUTES);
  return (exchange) => {
    const [pathname = ""] = exchange.path.split("?");
    const isIdentity = exchange.method === "GET" && pathname.includes("/msi/token");
    const route = isIdentity
      ? { method: "GET", template: "/msi/token", operation: IDENTITY }
      : find(exchange.method, pathname);
    if (!route) return unlisted(showPath(exchange.path), "the token endpoint's documentation");
    const findings = [
      ...route.operation.request(exchange, schemas),
      ...checkAnswer(exchange, route.operation, schemas),
    ];
    return { route: route.template, findings };
  };
}

function checkAnswer(exchange: Exchange, operation: Operation, schemas: Schemas): Finding[] {
  const half = answerOf(exchange);
  if (exchange.status >= 400) {
    const { error } = operation;
    const faults = (value: unknown) => (error ? schemas.faults(error, value) : []);
    return checkJson(half, { schema: nameOf(error ?? "error"), faults });
  }
  const schema = nameOf(operation.answer);
  if (exchange.status !== 200) {
    return [finding("answer", schema, `has the status ${exchange.status}, which is not documented`)];
  }
  const findings = checkJson(half, { schema, faults: (value) => schemas.faults(operation.answer, value) });
  const answer = parse(exchange.answerBody)?.value;
  if (!isRecord(answer) || typeof answer.access_token !== "string") return findings;
  const token = tokenFaults(answer.access_token, schemas);
  return [...findings, ...token.faults.map((fault): Finding => ({ side: "answer", schema: token.schema, fault }))];
}

function read(shape: string): Operation {
  const request = (exchange: Exchange): Finding[] => checkEmpty(requestOf(exchange), shape);
  return { request, answer: `shapes#/$defs/${shape}`, error: "shapes#/$defs/oauthError" };
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
