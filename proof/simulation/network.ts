import { type Service, StalledError, UpstreamError } from "../../shared/errors.ts";
import type { Journal } from "./journal.ts";
import type { Run } from "./run.ts";
import type { Timeline } from "./timeline.ts";

/** One request of a run to a service, as the real client would send it. */
export interface Request<T> {
  service: Service;
  /** In the words of an error message. */
  action: string;
  write: boolean;
  /** The client gives up after so many milliseconds. */
  timeout: number;
  /** What the service does when the request has arrived, before it takes effect. */
  arrives?: () => void;
  /** So long the service works on it, whoever still waits. */
  takes?: () => number;
  /** Takes effect; reads of Entra see a world that is `lag` milliseconds old. */
  effect(lag: number): T;
  /** The secret value that a write puts into somebody's hands. */
  carries?: () => string | undefined;
}

/** What goes wrong with a request, apart from being slow. */
export type Trouble =
  | "dies before"
  | "dies after"
  | "answer lost"
  | "done twice"
  | "429"
  | "5xx before"
  | "5xx after"
  | "no answer"
  | "forbidden"
  | "stale read";

/** What becomes of a request. Times in milliseconds; `pause` passes before it is sent. */
export interface Fate {
  pause: number;
  out: number;
  back: number;
  lag: number;
  trouble: Trouble | undefined;
}

/** Decides the fate of requests. */
export interface Weather {
  fate(run: Run, request: Request<unknown>): Fate;
  /** A write has taken effect: a good moment for somebody else to come along. */
  written(run: Run, request: Request<unknown>): void;
}

export interface Network {
  call<T>(run: Run, request: Request<T>): Promise<T>;
  /** Writes on their way that carry this value: they may still land. */
  onTheWay(value: string): number;
}

interface Options {
  timeline: Timeline;
  weather: Weather;
  journal: Journal;
  /** Ends the process of a run. */
  kill(run: Run, because: string): void;
}

/** What lies between the app and the services. A dead run hears no answer; what it had sent still lands. */
export function network({ timeline, weather, journal, kill }: Options): Network {
  const underway = new Set<Request<unknown>>();

  const send = <T>(run: Run, request: Request<T>, { fate, settle, fail }: Sending<T>): void => {
    const { back, trouble } = fate;
    const out = fate.out + (request.takes?.() ?? 0);
    const heard = (milliseconds: number, act: () => void): void =>
      timeline.after(milliseconds, () => run.state === "alive" && act());
    const givesUp = out + back > request.timeout;
    switch (trouble) {
      case "dies before":
        kill(run, `before ${request.action}`);
        return;
      case "no answer":
        heard(Math.min(out, request.timeout), () => fail(noAnswer(request)));
        return;
      case "429":
        heard(out, () => fail(failure(request, 429)));
        return;
      case "5xx before":
        heard(out, () => fail(failure(request, 503)));
        return;
      case "forbidden":
        heard(out, () => fail(forbidden(request)));
        return;
    }
    if (request.arrives) timeline.after(Math.min(out, 100), request.arrives);
    if (request.write) underway.add(request);
    if (givesUp || trouble === "answer lost") heard(request.timeout, () => fail(noAnswer(request)));
    timeline.after(out, () => {
      underway.delete(request);
      let answer: () => void;
      try {
        let result = request.effect(fate.lag);
        if (trouble === "done twice") result = request.effect(fate.lag);
        answer = () => settle(result);
      } catch (error) {
        answer = () => fail(error);
      }
      if (request.write) {
        if (out > request.timeout) journal.note(run.name, `${request.action}: lands ${seconds(out)} after it was sent`);
        weather.written(run, request);
      }
      if (trouble === "dies after") kill(run, `after ${request.action}`);
      else if (trouble === "5xx after") heard(back, () => fail(failure(request, 504)));
      // Most answers come in the same moment: it halves the number of jobs.
      else if (!givesUp && trouble !== "answer lost") {
        if (back > 0) heard(back, answer);
        else if (run.state === "alive") answer();
      }
    });
  };

  return {
    onTheWay: (value) => [...underway].filter(({ carries }) => carries?.() === value).length,
    call<T>(run: Run, request: Request<T>): Promise<T> {
      if (run.state !== "alive") return new Promise(() => {});
      const fate = weather.fate(run, request);
      if (fate.trouble) {
        journal.count(`${request.service}: ${fate.trouble}`);
        journal.note(run.name, `${request.action}: ${fate.trouble}`);
      }
      if (fate.pause > 0)
        journal.note(run.name, `${request.action}: the process stands still for ${seconds(fate.pause)}`);
      return new Promise<T>((settle, fail) => {
        const sending = { fate, settle, fail };
        if (fate.pause === 0) send(run, request, sending);
        else timeline.after(fate.pause, () => run.state === "alive" && send(run, request, sending));
      });
    },
  };
}

interface Sending<T> {
  fate: Fate;
  settle(result: T): void;
  fail(error: unknown): void;
}

function noAnswer({ action, service }: Request<unknown>): UpstreamError {
  return new UpstreamError(`Cannot ${action}: ${service} does not answer (TimeoutError)`, { service, status: 0 });
}

function failure({ action, service }: Request<unknown>, status: number): UpstreamError {
  return new UpstreamError(`Cannot ${action}: ${service} answered ${status}`, { service, status });
}

/** The role of the app, or the firewall of the vault. */
function forbidden({ action }: Request<unknown>): StalledError {
  return new StalledError("vault-forbidden", `Cannot ${action}: 403 ForbiddenByRbac`, {
    hint: `Give the app's identity the role it needs`,
  });
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
