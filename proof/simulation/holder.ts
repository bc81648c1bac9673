/** Whoever signs in with a client secret: the bot, a deployed pipeline, or ingestion that reads the vault. */
export interface Holder {
  name: string;
  kind: "bot" | "pipeline" | "reader";
  /** undefined: nothing yet. */
  value: string | undefined;
  /** When each value was first and last in its hands. */
  held: Map<string, { first: number; last: number }>;
}

export function holder(name: string, kind: Holder["kind"]): Holder {
  return { name, kind, value: undefined, held: new Map() };
}

/** Puts a value into its hands. */
export function hand(to: Holder, value: string, now: number): void {
  letGo(to, now);
  to.value = value;
  to.held.set(value, { first: to.held.get(value)?.first ?? now, last: now });
}

/** It signs in no longer, as a pipeline that was undeployed. */
export function letGo(of: Holder, now: number): void {
  const known = of.value === undefined ? undefined : of.held.get(of.value);
  if (known) known.last = now;
  of.value = undefined;
}

/** When the value was last in its hands; now, if it still is. */
export function lastHeld({ value, held }: Holder, wanted: string, now: number): number | undefined {
  return value === wanted ? now : held.get(wanted)?.last;
}
