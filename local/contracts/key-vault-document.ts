import { isRecord } from "./body.ts";
import type { Route } from "./routes.ts";
import type { SchemaDocument } from "./schemas.ts";

/** A query parameter or path variable as Swagger 2.0 describes it. */
export type Parameter = Record<string, unknown>;

/** What the vault's document says about one method of one path; names are those of its definitions. */
export interface VaultOperation {
  request: string | undefined;
  /** The one documented success. */
  success: number;
  answer: string | undefined;
  query: Map<string, Parameter>;
}

/** The operations of a Swagger 2.0 document. */
export function vaultRoutes(document: SchemaDocument): Route<VaultOperation>[] {
  const shared = record(document.parameters);
  return Object.entries(record(document.paths)).flatMap(([template, methods]) =>
    Object.entries(record(methods)).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      operation: readOperation(record(operation), shared),
    })),
  );
}

/**
 * The definitions with unknown properties refused. `sent` leaves out what only the service sets.
 */
export function closedDefinitions(document: SchemaDocument, sent: boolean): SchemaDocument {
  return { $defs: close(document.$defs, sent) as Record<string, unknown> };
}

function close(value: unknown, sent: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => close(item, sent));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => !(sent && record(part).readOnly === true));
  const closed: Record<string, unknown> = Object.fromEntries(entries.map(([key, part]) => [key, close(part, sent)]));
  return isRecord(value.properties) ? { ...closed, additionalProperties: false } : closed;
}

function readOperation(operation: Record<string, unknown>, shared: Record<string, unknown>): VaultOperation {
  const listed = Array.isArray(operation.parameters) ? operation.parameters.map(record) : [];
  const parameters = listed.map((parameter) => {
    const reference = parameter.$ref;
    return typeof reference === "string" ? record(shared[lastPart(reference)]) : parameter;
  });
  const body = parameters.find((parameter) => parameter.in === "body");
  const [status = "200", answer] =
    Object.entries(record(operation.responses)).find(([code]) => code !== "default") ?? [];
  const inQuery = parameters.filter((parameter) => parameter.in === "query");
  return {
    request: definitionName(body?.schema),
    success: Number(status),
    answer: definitionName(record(answer).schema),
    query: new Map(inQuery.map((parameter) => [String(parameter.name), parameter])),
  };
}

function definitionName(schema: unknown): string | undefined {
  const reference = record(schema).$ref;
  return typeof reference === "string" ? lastPart(reference) : undefined;
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
