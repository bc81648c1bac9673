import type { Setting } from "../../journey/setting.ts";
import type { FaultEffect, IncomingRequest } from "../../local/cloud/exchange.ts";
import { MINUTE } from "../../shared/limits.ts";
import { isOfApp, isWrite, pathOf } from "./requests.ts";
import { inject, injected } from "./strike.ts";

/**
 * What befalls a write. `dies before`, `dies after`: the process ends before the request arrives, or when the work is
 * done and before the app hears of it. `lost`: once, the answer. `twice`: the service gets it twice. `busy`: 503, once.
 * A status: that is the answer to it, and to all of its kind, until the fault ends.
 */
export const BLOWS = ["dies before", "dies after", "lost", "twice", "busy", 429, 500, 503] as const;
export type Blow = (typeof BLOWS)[number];

export interface StruckWrite {
  /** The write that was struck, as "method path"; undefined when there was none of that number. */
  write(): string | undefined;
  died(): boolean;
  /** Ends the fault; for a process that died a new one starts, a minute after the death. */
  end(): Promise<void>;
}

/** Which write is struck, counted from 1 among those of the app that are meant, and how. */
export interface WriteBlow {
  nth: number;
  blow: Blow;
  isMeant?: (request: IncomingRequest) => boolean;
}

/**
 * Strikes the nth write. A dead process sends nothing any more, so that whatever is left of its runs can do no work,
 * and what comes to it is not taken.
 */
export function strikeWrite(setting: Setting, { nth, blow, isMeant = () => true }: WriteBlow): StruckWrite {
  let writes = 0;
  let struck: string | undefined;
  const dies = blow === "dies before" || blow === "dies after";
  const effect = effectOf(blow);
  const end = inject(setting.cloud.wire, (request): FaultEffect | undefined => {
    if (dies && struck !== undefined) return ofTheDead(request);
    if (!isOfApp(request) || !isWrite(request)) return undefined;
    // What is refused for long is refused however often it is repeated.
    if (typeof blow === "number" && struck === kindOf(request)) return effect;
    if (!isMeant(request)) return undefined;
    writes += 1;
    if (writes !== nth) return undefined;
    struck = kindOf(request);
    return effect;
  });
  const died = (): boolean => dies && struck !== undefined;
  return {
    write: () => struck,
    died,
    async end() {
      if (died()) {
        await setting.host.stop();
        await setting.clock.advance(MINUTE);
      }
      end();
      if (died()) await setting.restart();
    },
  };
}

/** Nothing is sent, and nothing taken; what the host itself asks of the queue is refused in a way that nobody repeats. */
function ofTheDead(request: IncomingRequest): FaultEffect | undefined {
  if (request.service === "storage-queue") return refused(403);
  return isOfApp(request) || request.service === "event-grid" ? { kind: "refuse" } : undefined;
}

function effectOf(blow: Blow): FaultEffect {
  switch (blow) {
    case "dies before":
      return { kind: "refuse" };
    case "dies after":
    case "lost":
      return { kind: "lose" };
    case "twice":
      return { kind: "repeat" };
    case "busy":
      return refused(503);
    default:
      return refused(blow);
  }
}

/** In the envelopes of all services at once. */
function refused(status: number): FaultEffect {
  const error = { code: "Injected", message: "injected" };
  return { kind: "answer", response: () => injected(status, { code: status, message: "injected", error }) };
}

/** The request without ids and versions. */
function kindOf(request: IncomingRequest): string {
  const path = pathOf(request).replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}|\/[0-9a-f]{32}/g, "");
  return `${request.method} ${path}`;
}
