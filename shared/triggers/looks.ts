import { SECOND } from "../limits.ts";

/** So many looks at a time, whoever asks: each makes a dozen requests, and too many at once take their time from each other. */
const AT_ONCE = 5;
/** So long a look counts that several have asked for. */
const REMEMBERED = 5 * SECOND;

interface Look<T> {
  seen: Promise<T>;
  askers: number;
  endedOn: number | undefined;
}

/**
 * Looks that callers share: who asks while one is under way gets what it will see. Where several did, it is remembered
 * for some seconds; who asks alone always gets a look of its own.
 */
export function sharedLooks<T>(now: () => Date): (name: string, look: () => Promise<T>) => Promise<T> {
  const looks = new Map<string, Look<T>>();
  const inTurn = fewAtOnce(AT_ONCE);
  const counts = ({ askers, endedOn }: Look<T>): boolean =>
    endedOn === undefined || (askers > 1 && now().getTime() - endedOn < REMEMBERED);
  const begin = (name: string, look: () => Promise<T>): Look<T> => {
    const begun: Look<T> = { seen: inTurn(look), askers: 0, endedOn: undefined };
    looks.set(name, begun);
    const end = () => {
      begun.endedOn = now().getTime();
    };
    begun.seen.then(end, end);
    return begun;
  };
  return (name, look) => {
    const known = looks.get(name);
    const shared = known && counts(known) ? known : begin(name, look);
    shared.askers += 1;
    return shared.seen;
  };
}

/** Runs so many at a time; the others wait for their turn. */
function fewAtOnce(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      // Its place goes to who has waited longest.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
