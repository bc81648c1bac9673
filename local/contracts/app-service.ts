import { Ajv2020 } from "ajv/dist/2020.js";
import type { Exchange } from "../cloud/exchange.ts";
import { answerOf, checkEmpty, checkJson, isRecord, requestOf } from "./body.ts";
import type { Check, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import type { Route } from "./routes.ts";
import { router, showPath } from "./routes.ts";
import type { SchemaDocument, Schemas } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

/** Names of definitions; without one there is no body. `"anything"`: no document says what the answer is. */
interface Operation {
  request?: string;
  answer?: string;
}

const SITE = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{name}";
const REFERENCES = `${SITE}/config/configreferences/appsettings`;

/** The calls that the document lists (`x-operations`). */
const ROUTES: Route<Operation>[] = [
  { method: "POST", template: `${SITE}/config/appsettings/list`, operation: { answer: "StringDictionary" } },
  {
    method: "PUT",
    template: `${SITE}/config/appsettings`,
    operation: { request: "StringDictionary", answer: "StringDictionary" },
  },
  { method: "GET", template: REFERENCES, operation: { answer: "ApiKVReferenceCollection" } },
  { method: "GET", template: `${REFERENCES}/{key}`, operation: { answer: "ApiKVReference" } },
  { method: "POST", template: `${REFERENCES}/refresh`, operation: { answer: "anything" } },
  { method: "POST", template: `${SITE}/restart`, operation: {} },
];

/** What the document is about; other resource providers, and a site as a whole, are described in none that is at hand. */
const OF_A_SITE = /\/providers\/Microsoft\.Web\/sites\/[^/]+\/./;

/** Checks the calls of Azure Resource Manager on sites of App Service against the published definitions. */
export function appServiceCheck(document: SchemaDocument): Check {
  const { $id: _, ...definitions } = closed(document) as SchemaDocument;
  const schemas = schemaStore(new Ajv2020(VALIDATOR_OPTIONS), new Map([["web", definitions]]));
  const find = router(ROUTES);
  return (exchange) => {
    const [pathname = "", query] = exchange.path.split(/\?(.*)/s);
    if (!OF_A_SITE.test(pathname)) return { route: showPath(pathname), findings: [] };
    const route = find(exchange.method, pathname);
    if (!route) return unlisted(showPath(pathname), "the documentation of Microsoft.Web");
    const { request } = route.operation;
    const rule = `${exchange.method} ${route.template}`;
    const sent = requestOf(exchange);
    const findings = [
      // The client sends the name as api%2Dversion; URLSearchParams decodes it.
      ...(new URLSearchParams(query).get("api-version") ? [] : [finding("request", rule, "has no api-version")]),
      ...(request ? checkJson(sent, judge(request, schemas)) : checkEmpty(sent, rule)),
      ...checkAnswer(exchange, route.operation, { rule, schemas }),
    ];
    return { route: route.template, findings };
  };
}

function checkAnswer(
  exchange: Exchange,
  { answer }: Operation,
  { rule, schemas }: { rule: string; schemas: Schemas },
): Finding[] {
  const half = answerOf(exchange);
  if (exchange.status >= 400) return checkJson(half, judge("DefaultErrorResponse", schemas));
  if (exchange.status !== 200) {
    return [finding("answer", rule, `has the status ${exchange.status}, which is not documented`)];
  }
  if (answer === "anything") return [];
  return answer ? checkJson(half, judge(answer, schemas)) : checkEmpty(half, rule);
}

function judge(name: string, schemas: Schemas) {
  return { schema: name, faults: (value: unknown) => schemas.faults(`web#/$defs/${name}`, value) };
}

/** The document lists every property, but does not say that there are no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isRecord(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const lists = isRecord(schema.properties) && schema.type === "object" && !("additionalProperties" in schema);
  return lists ? { ...inner, additionalProperties: false } : inner;
}
