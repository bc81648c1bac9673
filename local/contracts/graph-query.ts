import type { EntityNames, GraphOperation } from "./graph-document.ts";

/** Names that Graph itself puts into the links to a next page. */
const OPAQUE = new Set(["$skiptoken", "$deltatoken"]);

/**
 * What is wrong with the query of a request: names that the operation does not document, and `$select`, `$expand`,
 * `$filter` and `$orderby` that use what the entity does not have. Names no value, as the query may hold anything.
 */
export function queryFaults(query: string, operation: GraphOperation, entity: EntityNames | undefined): string[] {
  const faults: string[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    if (OPAQUE.has(name)) continue;
    if (!operation.queryNames.has(name)) faults.push("has a query option that is not documented for it");
    else if (entity && !fits(name, value, entity)) faults.push(`names in ${name} what the entity does not have`);
    if (name === "$filter" && value.split("'").length % 2 === 0) faults.push("has an unbalanced quote in $filter");
  }
  return faults;
}

function fits(name: string, value: string, { properties, navigation }: EntityNames): boolean {
  const known = (property: string): boolean => properties.has(property) || property.startsWith("extension_");
  switch (name) {
    case "$select":
      return value.split(",").every((property) => known(property.trim()));
    case "$orderby":
      return value.split(",").every((property) => known(property.trim().replace(/ (?:asc|desc)$/, "")));
    case "$expand":
      // The options of an expanded property, owners($select=id), are not looked into.
      return value
        .replace(/\([^)]*\)/g, "")
        .split(",")
        .every((property) => navigation.has(property.trim()));
    case "$filter":
      return filteredProperties(value).every((property) => known(property) || navigation.has(property));
    default:
      return true;
  }
}

/** The properties that comparisons and functions of a filter start from; lambda expressions are not looked into. */
function filteredProperties(filter: string): string[] {
  const bare = filter.replace(/'(?:[^']|'')*'/g, "''");
  if (/\/(?:any|all)\(/.test(bare)) return [];
  const compared = bare.matchAll(/([A-Za-z_]\w*)(?:\/\w+)*\s+(?:eq|ne|gt|ge|lt|le|in|has)\s/g);
  const inFunctions = bare.matchAll(/(?:startswith|endswith|contains)\(([A-Za-z_]\w*)/gi);
  return [...compared, ...inFunctions].map((match) => match[1] ?? "");
}
