/**
 * `base` with the changes: structures (`api`, `web`, …) property by property, lists whole. How deep Graph goes is
 * unverified; `optionalClaims`, where the body's schema fills in what is missing, is replaced whole.
 */
export function merged<T extends object>(base: T, change: object): T {
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(change)) {
    const old = result.get(name);
    result.set(name, isStructure(old) && isStructure(value) ? merged(old, value) : value);
  }
  return Object.fromEntries(result) as T;
}

function isStructure(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
