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
export interface Records<T, By extends string = never> {
  put(id: string, value: T): void;
  /** Puts what counts as having been there for ever: no reader is too far behind to see it. */
  settle(id: string, value: T): void;
  remove(id: string): void;
  get(id: string): T | undefined;
  /** In the order of creation; without a delay the newest versions. */
  list(delay?: Delay): T[];
  /** Those of the list that bear one of these names, without regard to case, without a look at all others. */
  bearing(by: By, names: string | readonly string[], delay?: Delay): T[];
}

/** What an object can be looked up by, and the names of that kind that one bears. */
export type NamesOf<T, By extends string> = Record<By, (value: T) => readonly (string | null)[]>;

interface Version<T> {
  on: number;
  /** `undefined` from the moment of its removal. */
  value: T | undefined;
}

interface History<T> {
  /** Place in the order of creation. */
  place: number;
  versions: Version<T>[];
}

const NONE: Delay = { minAge: 0, lag: 0 };

export function createRecords<T, By extends string = never>(clock: Clock, namesOf: NamesOf<T, By>): Records<T, By> {
  const histories = new Map<string, History<T>>();
  // Only where to look: whoever has ever borne a name. Whether the version that a reader sees bears it is asked of it.
  const bearers = new Map<string, Set<History<T>>>();
  const now = (): number => clock.now().getTime();
  const kinds = Object.keys(namesOf) as By[];
  const bears = (by: By, value: T): string[] =>
    namesOf[by](value).flatMap((name) => (name === null ? [] : [name.toLowerCase()]));

  const add = (id: string, version: Version<T>): void => {
    const history = histories.get(id) ?? { place: histories.size, versions: [] };
    histories.set(id, history);
    history.versions.push(version);
    const { value } = version;
    if (value === undefined) return;
    for (const by of kinds) for (const name of bears(by, value)) entry(bearers, `${by} ${name}`).add(history);
  };
  return {
    put: (id, value) => add(id, { on: now(), value }),
    settle: (id, value) => add(id, { on: Number.NEGATIVE_INFINITY, value }),
    remove: (id) => add(id, { on: now(), value: undefined }),
    get: (id) => histories.get(id)?.versions.at(-1)?.value,
    list: (delay) => seen(histories.values(), now(), delay),
    bearing(by, names, delay) {
      const wanted = new Set([names].flat().map((name) => name.toLowerCase()));
      const found = new Set([...wanted].flatMap((name) => [...(bearers.get(`${by} ${name}`) ?? [])]));
      const inOrder = [...found].sort((one, other) => one.place - other.place);
      return seen(inOrder, now(), delay).filter((value) => bears(by, value).some((name) => wanted.has(name)));
    },
  };
}

/** What a reader sees of these at that moment. */
function seen<T>(histories: Iterable<History<T>>, now: number, { minAge, lag }: Delay = NONE): T[] {
  const values: T[] = [];
  for (const { versions } of histories) {
    const index = versions.findLastIndex(({ on }) => on <= now - lag);
    const value = versions[index]?.value;
    if (value !== undefined && bornOn(versions, index) <= now - minAge) values.push(value);
  }
  return values;
}

/** When the object of this version came into being: a restored one is born anew. */
function bornOn<T>(versions: Version<T>[], index: number): number {
  const gone = versions.findLastIndex((version, place) => place < index && version.value === undefined);
  return versions[gone + 1]?.on ?? Number.POSITIVE_INFINITY;
}

function entry<T>(sets: Map<string, Set<T>>, key: string): Set<T> {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set);
  return set;
}
