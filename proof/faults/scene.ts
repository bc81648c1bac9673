import { type AppAnswer, converge } from "../../journey/call-app.ts";
import type { Setting } from "../../journey/setting.ts";
import type { Clock } from "../../local/clock.ts";
import type { Cloud } from "../../local/cloud/cloud.ts";
import type { Fault, FaultEffect } from "../../local/cloud/exchange.ts";
import { HOUR, MINUTE } from "../../shared/limits.ts";
import type { Hold } from "../strikes/cloud-time.ts";
import { type AppRecord, recordOf } from "../strikes/record.ts";
import { type Course, inject, type Meant, strike } from "../strikes/strike.ts";
import { type Rules, type Watch, watchOver } from "./breaches.ts";
import { sleep } from "./open-app.ts";
import { type Truth, truthOf } from "./truth.ts";

/** The minute at which scenes begin and runs are looked at: the timer fires on the hour, ingestion at :20 and :50. */
const PAUSE = 25;

/** An answer that somebody who called the app has seen. */
export interface Seen {
  call: string;
  answer: AppAnswer & { retryAfter: number };
}

/** A fault on the wire, until it is ended. */
export interface Injection {
  /** How many requests of its kind there were, those included that it let pass. */
  hits(): number;
  /** When they came. */
  times: readonly number[];
  end(): void;
}

/** What a scenario has in its hands: the world, the faults, the means to let time pass, and a place to say what was. */
export interface Scene extends Pick<AppRecord, "requests" | "writes"> {
  setting: Setting;
  cloud: Cloud;
  clock: Clock;
  truth: Truth;
  watch: Watch;
  /** What the app sent since the fault was injected. */
  sent: AppRecord;
  inject(meant: Meant, course: FaultEffect | Course): Injection;
  /** Does the work and answers so many milliseconds later. */
  slowly(milliseconds: number): FaultEffect;
  /** Lets the timer fire once, and what follows from it happen until so many minutes past the hour. */
  run(minutes?: number): Promise<void>;
  /** Calls the app as a pipeline would, once. */
  post(path: string, body?: object): Promise<AppAnswer & { retryAfter: number }>;
  /** Calls until the answer is no 202. */
  converge(path: string, body?: object): Promise<AppAnswer>;
  /** Says what the app did, if it did; otherwise the scenario has failed. */
  verify(sentence: string, holds: boolean): void;
  /** How often the app asked Graph for a new credential, and OpenMetadata to change the bot's user. */
  issued(): number;
  pushed(): number;
  /** Brings an event to one of the app's functions as Event Grid would; answers the status. */
  deliver(functionName: string, event: object): Promise<number>;
  /** The scenario let the app converge itself, in so many runs. */
  noteRuns(runs: number): void;
  notedRuns(): number;
  /** Stops the app, lets time pass, and starts it again. */
  sleep(milliseconds: number): Promise<void>;
  /** Adds a credential by hand to the ingestion registration. */
  addByHand(displayName: string): { keyId: string; value: string };
  /** The most managed credentials without a value in the vault that were there at the end of a run or call. */
  mostOrphans(): number;
  answers: Seen[];
  verified: { sentence: string; holds: boolean }[];
}

export function sceneOf(setting: Setting, hold: Hold, rules: Rules): Scene {
  const { cloud, clock } = setting;
  const truth = truthOf(cloud);
  const watch = watchOver(setting, truth, rules);
  const sent = recordOf(cloud.wire);
  let mostOrphans = 0;
  let noted = 0;
  const look = (): void => {
    mostOrphans = Math.max(mostOrphans, truth.orphans().length);
  };
  const scene: Scene = {
    setting,
    cloud,
    clock,
    truth,
    watch,
    sent,
    requests: sent.requests,
    writes: sent.writes,
    answers: [],
    verified: [],
    inject: (meant, course) => injected(setting, meant, course),
    slowly: (milliseconds) => ({
      kind: "after",
      async response(original) {
        await hold(milliseconds);
        return original;
      },
    }),
    async run(minutes = PAUSE) {
      await clock.advance(untilAfterNextHour(clock.now(), minutes));
      look();
    },
    async post(path, body = {}) {
      const answer = await setting.call("POST", path, body);
      scene.answers.push({ call: `POST /api/${path}`, answer });
      look();
      return answer;
    },
    converge: (path, body) => converge(() => scene.post(path, body), clock),
    verify: (sentence, holds) => void scene.verified.push({ sentence, holds }),
    issued: () => scene.writes("graph").filter((line) => line.endsWith("/addPassword")).length,
    pushed: () => scene.writes("openmetadata").filter((line) => line === "PUT /api/v1/users").length,
    async deliver(functionName, event) {
      const { host, keys } = setting;
      const url = `${host.url}/runtime/webhooks/EventGrid?functionName=${functionName}&code=${keys.eventGrid}`;
      const headers = { "aeg-event-type": "Notification", "content-type": "application/json" };
      const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify(event) });
      return status;
    },
    noteRuns(runs) {
      noted = Math.max(noted, runs);
    },
    notedRuns: () => noted,
    sleep: (milliseconds) => sleep(setting, milliseconds),
    addByHand(displayName) {
      const given = cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName });
      watch.remember();
      return given;
    },
    mostOrphans: () => mostOrphans,
  };
  return scene;
}

function injected({ cloud, clock }: Setting, meant: Meant, course: FaultEffect | Course): Injection {
  const times: number[] = [];
  const fault = strike(meant, course);
  const timed: Fault = (request) => {
    const effect = fault(request);
    if (fault.hits() > times.length) times.push(clock.now().getTime());
    return effect;
  };
  return { hits: fault.hits, times, end: inject(cloud.wire, timed) };
}

function untilAfterNextHour(now: Date, minutes: number): number {
  const hour = Math.floor(now.getTime() / HOUR) + 1;
  return hour * HOUR + minutes * MINUTE - now.getTime();
}
