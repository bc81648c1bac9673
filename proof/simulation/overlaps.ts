import type { Run } from "./run.ts";

/** Runs that were alive at the same time as another one of them, and that announced a credential. */
interface Cluster {
  announced: Set<Run>;
  asks: Set<number>;
  issued: number;
}

/** Counts what overlapping and crashing runs cost. */
export interface Overlaps {
  announced(run: Run): void;
  /** Answers how many credentials more were issued than the promise allows: at most one more for each other run. */
  issued(run: Run): number;
}

export function overlaps(): Overlaps {
  let cluster: Cluster = { announced: new Set(), asks: new Set(), issued: 0 };
  return {
    announced(run) {
      const goesOn = [...cluster.announced].some(({ state }) => state === "alive");
      if (!goesOn) cluster = { announced: new Set(), asks: new Set(), issued: 0 };
      cluster.announced.add(run);
      if (run.ask) cluster.asks.add(run.ask.issuedBefore.getTime());
    },
    issued(run) {
      // What a dead run had sent is what its death costs.
      if (run.state !== "alive") return 0;
      cluster.issued += 1;
      // Each ask may need a credential of its own, and so may the schedule.
      const needed = 1 + cluster.asks.size;
      return cluster.issued - needed - (cluster.announced.size - 1);
    },
  };
}
