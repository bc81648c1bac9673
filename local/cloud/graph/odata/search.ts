import { notModelled, refuse } from "../refusal.ts";

/** `$search` for words that begin so in one property. */
export interface Search {
  property: string;
  words: string[];
}

/** Reads `"property:words"`; Graph takes it in advanced queries only, and this stand-in takes one clause. */
export function readSearch(
  text: string | undefined,
  { searchable, eventual }: { searchable: readonly string[]; eventual: boolean },
): Search | undefined {
  if (text === undefined) return undefined;
  if (!eventual) {
    throw refuse(
      400,
      "Request_UnsupportedQuery",
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    );
  }
  const [, property = "", words = ""] = /^"(\w+):([^"]*)"$/.exec(text.trim()) ?? [];
  if (!searchable.includes(property)) throw notModelled(`the search ${text}`);
  return { property, words: wordsOf(words) };
}

/** Whether each word that is looked for begins a word of the property. */
export function finds(object: object, { property, words }: Search): boolean {
  const own = wordsOf(String(new Map<string, unknown>(Object.entries(object)).get(property) ?? ""));
  return words.every((word) => own.some((candidate) => candidate.startsWith(word)));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
