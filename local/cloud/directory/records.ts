import type { Clock } from "../../clock.ts";

/** How far behind the truth a reader is, in milliseconds. */
export interface Delay {
  /** What was created less than this ago is not there yet. */
  minAge: number;
  /** Everything is as it was this long ago. */
  lag: number;
}

/**
 * Objects by id with every version they ever had, so that a reader can be shown an older one. Values are never changed
 * in place: a write puts a whole new value.
 */
export interface Records<T> {
  put(id: string, value: T): void;
  /** Puts what counts as having been there for ever: no reader is too far behind to see it. */
  settle(id: string, value: T): void;
  remove(id: string): void;
  get(id: string): T | undefined;
  /** In the order of creation; without a delay the newest versions. */
  list(delay?: Delay): T[];
}

interface Version<T> {
  on: number;
  /** `undefined` from the moment of its removal. */
  value: T | undefined;
}

export function createRecords<T>(clock: Clock): Records<T> {
  const histories = new Map<string, Version<T>[]>();
  const add = (id: string, version: Version<T>): void => {
    histories.set(id, [...(histories.get(id) ?? []), version]);
  };
  const now = (): number => clock.now().getTime();
  return {
    put: (id, value) => add(id, { on: now(), value }),
    settle: (id, value) => add(id, { on: Number.NEGATIVE_INFINITY, value }),
    remove: (id) => add(id, { on: now(), value: undefined }),
    get: (id) => histories.get(id)?.at(-1)?.value,
    list({ minAge, lag } = { minAge: 0, lag: 0 }) {
      const seen: T[] = [];
      for (const history of histories.values()) {
        const index = history.findLastIndex((version) => version.on <= now() - lag);
        const value = history[index]?.value;
        if (value !== undefined && bornOn(history, index) <= now() - minAge) seen.push(value);
      }
      return seen;
    },
  };
}

/** When the object of this version came into being: a restored one is born anew. */
function bornOn<T>(history: Version<T>[], index: number): number {
  const gone = history.findLastIndex((version, place) => place < index && version.value === undefined);
  return history[gone + 1]?.on ?? Number.POSITIVE_INFINITY;
}
