import { refuse } from "../refusal.ts";

/** One comparison of a filter: the property has one of the values. */
export interface Condition {
  property: string;
  values: string[];
}

/** As many values as Graph takes in one filter. */
const MOST_VALUES = 15;
const LITERAL = "'(?:[^']|'')*'";
const LIST = `${LITERAL}(?:\\s*,\\s*${LITERAL})*`;
const CLAUSE = `\\s*(\\w+)\\s+(?:eq\\s+(${LITERAL})|in\\s*\\(\\s*(${LIST})\\s*\\))\\s*(?:and\\s+(?=\\S)|$)`;

/** Reads `a eq 'x' and b in ('y','z')`; whatever else OData has is refused. */
export function parseFilter(text: string, { type, filterable }: { type: string; filterable: string[] }): Condition[] {
  const resource = type.replace("microsoft.graph.", "");
  return [...clauses(text)].map(([property, literals]) => {
    if (!filterable.includes(property)) {
      throw unsupported(
        `Unsupported or invalid query filter clause specified for property '${property}' of resource '${resource}'.`,
      );
    }
    const values = [...literals.matchAll(new RegExp(LITERAL, "g"))].map(([literal]) => unquote(literal));
    if (values.length > MOST_VALUES) {
      throw unsupported(
        `Too many child clauses specified in search filter expression containing 'OR' operators: ${values.length}. Max allowed: ${MOST_VALUES}.`,
      );
    }
    return { property, values };
  });
}

/** Graph compares without regard to case. */
export function satisfies(object: object, conditions: Condition[]): boolean {
  const properties = new Map<string, unknown>(Object.entries(object));
  return conditions.every(({ property, values }) => {
    const own = properties.get(property);
    return typeof own === "string" && values.some((value) => value.toLowerCase() === own.toLowerCase());
  });
}

function* clauses(text: string): Generator<[property: string, literals: string]> {
  const pattern = new RegExp(CLAUSE, "y");
  do {
    const match = pattern.exec(text);
    if (!match) throw refuse(400, "BadRequest", `Invalid filter clause: The expression "${text}" is not valid.`);
    const [, property = "", single, several] = match;
    yield [property, single ?? several ?? ""];
  } while (pattern.lastIndex < text.length);
}

function unsupported(message: string) {
  return refuse(400, "Request_UnsupportedQuery", message);
}

function unquote(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}
