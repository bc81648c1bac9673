import { notModelled, refuse } from "../refusal.ts";
import type { Filter } from "./filter.ts";

/** What a list allows in `$filter`. */
export interface FilterRules {
  /** The name of the type, for example `microsoft.graph.application`. */
  type: string;
  /** The properties that the type has. */
  properties: readonly string[];
  /** Those that it has and this stand-in does not know; `others`: all that it does not know. */
  unmodelled: readonly string[] | "others";
  /** Those of them that can be filtered by. */
  filterable: readonly string[];
  /** Whether the request asks for advanced queries: `ConsistencyLevel: eventual` and `$count=true`. */
  advanced: boolean;
}

/** As many values as Graph takes in one filter. */
const MOST_VALUES = 15;

/**
 * Throws what Graph says against a filter (Microsoft Learn: "Advanced query capabilities on Microsoft Entra ID
 * objects"; its words from public reports), and 501 for what Graph may take and this stand-in does not.
 */
export function checkFilter(filter: Filter, rules: FilterRules, variables: string[] = []): void {
  checkKind(filter, rules);
  if ("path" in filter) checkPath(filter.path, rules, variables);
  const known = "variable" in filter ? [...variables, filter.variable] : variables;
  const parts = "parts" in filter ? filter.parts : "part" in filter ? [filter.part] : [];
  for (const part of parts) checkFilter(part, rules, known);
}

function checkKind(filter: Filter, rules: FilterRules): void {
  if (filter.kind === "not") requireAdvanced("Not", rules);
  if (filter.kind === "endswith") requireAdvanced("EndsWith", rules);
  if (filter.kind === "compare" && filter.operator === "ne") requireAdvanced("NotEqualsMatch", rules);
  if (filter.kind === "in") checkCount(filter.values.length);
  if (filter.kind === "or") checkCount(filter.parts.length);
  if (filter.kind === "contains") throw unsupported("The function 'contains' is not supported for this property.");
}

function checkPath([first = "", ...rest]: string[], rules: FilterRules, variables: string[]): void {
  if (variables.includes(first)) return;
  if (!rules.properties.includes(first)) {
    if (isUnmodelled(first, rules.unmodelled)) throw notModelled(`the property '${first}' of ${rules.type}`);
    const message = `Invalid filter clause: Could not find a property named '${first}' on type '${rules.type}'.`;
    throw refuse(400, "BadRequest", message);
  }
  if (!rules.filterable.includes(first)) throw notModelled(`a filter by '${first}' of ${rules.type}`);
  if (rest.at(-1) === "$count") requireAdvanced("Count", rules);
}

/** Has the type such a property, as far as is known here? */
export function isUnmodelled(name: string, unmodelled: FilterRules["unmodelled"]): boolean {
  return unmodelled === "others" || unmodelled.includes(name);
}

function checkCount(values: number): void {
  if (values <= MOST_VALUES) return;
  throw unsupported(
    `Too many child clauses specified in search filter expression containing 'OR' operators: ${values}. Max allowed: ${MOST_VALUES}.`,
  );
}

function requireAdvanced(operator: string, { advanced }: FilterRules): void {
  if (advanced) return;
  throw unsupported(
    `Operator: '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
  );
}

function unsupported(message: string) {
  return refuse(400, "Request_UnsupportedQuery", message);
}
