/** The most of these moments that lie within a time, in milliseconds. */
export function mostWithin(time: number, moments: readonly number[]): number {
  const following = moments.map((start) => moments.filter((one) => one >= start && one < start + time).length);
  return Math.max(0, ...following);
}
