import { type AppAnswer, converge } from "../../journey/call-app.ts";
import type { Setting } from "../../journey/setting.ts";
import type { Clock } from "../../local/clock.ts";
import type { Cloud } from "../../local/cloud/cloud.ts";
import type { Exchange, FaultEffect, Service } from "../../local/cloud/exchange.ts";
import type { Hold } from "./cloud-time.ts";
import { type Course, type Injection, inject, isWrite, pathOf, type Where } from "./inject.ts";
import { type Truth, truthOf } from "./truth.ts";
import { type Rules, type Watch, watchOver } from "./watch.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The minute at which scenes begin and runs are looked at: the timer fires on the hour, ingestion at :20 and :50. */
const PAUSE = 25;

/** An answer that somebody who called the app has seen. */
export interface Seen {
  call: string;
  answer: AppAnswer & { retryAfter: number };
}

/** What a scenario has in its hands: the world, the faults, the means to let time pass, and a place to say what was. */
export interface Scene {
  setting: Setting;
  cloud: Cloud;
  clock: Clock;
  truth: Truth;
  watch: Watch;
  inject(where: Where, course: FaultEffect | Course): Injection;
  /** Does the work and answers so many milliseconds later. */
  slowly(milliseconds: number): FaultEffect;
  /** Lets the timer fire once, and everything that follows from it happen. */
  run(): Promise<void>;
  /** Calls the app as a pipeline would, once. */
  post(path: string, body?: object): Promise<AppAnswer & { retryAfter: number }>;
  /** Calls until the answer is no 202. */
  converge(path: string, body?: object): Promise<AppAnswer>;
  /** Says what the app did, if it did; otherwise the scenario has failed. */
  verify(sentence: string, holds: boolean): void;
  /** Requests of the app since the fault was injected, as "METHOD path". */
  requests(service: Service): string[];
  writes(service: Service): string[];
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
  let mostOrphans = 0;
  let noted = 0;
  const look = (): void => {
    mostOrphans = Math.max(mostOrphans, truth.orphans().length);
  };
  const requests = (service: Service, fits: (exchange: Exchange) => boolean): string[] =>
    watch.exchanges
      .filter((exchange) => exchange.service === service && fits(exchange))
      .map((exchange) => `${exchange.method} ${pathOf(exchange)}`);
  const scene: Scene = {
    setting,
    cloud,
    clock,
    truth,
    watch,
    answers: [],
    verified: [],
    inject: (where, course) => inject(cloud.wire, where, course),
    slowly: (milliseconds) => ({
      kind: "after",
      async response(original) {
        await hold(milliseconds);
        return original;
      },
    }),
    async run() {
      await clock.advance(untilAfterNextHour(clock.now()));
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
    requests: (service) => requests(service, () => true),
    writes: (service) => requests(service, isWrite),
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
    async sleep(milliseconds) {
      const { shape } = cloud.eventGrid.faults;
      // Nobody takes events meanwhile, and where the app was is not where it will be.
      cloud.eventGrid.faults.shape = () => [];
      await setting.host.stop();
      await clock.advance(milliseconds);
      if (shape) cloud.eventGrid.faults.shape = shape;
      else delete cloud.eventGrid.faults.shape;
      await setting.restart();
    },
    addByHand(displayName) {
      const given = cloud.directory.addPasswordByHand("openmetadata-ingestion", { displayName });
      watch.remember();
      return given;
    },
    mostOrphans: () => mostOrphans,
  };
  return scene;
}

function untilAfterNextHour(now: Date): number {
  const hour = Math.floor(now.getTime() / HOUR) + 1;
  return hour * HOUR + PAUSE * MINUTE - now.getTime();
}
