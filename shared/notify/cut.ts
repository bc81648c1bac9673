/** A text that is no longer than so many UTF-16 units; an ellipsis stands for what is missing. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
