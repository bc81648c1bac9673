import { MINUTE } from "../../shared/limits.ts";
import type { Fate, Request, Trouble, Weather } from "./network.ts";
import type { Run } from "./run.ts";

/**
 * What is done to one request: the troubles of the network, being overtaken by a whole other run, and the landing of an
 * older push, whose run is no more, while the request has not been sent yet.
 */
export type Crash = Trouble | "overtaken" | "overtaken by an ask" | "overtaken by a leak" | "an older push lands";

export const CRASHES: readonly Crash[] = [
  "dies before",
  "dies after",
  "answer lost",
  "done twice",
  "429",
  "5xx before",
  "5xx after",
  "stale read",
  "overtaken",
  "overtaken by an ask",
  "overtaken by a leak",
  "an older push lands",
];

/** One request as it was sent in the course without any fault. */
export type Sent = Pick<Request<unknown>, "service" | "action" | "write">;

/** Which request is struck, counted from the moment when the weather is armed, and how. */
export interface Strike {
  call: number;
  crash: Crash;
}

export interface CrashWeather extends Weather {
  arm(): void;
  /** Every request since then. */
  sent: readonly Sent[];
}

/** So old is a stale read; so long stands a process still that is overtaken. */
const LAG = 20 * MINUTE;
const STANDSTILL = 4 * MINUTE;

/** Nothing goes wrong but one thing. */
export function crashWeather(strike: Strike | undefined, struck: (crash: Crash) => void): CrashWeather {
  const sent: Sent[] = [];
  const course = new WeakMap<Run, string>();
  const stood = new Map<string, number>();
  let armed = false;
  /** Runs that only look come every hour: where two have stood, a third is not struck as well. */
  const isKnown = (run: Run, action: string): boolean => {
    const here = `${course.get(run) ?? run.trigger} > ${action}`;
    const times = (stood.get(here) ?? 0) + 1;
    course.set(run, here);
    stood.set(here, times);
    return times > 2;
  };
  return {
    sent,
    arm() {
      armed = true;
    },
    written() {},
    fate(run, { service, action, write }): Fate {
      const fate = { pause: 0, out: write ? 300 : 50, back: write ? 100 : 0, lag: 0, trouble: undefined };
      if (!armed || isKnown(run, action)) return fate;
      sent.push({ service, action, write });
      if (!strike || strike.call !== sent.length - 1) return fate;
      const { crash } = strike;
      struck(crash);
      if (crash === "an older push lands") return { ...fate, pause: 100 };
      if (crash.startsWith("overtaken")) return { ...fate, pause: STANDSTILL };
      return { ...fate, trouble: crash as Trouble, lag: crash === "stale read" ? LAG : 0 };
    },
  };
}

/** Only writes happen twice; the vault's reads never lag, and OpenMetadata has one database. */
export function isPossible(crash: Crash, { service, action, write }: Sent): boolean {
  if (crash === "done twice") return write;
  if (crash === "an older push lands") return action === "deploy the ingestion pipelines";
  if (crash !== "stale read") return true;
  return !write && (service === "Entra" || action === "list client secrets");
}
