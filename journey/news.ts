/** The step, by the word with which the log says that it was taken. */
const STEPS: Record<string, string> = {
  issued: "issue",
  proven: "prove",
  promoted: "promote",
  pushed: "push",
  delivered: "push",
  confirmed: "confirm",
  retired: "retire",
};

/** What a line of the app's log says about a step that was taken, and on which credential; ids are shortened. */
export function newsIn(message: string): { who: string; what: string } | undefined {
  const [, secret = "", text, past] = /^(?:rotation|push) of "([^"]+)": ((\w+)\b.*)$/.exec(message) ?? [];
  const who = past && STEPS[past];
  if (!text || !who) return undefined;
  const ids = /\b([0-9a-f]{8})-?[0-9a-f]{4}-?[0-9a-f-]{14,}/g;
  const credential = secret.replace(/^openmetadata-/, "");
  return { who, what: `${credential} ${text.replace(ids, "$1").replace(/T\d\d:\d\d:\d\d\.\d{3}Z/g, "")}` };
}
