const LONGEST = 320;

/** A line of the app without what differs from run to run (ids, times, ports), and cut where it gets long. */
export function shorten(text: string, longest = LONGEST): string {
  const plain = text
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "<id>")
    .replace(/\b[0-9a-f]{32}\b/gi, "<version>")
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>")
    // A delivery begins with another one each minute, so which had no time is chance.
    .replace(/"[\w-]+"( was not deployed: no answer)/g, '"<pipeline>"$1')
    .replace(/(localhost|127\.0\.0\.1):\d+/g, "$1")
    .replaceAll("openmetadata-ingestion-client-secret", "…-client-secret")
    .replace(/\s+/g, " ")
    .trim();
  if (plain.length <= longest) return plain;
  return `${plain.slice(0, plain.lastIndexOf(" ", longest))} …`;
}
