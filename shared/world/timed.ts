import type { Log } from "../log.ts";

/** Tells with the end of each step how long it took. Of one log, one step is taken at a time. */
export function timed(log: Log): Log {
  let beganOn: number | undefined;
  return (event) => {
    if (event.event !== "step") return log(event);
    if (event.state === "begun") {
      beganOn = performance.now();
      return log(event);
    }
    const durationMs = beganOn === undefined ? undefined : Math.round(performance.now() - beganOn);
    beganOn = undefined;
    log({ ...event, durationMs });
  };
}
