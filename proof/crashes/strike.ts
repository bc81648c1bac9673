import type { Setting } from "../../journey/setting.ts";
import type { FaultEffect, IncomingRequest } from "../../local/cloud/exchange.ts";
import { isOfApp, isWrite, pathOf } from "../faults/inject.ts";
import { killAt } from "../faults/kill.ts";

/**
 * What befalls a write. `dies before`, `dies after`: the process ends before the request arrives, or when the work is
 * done and before the app hears of it. `lost`: once, the answer. `twice`: the service gets it twice. `busy`: 503, once.
 * A status: that is the answer to it, and to all of its kind, until the fault ends.
 */
export const STRIKES = ["dies before", "dies after", "lost", "twice", "busy", 429, 500, 503] as const;
export type Strike = (typeof STRIKES)[number];

export interface Struck {
  /** The write that was struck, as "method path"; undefined when there was none of that number. */
  write(): string | undefined;
  died(): boolean;
  /** Ends the fault; a dead process is started anew. */
  end(): Promise<void>;
}

/** Strikes the nth write that is about the credential in question. */
export function strikeAt(
  setting: Setting,
  { nth, strike, isAbout }: { nth: number; strike: Strike; isAbout: (request: IncomingRequest) => boolean },
): Struck {
  const { clock, cloud } = setting;
  const counts = (request: IncomingRequest): boolean => isWrite(request) && isAbout(request);
  let writes = 0;
  let struck: string | undefined;
  const note = (request: IncomingRequest): boolean => {
    if (!isOfApp(request) || !counts(request)) return false;
    writes += 1;
    if (writes === nth) struck = kindOf(request);
    return writes === nth;
  };
  if (strike === "dies before" || strike === "dies after") {
    const kill = killAt({ cloud, clock, setting }, nth, strike === "dies before" ? "before" : "after", counts);
    const watch = (request: IncomingRequest): undefined => {
      if (!kill.isDead()) note(request);
    };
    cloud.wire.faults.unshift(watch);
    return {
      write: () => struck,
      died: kill.isDead,
      async end() {
        cloud.wire.faults = cloud.wire.faults.filter((one) => one !== watch);
        await kill.revive();
      },
    };
  }
  const fault = (request: IncomingRequest): FaultEffect | undefined => {
    const hit = note(request);
    if (typeof strike === "string") return hit ? once(strike) : undefined;
    const isSame = struck !== undefined && isOfApp(request) && kindOf(request) === struck;
    return isSame ? { kind: "answer", response: () => refusal(strike) } : undefined;
  };
  cloud.wire.faults.push(fault);
  return {
    write: () => struck,
    died: () => false,
    async end() {
      cloud.wire.faults = cloud.wire.faults.filter((one) => one !== fault);
    },
  };
}

function once(strike: "lost" | "twice" | "busy"): FaultEffect {
  if (strike === "busy") return { kind: "answer", response: () => refusal(503) };
  return { kind: strike === "lost" ? "lose" : "repeat" };
}

/** The request without ids and versions. */
function kindOf(request: IncomingRequest): string {
  const path = pathOf(request).replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}|\/[0-9a-f]{32}/g, "");
  return `${request.method} ${path}`;
}

/** In the envelopes of all services at once; marked, so that nobody holds it against a schema. */
function refusal(status: number): Response {
  const error = { code: "Injected", message: "injected" };
  return Response.json({ code: status, message: "injected", error }, { status, headers: { "x-injected-fault": "1" } });
}
