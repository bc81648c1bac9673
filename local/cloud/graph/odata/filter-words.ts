import { refuse } from "../refusal.ts";

/** A piece of a filter. A text has lost its quotes; a word is a name, an operator, a number, a GUID or a time. */
export interface Word {
  kind: "text" | "word" | "sign";
  value: string;
}

const PIECE =
  /\s*(?:('(?:[^']|'')*')|(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))|([\w$][\w$.-]*)|(-\d+)|([(),:/]))\s*/y;

/** Cuts a filter into its words (OASIS: "OData Version 4.01, Part 2", 5.1.1); throws the 400 for what is none. */
export function filterWords(text: string): Word[] {
  const words: Word[] = [];
  for (let place = 0; place < text.length; ) {
    PIECE.lastIndex = place;
    const [all, quoted, time, word, negative, sign] = PIECE.exec(text) ?? [];
    if (all === undefined) throw invalidFilter(text);
    place += all.length;
    if (quoted !== undefined) words.push({ kind: "text", value: quoted.slice(1, -1).replaceAll("''", "'") });
    else if (sign !== undefined) words.push({ kind: "sign", value: sign });
    else words.push({ kind: "word", value: time ?? word ?? negative ?? "" });
  }
  return words;
}

/** The 400 for a filter that is none. */
export function invalidFilter(text: string) {
  return refuse(400, "BadRequest", `Invalid filter clause: The expression "${text}" is not valid.`);
}
