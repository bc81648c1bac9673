import { Ajv2020 } from "ajv/dist/2020.js";
import type { Exchange } from "../cloud/exchange.ts";
import type { Expected, Half } from "./body.ts";
import { answerOf, checkEmpty, checkJson, requestOf } from "./body.ts";
import type { Check, Finding } from "./finding.ts";
import { finding, unlisted } from "./finding.ts";
import { entityNames, graphRoutes, withDerivedTypes } from "./graph-document.ts";
import { queryFaults } from "./graph-query.ts";
import type { Route } from "./routes.ts";
import { router, showPath } from "./routes.ts";
import type { SchemaDocument } from "./schemas.ts";
import { schemaStore, VALIDATOR_OPTIONS } from "./schemas.ts";

const VERSION = "/v1.0";

/** Checks exchanges with Microsoft Graph v1.0 against its OpenAPI 3.1 document. */
export function graphCheck(document: SchemaDocument): Check {
  const schemas = schemaStore(new Ajv2020(VALIDATOR_OPTIONS), new Map([["graph", withDerivedTypes(document)]]));
  const routes = graphRoutes(document).map((route) => ({
    ...route,
    entity: entityNames(document, route.operation.answers.get("200")),
  }));
  const find = router(routes.map((route) => ({ ...route, operation: route })));

  const body = (half: Half, name: string | undefined, rule: string): Finding[] => {
    if (name === undefined) return checkEmpty(half, rule);
    // A bare count is plain text, whatever the document says.
    if (name === "" && rule.endsWith("/$count")) return [];
    const reference = `graph#/components/schemas/${name}`;
    const expected: Expected = { schema: name, faults: (value) => schemas.faults(reference, value) };
    return checkJson(half, name === "" ? { schema: rule, faults: () => [] } : expected);
  };

  return (exchange) => {
    const route = findRoute(exchange, find);
    if (!route) return unlisted(showPath(exchange.path), "Graph's OpenAPI document");
    const { operation, template, entity } = route.operation;
    const rule = `${exchange.method} ${template}`;
    const [, query = ""] = exchange.path.split(/\?(.*)/s);
    const findings = queryFaults(query, operation, entity).map((text) => finding("request", rule, text));
    findings.push(...body(requestOf(exchange), operation.request, rule));
    const documented = operation.answers.has(String(exchange.status));
    const isError = exchange.status >= 400;
    if (documented || isError) {
      const name = operation.answers.get(documented ? String(exchange.status) : "default");
      findings.push(...body(answerOf(exchange), name, rule));
    } else findings.push(finding("answer", rule, `has the status ${exchange.status}, which is not documented`));
    return { route: VERSION + template, findings };
  };
}

/**
 * Finds what the document lists. Two spellings are brought to the document's: a cast (`microsoft.graph.application`)
 * and a function without brackets. What is below `(appId='…')` is listed below the object id only, though the pages of
 * Microsoft Learn name both ("application: addPassword"); no page names `(uniqueName='…')` with anything below it.
 */
function findRoute<T>(exchange: Exchange, find: (method: string, path: string) => Route<T> | undefined) {
  const [pathname = ""] = exchange.path.split("?");
  if (!pathname.startsWith(`${VERSION}/`)) return undefined;
  const path = pathname
    .slice(VERSION.length)
    .replaceAll("/microsoft.graph.", "/")
    .replace(/\/delta$/, "/delta()");
  const byObjectId = path.replace(/^\/(applications|servicePrincipals)\(appId=[^/]*\)\//, "/$1/id/");
  return find(exchange.method, path) ?? find(exchange.method, byObjectId);
}
