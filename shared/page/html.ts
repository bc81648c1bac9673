/** Markup that is safe to send: everything that was put into it is escaped. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | false | undefined | readonly Part[];

/**
 * Markup from a template; what is put in is escaped unless it is markup itself. Attributes must stand in double quotes.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = template.map((text, place) => (place === 0 ? text : `${rendered(parts[place - 1])}${text}`));
  return { markup: markup.join("") };
}

/** Text of our own that is markup already, as a style sheet is. */
export function verbatim(markup: string): Html {
  return { markup };
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return "markup" in part ? part.markup : part.map(rendered).join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
