import type { FaultEffect, IncomingRequest } from "../../local/cloud/exchange.ts";
import { isOfApp, isWrite } from "./inject.ts";
import { MINUTE, type Scene } from "./scene.ts";

/** A process that dies at one of its writes. */
export interface Kill {
  isDead(): boolean;
  /** Starts a new process, a minute after the death; tells whether there had been one. */
  revive(): Promise<boolean>;
}

/**
 * Kills the app at the nth request that changes something (or that `counts`): `before` it arrives, or `after` it has done its work and
 * before the app hears of it. A dead process sends nothing any more, so that whatever is left of its runs can do no
 * work, and what comes to it is not taken.
 */
export function killAt(
  { cloud, clock, setting }: Pick<Scene, "cloud" | "clock" | "setting">,
  nth: number,
  moment: "before" | "after",
  counts: (request: IncomingRequest) => boolean = isWrite,
): Kill {
  let writes = 0;
  let dead = false;
  const fault = (request: IncomingRequest): FaultEffect | undefined => {
    if (dead) return isOfApp(request) || request.service === "event-grid" ? { kind: "refuse" } : undefined;
    if (!isOfApp(request) || !counts(request)) return undefined;
    writes += 1;
    if (writes < nth) return undefined;
    dead = true;
    return { kind: moment === "before" ? "refuse" : "lose" };
  };
  cloud.wire.faults.push(fault);
  return {
    isDead: () => dead,
    async revive() {
      if (dead) {
        await setting.host.stop();
        await clock.advance(MINUTE);
      }
      cloud.wire.faults = cloud.wire.faults.filter((other) => other !== fault);
      if (dead) await setting.restart();
      return dead;
    },
  };
}
