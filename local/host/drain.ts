import type { Clock } from "../clock.ts";

/** Waits until all of them have ended, but by the clock no longer than that many milliseconds. */
export async function drain(pending: Set<Promise<unknown>>, clock: Clock, milliseconds: number): Promise<void> {
  let cancel = (): void => {};
  const tooLate = new Promise<void>((resolve) => {
    cancel = clock.at(new Date(clock.now().getTime() + milliseconds), resolve);
  });
  await Promise.race([Promise.allSettled(pending), tooLate]);
  cancel();
}
