import { HostFault } from "./host-fault.ts";

type Segment =
  | { kind: "literal"; text: string }
  | { kind: "parameter"; name: string; optional: boolean; fallback?: string; constraints: RegExp[] }
  | { kind: "rest"; name: string };

/** A parsed route template, prefix included. */
export interface Route {
  template: string;
  segments: Segment[];
}

/** The constraints that this host knows; the real one knows more (Microsoft Learn: "Route constraints"). */
const CONSTRAINTS: Record<string, RegExp> = {
  int: /^[+-]?\d{1,10}$/,
  long: /^[+-]?\d{1,19}$/,
  bool: /^(true|false)$/i,
  alpha: /^[a-z]*$/i,
  guid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

const PARAMETER = /^\{([a-z_]\w*)((?::[^:?=}]+)*)(\?|=[^}]*)?\}$/i;

/**
 * Reads a template such as `items/{id:int?}` or `files/{*rest}`. Throws a `HostFault` for what stops the real host altogether, a
 * leading slash or an unknown constraint, and for segments that mix text and parameter, which are not modelled.
 */
export function parseRoute(prefix: string, route: string): Route {
  if (route.startsWith("/")) throw new HostFault(`The route template '${route}' cannot start with a '/'.`);
  const template = [prefix, route].filter((part) => part !== "").join("/");
  return { template, segments: template.replace(/\/$/, "").split("/").map(parseSegment) };
}

function parseSegment(text: string): Segment {
  const rest = /^\{\*{1,2}([a-z_]\w*)\}$/i.exec(text);
  if (rest?.[1]) return { kind: "rest", name: rest[1] };
  const [, name, constraints = "", ending = ""] = PARAMETER.exec(text) ?? [];
  if (name) {
    const fallback = ending.startsWith("=") ? { fallback: ending.slice(1) } : {};
    return { kind: "parameter", name, optional: ending !== "", ...fallback, constraints: constraintsOf(constraints) };
  }
  if (/[{}]/.test(text)) throw new HostFault(`The route segment '${text}' is not understood.`);
  return { kind: "literal", text: text.toLowerCase() };
}

function constraintsOf(text: string): RegExp[] {
  const names = text.split(":").filter((name) => name !== "");
  return names.map((name) => {
    const constraint = CONSTRAINTS[name];
    if (!constraint) throw new HostFault(`The constraint reference '${name}' could not be resolved.`);
    return constraint;
  });
}

/**
 * Splits the path of a request target, query removed, into decoded segments. A trailing slash is forgiven, a double
 * one gives an empty segment, which no route matches; an escaped slash stays escaped.
 */
export function splitPath(path: string): string[] {
  return path.replace(/^\//, "").replace(/\/$/, "").split("/").map(decode);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment.replace(/%2f/gi, (slash) => `%25${slash.slice(1)}`));
  } catch {
    return segment;
  }
}

/** The parameters of the path, or `undefined` when it is not this route's. An absent optional one has no key. */
export function matchRoute(route: Route, path: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  if (path.some((part) => part === "")) return path.length === 1 && acceptsNothing(route) ? params : undefined;
  for (const [place, segment] of route.segments.entries()) {
    if (segment.kind === "rest") {
      const rest = path.slice(place).join("/");
      if (rest) params[segment.name] = rest;
      return params;
    }
    const part = path[place];
    if (segment.kind === "literal") {
      if (part?.toLowerCase() !== segment.text) return undefined;
    } else {
      if (part === undefined && !segment.optional) return undefined;
      if (part !== undefined && !segment.constraints.every((constraint) => constraint.test(part))) return undefined;
      const value = part ?? segment.fallback;
      if (value !== undefined) params[segment.name] = value;
    }
  }
  return path.length <= route.segments.length ? params : undefined;
}

function acceptsNothing(route: Route): boolean {
  return route.segments.every(
    (segment) => segment.kind === "rest" || (segment.kind === "parameter" && segment.optional),
  );
}
