import type { Clock } from "../clock.ts";

/** Something that happens again and again by the clock. */
export interface Repeated {
  /** From now on; nothing happens at once. */
  start(): void;
  stop(): void;
}

const MINUTE = 60 * 1000;

/** Does the job every so many minutes; the next one is due even if this one fails. */
export function every(minutes: number, clock: Clock, job: () => Promise<void>): Repeated {
  let cancel: (() => void) | undefined;
  const schedule = (): void => {
    cancel = clock.at(new Date(clock.now().getTime() + minutes * MINUTE), async () => {
      schedule();
      await job();
    });
  };
  return {
    start() {
      if (!cancel) schedule();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
