import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./table.ts";

/** What a process of Node has used until an entry was loaded: milliseconds, and megabytes of memory. */
export interface Start {
  cpu: number;
  wall: number;
  memory: number;
}

/** The parts of it that are compared. */
export interface Compared {
  /** Medians. */
  cpu: number;
  memory: number;
  /** Of processor time and of time, beside a start of Node alone: medians of the pairs, and of the fastest of each. */
  ratio: number;
  wallRatio: number;
}

const loader = fileURLToPath(new URL("load.cjs", import.meta.url));

/**
 * Starts Node with the entry and without, in turn, so that both see the same moments of a busy machine. Processor time
 * tells more than time where others work beside it.
 */
export function compareStarts(entry: string, runs: number): Compared {
  const pairs = Array.from({ length: runs + 1 }, () => ({ with: start(entry), bare: start() })).slice(1);
  const least = (starts: Start[]): number => Math.min(...starts.map(({ wall }) => wall));
  return {
    cpu: median(pairs.map((pair) => pair.with.cpu)),
    memory: median(pairs.map((pair) => pair.with.memory)),
    ratio: median(pairs.map((pair) => pair.with.cpu / pair.bare.cpu)),
    wallRatio: least(pairs.map((pair) => pair.with)) / least(pairs.map((pair) => pair.bare)),
  };
}

function start(...entry: string[]): Start {
  const env = { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: "" };
  return JSON.parse(execFileSync(process.execPath, [loader, ...entry], { encoding: "utf8", env }));
}
