/** Nobody reads more of one text in a channel, and a message of the queue holds 64 KB; in UTF-16 units. */
export const LONGEST_TEXT = 4_000;

/**
 * A text that is no longer than so many UTF-16 units; an ellipsis stands for what is missing. No character is cut in half:
 * some receivers refuse JSON that has such.
 */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}
