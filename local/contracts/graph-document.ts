import { isRecord } from "./body.ts";
import type { Route } from "./routes.ts";
import type { SchemaDocument } from "./schemas.ts";

/** What Graph's document says about one method of one path. */
export interface GraphOperation {
  /** Names below `components/schemas`; "" where the document asks for JSON of any form; `undefined` for no body. */
  request: string | undefined;
  answers: Map<string, string | undefined>;
  queryNames: Set<string>;
}

/** The operations of an OpenAPI 3.1 document. */
export function graphRoutes(document: SchemaDocument): Route<GraphOperation>[] {
  return Object.entries(record(document.paths)).flatMap(([template, methods]) =>
    Object.entries(record(methods)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      operation: readOperation(record(operation)),
    })),
  );
}

/**
 * The document with two things repaired. Where it says `directoryObject` Graph answers with the object's own type and names
 * it in `@odata.type`, so the schema of that type is what must fit. And of exemptions by a custom security attribute it has
 * the base type alone; the one in use is derived from that and has a value as well (Microsoft Learn:
 * "customSecurityAttributeStringValueExemption resource type").
 */
export function withDerivedTypes(document: SchemaDocument): SchemaDocument {
  const components = record(document.components);
  const schemas = record(components.schemas);
  const base = "microsoft.graph.directoryObject.response";
  const derived = ["application", "servicePrincipal", "organization"].map((type) => ({
    if: { properties: { "@odata.type": { const: `#microsoft.graph.${type}` } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: `#/components/schemas/microsoft.graph.${type}.response` },
  }));
  const byType = {
    if: { type: "object", required: ["@odata.type"] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ["id"], allOf: derived },
    else: schemas[base],
  };
  const exemption = "microsoft.graph.customSecurityAttributeExemption.response";
  const { properties, ...rest } = record(schemas[exemption]);
  const withValue = { ...rest, properties: { ...record(properties), value: { type: "string" } } };
  const repaired = { [base]: byType, ...(properties ? { [exemption]: withValue } : {}) };
  return { ...document, components: { ...components, schemas: { ...schemas, ...repaired } } };
}

/** What may be selected of, and expanded from, the entity that an answer schema describes; `undefined` if unknown. */
export function entityNames(document: SchemaDocument, answer: string | undefined): EntityNames | undefined {
  const entity = answer?.replace(/(?:CollectionResponse)?\.response$/, "");
  const schemas = record(record(document.components).schemas);
  const properties = record(schemas[`${entity}.response`]).properties;
  // Owners and deleted items are of many types: whatever one of them has may be selected.
  if (!isRecord(properties) || entity === "microsoft.graph.directoryObject") return undefined;
  const links = record(schemas[`${entity}.request`])["x-navigationProperties"];
  const navigation = new Set(Array.isArray(links) ? links.map(String) : []);
  return { properties: new Set(Object.keys(properties).filter((name) => !navigation.has(name))), navigation };
}

/** The names that `$select` and `$expand` of an entity may use. */
export interface EntityNames {
  properties: Set<string>;
  navigation: Set<string>;
}

function readOperation(operation: Record<string, unknown>): GraphOperation {
  const parameters = Array.isArray(operation.parameters) ? operation.parameters.map(record) : [];
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  return {
    request: bodySchema(operation.requestBody),
    answers: new Map(Object.entries(record(operation.responses)).map(([code, body]) => [code, bodySchema(body)])),
    queryNames: new Set(inQuery.map((parameter) => String(parameter.name))),
  };
}

function bodySchema(body: unknown): string | undefined {
  const json = record(record(body).content)["application/json"];
  if (json === undefined) return undefined;
  const reference = record(record(json).schema).$ref;
  return typeof reference === "string" ? reference.replace("#/components/schemas/", "") : "";
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
