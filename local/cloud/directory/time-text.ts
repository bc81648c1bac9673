/** A time as Graph writes it: ISO 8601 in UTC, without a fraction where it is nought. */
export function timeText(on: Date): string {
  return on.toISOString().replace(".000Z", "Z");
}
