/** What values of one place look like: their types, the properties seen of the objects among them, and their items. */
export interface Shape {
  types: Set<string>;
  /** How many objects were seen, and how many of them had each property. */
  objects: number;
  properties: Map<string, { shape: Shape; times: number }>;
  items: Shape | undefined;
}

/** The shape that all these values have together. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape = empty();
  for (const value of values) see(value, shape);
  return shape;
}

/**
 * Where a value does not fit: it has a property that was never seen, or one of another type, or it lacks one that was
 * always there. `excused` are names of properties that may be missing wherever they belong.
 */
export function misfits(value: unknown, shape: Shape, excused: ReadonlySet<string>, at = ""): string[] {
  const type = typeOf(value);
  if (!shape.types.has(type)) return [`${at || "/"} is ${type}, not ${[...shape.types].join(" or ")}`];
  if (Array.isArray(value)) {
    const { items } = shape;
    if (!items) return value.length === 0 ? [] : [`${at || "/"} was never seen to hold anything`];
    return value.flatMap((item) => misfits(item, items, excused, `${at}/0`));
  }
  if (type !== "object") return [];
  const found = Object.entries(value as object).flatMap(([name, inner]) => {
    const known = shape.properties.get(name);
    return known ? misfits(inner, known.shape, excused, `${at}/${name}`) : [`${at}/${name} was never seen`];
  });
  const missing = [...shape.properties].filter(
    ([name, { times }]) => times === shape.objects && !(name in (value as object)) && !excused.has(name),
  );
  return [...new Set([...found, ...missing.map(([name]) => `${at}/${name} is missing`)])];
}

function empty(): Shape {
  return { types: new Set(), objects: 0, properties: new Map(), items: undefined };
}

function see(value: unknown, shape: Shape): void {
  shape.types.add(typeOf(value));
  if (Array.isArray(value)) {
    for (const item of value) {
      shape.items ??= empty();
      see(item, shape.items);
    }
  } else if (typeof value === "object" && value !== null) {
    shape.objects += 1;
    for (const [name, inner] of Object.entries(value)) {
      const known = shape.properties.get(name) ?? { shape: empty(), times: 0 };
      known.times += 1;
      shape.properties.set(name, known);
      see(inner, known.shape);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
