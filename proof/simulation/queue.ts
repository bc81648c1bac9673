import type { Message } from "../../shared/engine/message.ts";
import type { Sending } from "../../shared/engine/ports.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { Answer } from "./invocations.ts";
import { type Journal, moment } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { CANARY } from "./registration.ts";
import type { Timeline } from "./timeline.ts";

/** How unpleasant the queue is; probabilities, for each message. */
export interface QueueHabits {
  lost: number;
  doubled: number;
  /** It comes minutes to hours after its time, behind younger ones. */
  late: number;
  /** A copy comes once more, days to weeks later. */
  stale: number;
  /** Somebody puts back what lies in the poison queue, days later. */
  replayed: number;
  /** Storage answers nobody as long as anything goes wrong at all. */
  down?: boolean;
}

/** host.json and the storage extension; a test holds them together. */
const POLLING = 30 * SECOND;
const PAUSE = 5 * MINUTE;
const MOST_ATTEMPTS = 10;
/** Hidden so long while a run has it; a process that dies renews that no more. */
const LEASE = 10 * MINUTE;
/** More for a few credentials mean that there is no end to them. */
const MOST_WAITING = 5_000;

interface Stored {
  text: string;
  about: string;
  expiresAt: number;
  attempts: number;
  chance: Chance;
}

/** The queue of the work, its poison queue, and the host that feeds the app from it. */
export interface Queue {
  /** Storage answers nobody, and nobody gets a message. */
  down: boolean;
  put(message: Message, sending: Sending): void;
  notes(): Readonly<Record<string, string>>;
  note(notes: Record<string, string>): void;
  waiting(): number;
  poisoned(): number;
}

interface Options {
  timeline: Timeline;
  misfortunes: Misfortunes;
  journal: Journal;
  habits: QueueHabits;
  isCalm(): boolean;
  /** Whether a run can begin now: the app is up, and one of its instances has room. */
  hasRoom(): boolean;
  begin(text: string, attempt: number, answered: (answer: Answer) => void): void;
}

export function workQueue({ timeline, misfortunes, journal, habits, isCalm, hasRoom, begin }: Options): Queue {
  let notes: Record<string, string> = {};
  const waiting = new Set<Stored>();
  let poisoned = 0;

  const show = (stored: Stored, delay: number): void => {
    waiting.add(stored);
    if (waiting.size > MOST_WAITING) journal.breaks("bounded writes", `${waiting.size} messages wait at once`);
    // Whatever is visible by then is received in one go.
    const poll = Math.ceil((timeline.now() + delay + SECOND) / POLLING) * POLLING;
    timeline.at(poll + stored.chance.between(0, SECOND / 2), () => receive(stored));
  };
  const receive = (stored: Stored): void => {
    if (!waiting.delete(stored)) return;
    if (timeline.now() > stored.expiresAt) journal.count("messages expired");
    else if (queue.down || !hasRoom()) show(stored, MINUTE);
    else handOut(stored);
  };
  const handOut = (stored: Stored): void => {
    stored.attempts += 1;
    journal.count(stored.attempts > 1 ? "messages received again" : "messages received");
    begin(stored.text, stored.attempts, ({ kind }) => {
      if (kind !== "failed" && kind !== "broken off") return;
      if (stored.attempts >= MOST_ATTEMPTS) poison(stored);
      else show(stored, kind === "failed" ? PAUSE : LEASE);
    });
  };
  const poison = (stored: Stored): void => {
    poisoned += 1;
    journal.count("messages poisoned");
    journal.note("queue", `${stored.about} is put into the poison queue`);
    if (!befalls(stored, habits.replayed, "is put back by a person")) return;
    timeline.after(stored.chance.between(HOUR, 3 * DAY), () => {
      poisoned -= 1;
      show({ ...stored, attempts: 0, expiresAt: Number.POSITIVE_INFINITY }, 0);
    });
  };
  const befalls = ({ chance, about }: Stored, probability: number, what: string): boolean =>
    !isCalm() && chance.happens(probability) && misfortunes.befalls(`${about} ${what}`);
  const nameOf = namesOfMessages(timeline);

  const queue: Queue = {
    down: habits.down ?? false,
    put(message, { delay, life = Number.POSITIVE_INFINITY }) {
      const text = JSON.stringify(message);
      if (text.includes(CANARY)) journal.breaks("secrecy", `a message holds a secret: ${text}`);
      journal.count("messages sent");
      const about = nameOf(message);
      const chance = misfortunes.chance(about);
      const stored: Stored = { text, about, expiresAt: timeline.now() + life, attempts: 0, chance };
      // Of the timer, the queue and the events one may fail for long, not two: the watch is what stands in for the timer.
      const isWatch = message.kind === "watch";
      if (befalls(stored, habits.doubled, "comes twice")) show({ ...stored }, delay + chance.between(0, MINUTE));
      if (befalls(stored, habits.stale, "comes once more"))
        show({ ...stored, expiresAt: Number.POSITIVE_INFINITY }, delay + chance.between(HOUR, 20 * DAY));
      if (!isWatch && befalls(stored, habits.lost, "is lost")) {
        journal.count("messages lost");
        return;
      }
      const isLate = !isWatch && befalls(stored, habits.late, "is late");
      show(stored, delay + (isLate ? chance.between(MINUTE, chance.pick([20 * MINUTE, 12 * HOUR])) : 0));
    },
    notes: () => notes,
    note(all) {
      notes = all;
    },
    waiting: () => waiting.size,
    poisoned: () => poisoned,
  };
  return queue;
}

/** By what it is about and when it was sent; of those sent at once each has a name of its own. */
function namesOfMessages({ now }: Timeline): (message: Message) => string {
  let last = "";
  let twins = 0;
  return (message) => {
    const whose = message.kind === "rotate" ? `message about ${message.deployment}` : "watch message";
    const plain = `${whose} of ${moment(now())}`;
    twins = plain === last ? twins + 1 : 0;
    last = plain;
    return twins > 0 ? `${plain} (${twins + 1})` : plain;
  };
}
