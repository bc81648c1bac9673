/** A documented method and path, for example `GET /secrets/{secret-name}/versions`, and what is known about it. */
export interface Route<T> {
  method: string;
  template: string;
  operation: T;
}

/** Finds the route of a request; `path` is raw, without query. */
export type Router<T> = (method: string, path: string) => Route<T> | undefined;

/** Precomputes the table: by method and number of segments, literal segments before variables. */
export function router<T>(routes: readonly Route<T>[]): Router<T> {
  const table = new Map<string, { pattern: RegExp; route: Route<T> }[]>();
  const variables = (route: Route<T>): number => route.template.split("{").length;
  for (const route of routes.toSorted((a, b) => variables(a) - variables(b))) {
    const key = tableKey(route.method, route.template);
    table.set(key, [...(table.get(key) ?? []), { pattern: patternOf(route.template), route }]);
  }
  return (method, path) => {
    const plain = path.split("/").map(decodeSegment).join("/");
    return table.get(tableKey(method, path))?.find(({ pattern }) => pattern.test(plain))?.route;
  };
}

/**
 * The path as it may be shown when no document lists it: without query, and without whatever is not plainly a word,
 * because a name or a secret may stand in it.
 */
export function showPath(path: string): string {
  const [pathname = ""] = path.split("?");
  const show = (segment: string): string =>
    /^(?:[$a-zA-Z.-]{0,24}|v\d(?:\.\d)?|oauth2)$/.test(segment) ? segment : "{…}";
  return pathname.split("/").map(show).join("/");
}

function tableKey(method: string, path: string): string {
  return `${method} ${path.split("/").length}`;
}

function patternOf(template: string): RegExp {
  const parts = template
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith("{") ? "[^/$][^/]*" : part.replace(/[.$()]/g, "\\$&")));
  return new RegExp(`^${parts.join("")}$`);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll("/", "%2F");
  } catch {
    return segment;
  }
}
