export type Job = () => void;

/** Virtual time, in milliseconds since 1970, that jumps from one job to the next. */
export interface Timeline {
  now(): number;
  /** What is due already happens next. Jobs of the same moment happen in the order in which they were asked for. */
  at(time: number, job: Job): void;
  after(milliseconds: number, job: Job): void;
  /** Does every job until then; `goesOn` is asked after each, when all that the job set in motion has come to rest. */
  run(until: number, goesOn: () => boolean): Promise<void>;
}

interface Entry {
  time: number;
  order: number;
  job: Job;
}

/** After so many jobs the process may see to other things, such as its signals. */
const BREATHER = 50_000;

/** A discrete-event simulator. Nothing really waits. */
export function timeline(start: number): Timeline {
  let time = start;
  let order = 0;
  const heap: Entry[] = [];
  const at = (on: number, job: Job): void => {
    order += 1;
    push(heap, { time: Math.max(on, time), order, job });
  };
  return {
    now: () => time,
    at,
    after: (milliseconds, job) => at(time + milliseconds, job),
    async run(until, goesOn) {
      for (let jobs = 1; heap[0] && heap[0].time <= until; jobs += 1) {
        const { time: on, job } = pop(heap);
        time = on;
        job();
        await (jobs % BREATHER === 0 ? breath() : rest());
        if (!goesOn()) return;
      }
      time = until;
    },
  };
}

/**
 * Resolves when no promise is left to react to: Node runs what `nextTick` was given only after the queue of
 * microtasks is empty. So the app's code between two calls of a port is over before the next job begins.
 */
function rest(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order);
}

function push(heap: Entry[], entry: Entry): void {
  let place = heap.length;
  heap.push(entry);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (!parent || isBefore(parent, entry)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): Entry {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last) throw new Error("Cannot take from an empty timeline");
  if (heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    const least = left && right && isBefore(right, left) ? right : left;
    if (!least || isBefore(last, least)) break;
    heap[place] = least;
    place = 2 * place + (least === right ? 2 : 1);
  }
  heap[place] = last;
  return first;
}
