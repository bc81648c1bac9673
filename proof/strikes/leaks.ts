const PIECE = 8;
/** The beginning of any token: `{"` in base64url. */
const TOKEN = /\beyJ[\w-]{10}/;

/** Which kinds of secrets show in a text, in whole or in pieces of eight characters; never shows them. */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  return [...(holdsPiece(text, secrets) ? ["a secret"] : []), ...(TOKEN.test(text) ? ["something like a token"] : [])];
}

/** Whether the text holds any eight characters in a row of one of the values. One walk through the text, however many. */
export function holdsPiece(text: string, values: Iterable<string>): boolean {
  const pieces = new Set<string>();
  const beginnings = new Set<number>();
  for (const value of values) {
    for (let start = 0; start + PIECE <= value.length; start += 1) {
      pieces.add(value.slice(start, start + PIECE));
      beginnings.add(pairAt(value, start));
    }
  }
  for (let at = 0; at + PIECE <= text.length; at += 1) {
    if (beginnings.has(pairAt(text, at)) && pieces.has(text.slice(at, at + PIECE))) return true;
  }
  return false;
}

/** Two characters as a number: most places are passed over by it. */
function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);
}
