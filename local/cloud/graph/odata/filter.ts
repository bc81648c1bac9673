import { filterWords, invalidFilter, type Word } from "./filter-words.ts";

/** What a property is compared with. Times and GUIDs are texts. */
export type Literal = string | number | boolean | null;

const OPERATORS = ["eq", "ne", "gt", "ge", "lt", "le"] as const;
export type Operator = (typeof OPERATORS)[number];

const CALLS = ["startswith", "endswith", "contains"] as const;

/** A filter as it was read. A path leads through structures; `$count` at its end is the length of a list. */
export type Filter =
  | { kind: "and" | "or"; parts: Filter[] }
  | { kind: "not"; part: Filter }
  | { kind: "compare"; path: string[]; operator: Operator; value: Literal }
  | { kind: "in"; path: string[]; values: Literal[] }
  | { kind: (typeof CALLS)[number]; path: string[]; text: string }
  | { kind: "any" | "all"; path: string[]; variable: string; part: Filter };

/**
 * Reads `$filter`: comparisons with `and`, `or`, `not`, brackets, `in`, the three functions on texts, `any` and `all`.
 * Throws the 400 for anything else. Arithmetic, and functions of time and place, are read by no client of this API.
 */
export function parseFilter(text: string): Filter {
  const reader = createReader(filterWords(text), text);
  const filter = readOr(reader);
  if (!reader.atEnd()) throw invalidFilter(text);
  return filter;
}

interface Reader {
  atEnd(): boolean;
  next(): Word;
  /** Takes the next word if it is this one; names are compared without regard to case. */
  take(value: string): boolean;
  expect(value: string): void;
  fail(): never;
}

function createReader(words: Word[], text: string): Reader {
  let place = 0;
  const fail = (): never => {
    throw invalidFilter(text);
  };
  const take = (value: string): boolean => {
    const word = words[place];
    if (word === undefined || word.kind === "text" || word.value.toLowerCase() !== value) return false;
    place += 1;
    return true;
  };
  return {
    atEnd: () => place === words.length,
    next: () => words[place++] ?? fail(),
    take,
    expect: (value) => void (take(value) || fail()),
    fail,
  };
}

function readOr(reader: Reader): Filter {
  const parts = [readAnd(reader)];
  while (reader.take("or")) parts.push(readAnd(reader));
  return joined("or", parts);
}

function readAnd(reader: Reader): Filter {
  const parts = [readOne(reader)];
  while (reader.take("and")) parts.push(readOne(reader));
  return joined("and", parts);
}

function joined(kind: "and" | "or", parts: Filter[]): Filter {
  const [first, ...more] = parts;
  return first && more.length === 0 ? first : { kind, parts };
}

function readOne(reader: Reader): Filter {
  if (reader.take("not")) return { kind: "not", part: readOne(reader) };
  if (reader.take("(")) {
    const inner = readOr(reader);
    reader.expect(")");
    return inner;
  }
  const first = reader.next();
  if (first.kind !== "word") return reader.fail();
  const call = CALLS.find((name) => name === first.value.toLowerCase());
  return call && reader.take("(") ? readCall(reader, call) : readComparison(reader, first.value);
}

function readCall(reader: Reader, kind: (typeof CALLS)[number]): Filter {
  const path = readPath(reader, reader.next().value);
  reader.expect(",");
  const text = reader.next();
  reader.expect(")");
  return text.kind === "text" ? { kind, path, text: text.value } : reader.fail();
}

function readPath(reader: Reader, first: string): string[] {
  const path = [first];
  while (reader.take("/")) path.push(reader.next().value);
  return path;
}

function readComparison(reader: Reader, first: string): Filter {
  const path = readPath(reader, first);
  const last = path.at(-1)?.toLowerCase();
  if ((last === "any" || last === "all") && reader.take("(")) return readLambda(reader, last, path.slice(0, -1));
  if (reader.take("in")) return { kind: "in", path, values: readList(reader) };
  const operator = OPERATORS.find((name) => reader.take(name));
  return operator ? { kind: "compare", path, operator, value: readLiteral(reader) } : reader.fail();
}

function readLambda(reader: Reader, kind: "any" | "all", path: string[]): Filter {
  const variable = reader.next().value;
  reader.expect(":");
  const part = readOr(reader);
  reader.expect(")");
  return { kind, path, variable, part };
}

function readList(reader: Reader): Literal[] {
  reader.expect("(");
  const values = [readLiteral(reader)];
  while (reader.take(",")) values.push(readLiteral(reader));
  reader.expect(")");
  return values;
}

function readLiteral(reader: Reader): Literal {
  const { kind, value } = reader.next();
  if (kind === "text") return value;
  if (kind === "sign") return reader.fail();
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === "true";
  if (value.toLowerCase() === "null") return null;
  if (/^-?\d+$/.test(value)) return Number(value);
  // A GUID or a time; a bare word is a property, and Graph compares none with another.
  return /^[\da-f]{8}-|^\d{4}-\d\d-/i.test(value) ? value : reader.fail();
}
