import { FIRST_TIMER_RUN, HOUR, LONGEST_DELAY, MINUTE, TIMER_OVERDUE, WATCH_SPREAD } from "../limits.ts";
import type { Message } from "./message.ts";
import type { WorkQueue } from "./ports.ts";

/**
 * Timers have stopped for good after a deployment while everything else went on (Azure/azure-functions-host #11828), and
 * nobody hears of what does not happen. So each run of the timer notes with the queue when it ran, and leaves a message
 * that is seen only when the next runs have failed to come: whoever then gets it sends the sweep instead, and leaves
 * another for the sweep after that. Should that chain break, the next event of the vault, or the next call, mends it.
 */

/** What is known of the timer. */
export interface TimerState {
  /** undefined: it has not run yet, as far as is known. */
  ranOn: Date | undefined;
  nextOn: Date | undefined;
  /** Without a run until then it counts as silent. */
  silentOn: Date;
  /** When somebody has sent the sweep in its place. */
  sweptOn: Date | undefined;
}

/** When this is, and chance. */
interface Moment {
  now: Date;
  random(): number;
}

/** By which name each date stands with the queue. */
const NOTES = { ranOn: "timerranon", nextOn: "timernexton", silentOn: "timersilenton", sweptOn: "sweptinsteadon" };
/** Sweeps in the timer's place. */
const INSTEAD_EVERY = HOUR;

/** undefined where nobody has noted anything yet, or what is noted cannot be read. */
export function timerState(notes: Readonly<Record<string, string>>): TimerState | undefined {
  const date = (name: keyof typeof NOTES): Date | undefined => {
    const found = new Date(notes[NOTES[name]] ?? Number.NaN);
    return Number.isNaN(found.getTime()) ? undefined : found;
  };
  const silentOn = date("silentOn");
  return silentOn && { ranOn: date("ranOn"), nextOn: date("nextOn"), silentOn, sweptOn: date("sweptOn") };
}

/** Notes that the timer has run, and sets the watch. `period` is the time between its runs. */
export async function noteTimerRun(
  queue: WorkQueue,
  { now, nextOn, period, random }: Moment & { nextOn: Date | undefined; period: number },
): Promise<void> {
  const overdue = nextOn && nextOn.getTime() + Math.max(TIMER_OVERDUE, 2 * period);
  const silentOn = new Date(overdue ?? now.getTime() + FIRST_TIMER_RUN);
  const state = { ranOn: now, nextOn, silentOn, sweptOn: undefined };
  // First the watch: until the note is written, the one before it still counts.
  await setWatch(queue, state, { on: silentOn, now, random });
  await note(queue, state);
}

/**
 * The state of a timer in whose place the caller, whom something else has started, must send the sweep; undefined where
 * it need not. What shall look next is left behind. `watch` is the message that asks, where one does: it is of no use any
 * more when the timer has run since.
 */
export async function silentTimer(
  queue: WorkQueue,
  { now, random }: Moment,
  watch?: Extract<Message, { kind: "watch" }>,
): Promise<TimerState | undefined> {
  const state = timerState((await queue.state()).notes);
  if (!state) {
    await awaitFirstRun(queue, { now, random });
    return undefined;
  }
  if (watch && watch.ranOn !== markOf(state)) return undefined;
  if (now < state.silentOn) {
    if (watch) await setWatch(queue, state, { on: state.silentOn, now, random });
    return undefined;
  }
  // Another message carries on: of two that were sent at once one ends here.
  const lately = watch ? INSTEAD_EVERY - 5 * MINUTE : INSTEAD_EVERY + TIMER_OVERDUE;
  if (state.sweptOn && now.getTime() < state.sweptOn.getTime() + lately) return undefined;
  // First the next watch: should this run end in between, nobody else would set one.
  await setWatch(queue, state, { on: new Date(now.getTime() + INSTEAD_EVERY), now, random });
  await note(queue, { ...state, sweptOn: now });
  return state;
}

/** Whether somebody sends the sweeps in the place of a silent timer: the next one is not long overdue. Pure. */
export function isReplaced({ sweptOn, silentOn }: TimerState, now: Date): boolean {
  return now.getTime() < (sweptOn ?? silentOn).getTime() + INSTEAD_EVERY + TIMER_OVERDUE;
}

/** Says that the timer does not run, and who does its work: somebody, unless the chain of those who watch is broken. */
export function silenceOf({ ranOn }: TimerState, { replaced }: { replaced: boolean }): string {
  const since = ranOn ? `since ${ranOn.toISOString()}` : "yet";
  const who = replaced ? "so the queue does its work" : "and nothing does its work until the next call or event";
  const todo = replaced ? "Restart the app" : "Restart the app, or call POST /api/rotate";
  return `the timer has not run ${since}, ${who}. ${todo} (docs/queues.md)`;
}

async function awaitFirstRun(queue: WorkQueue, { now, random }: Moment): Promise<void> {
  const silentOn = new Date(now.getTime() + FIRST_TIMER_RUN);
  const state = { ranOn: undefined, nextOn: undefined, silentOn, sweptOn: undefined };
  await setWatch(queue, state, { on: silentOn, now, random });
  await note(queue, state);
}

/** Tells one run of the timer from another. */
function markOf({ ranOn, silentOn }: TimerState): string {
  return (ranOn ?? silentOn).toISOString();
}

async function note(queue: WorkQueue, state: TimerState): Promise<void> {
  const names = Object.keys(NOTES) as (keyof typeof NOTES)[];
  const told = names.flatMap((name) => (state[name] ? [[NOTES[name], state[name].toISOString()] as const] : []));
  await queue.note(Object.fromEntries(told));
}

async function setWatch(
  queue: WorkQueue,
  state: TimerState,
  { on, now, random }: Moment & { on: Date },
): Promise<void> {
  const delay = Math.min(on.getTime() - now.getTime() + MINUTE + random() * WATCH_SPREAD, LONGEST_DELAY);
  await queue.send({ version: 1, kind: "watch", ranOn: markOf(state) }, { delay: Math.max(0, delay) });
}
