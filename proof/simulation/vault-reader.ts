import type { Chance } from "./chance.ts";
import { type Holder, hand, letGo } from "./holder.ts";
import type { Timeline } from "./timeline.ts";
import type { VaultSecret } from "./vault.ts";

interface Options {
  timeline: Timeline;
  chance: Chance;
  /** It looks again after at most so long. */
  cache: number;
}

/** Ingestion outside of OpenMetadata that reads the vault, and keeps what it read for a while. */
export function readLater(reader: Holder, secret: VaultSecret, { timeline, chance, cache }: Options): void {
  timeline.after(chance.between(0, cache), () => {
    const latest = secret.latest();
    // A disabled version cannot be read: it goes on with what it has.
    if (!latest?.enabled || latest.value === reader.value) return;
    letGo(reader, timeline.now());
    hand(reader, latest.value, timeline.now());
  });
}
