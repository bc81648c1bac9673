import type { Setting } from "../../../journey/setting.ts";
import { HOUR, MINUTE } from "../../../shared/limits.ts";
import { broken } from "../../promises.ts";
import { leaksIn } from "../../strikes/leaks.ts";
import { type Blow, strikeWrite } from "../../strikes/strike-write.ts";
import { openApp, type Stagecraft } from "../open-app.ts";
import { repeatUntil } from "../repeat-until.ts";
import { watchConsumers } from "./consumers.ts";
import { mayLockOut } from "./lock-outs.ts";
import { leftOver, secretFaults, tokenFaults } from "./newer-credentials.ts";
import { heldBefore, type Story } from "./stories.ts";

/** What came of one write that was struck in one way. */
export interface Point {
  story: string;
  blow: Blow;
  nth: number;
  write: string;
  /** What should not have been, one sentence each. */
  failures: string[];
  /** The app's log, from the strike on. */
  history: string[];
  /** Minutes in which a consumer of the token was refused, those of the server's cache aside, before a run made it good. */
  lockedOut: number;
}

/** From the end of a fault to the first run after it: the timer is hourly. */
const PAUSE = 10 * MINUTE;
/**
 * What a run of the timer sends to the queue is worked off by then: three credentials, a minute apart, and the looks at
 * what the last of them must wait for.
 */
const WORKED_OFF = 7 * MINUTE;
/** From one run to the next, in which messages carry on; an hour would only take longer. */
const BETWEEN_RUNS = 20 * MINUTE;

/** The app amid a local cloud with OpenMetadata 1.12 and the authorization-code flow; runs come when they are called. */
export async function openWorld(stagecraft: Stagecraft, fresh: boolean) {
  const { setting, close } = await openApp(stagecraft, {
    release: "1.12.6",
    flow: "auth-code",
    settings: { ROTATION_SCHEDULE: "0 0 11 * * MON", SECRET_OVERLAP_DAYS: "0" },
  });
  for (const name of ["warehouse", "lake"]) setting.cloud.openMetadata.addPipeline({ name, deployed: true });
  for (const path of ["provision", "consent"]) await call(setting, path, {});
  if (!fresh) {
    await call(setting, "rotate", {});
    // One that never ends is never due.
    await call(setting, "rotate", { credential: "bot-token", because: "it never ends" });
    await calm(setting);
  }
  return { setting, close };
}

/** Strikes the nth write of the story, ends the fault, lets two runs follow, and judges. Undefined: no such write. */
export async function playPoint(
  story: Story,
  setting: Setting,
  { nth, blow }: { nth: number; blow: Blow },
): Promise<Point | undefined> {
  const { clock, cloud, log } = setting;
  await story.begin?.(setting);
  const before = heldBefore(setting);
  const since = log.length;
  const measured = watchConsumers(setting);
  const struck = strikeWrite(setting, { nth, blow, isMeant: story.isAbout });
  const ask = story.ask?.(setting);
  if (ask) await setting.call("POST", "rotate", ask).catch(() => undefined);
  else await setting.host.runTimer("rotate-on-schedule");
  const isStruck = (): boolean => struck.write() !== undefined;
  await repeatUntil(isStruck, WORKED_OFF / MINUTE, () => clock.advance(MINUTE));
  // What follows within the hour, the confirmation and what the overlap made wait, can be struck too.
  await repeatUntil(isStruck, 2, () => laterRun(setting));
  await clock.advance(PAUSE);
  await struck.end();
  const write = struck.write();
  if (ask && write) await setting.call("POST", "rotate", ask);
  await runTimer(setting);
  const recovered = clock.now().getTime();
  await clock.advance(BETWEEN_RUNS);
  await runTimer(setting);
  const wrong = [...tokenFaults(setting), ...secretFaults(setting)];
  const came = story.came(setting, before);
  await clock.advance(5 * MINUTE);
  const { refused, lockedOut } = measured.end(recovered, story.fresh === true);
  await calm(setting);
  if (write === undefined) return undefined;
  if (lockedOut > 0 && !mayLockOut(blow, write)) refused.push(`consumers were locked out for ${lockedOut} minutes`);
  const failures = [
    ...refused.map((what) => broken("availability", what)),
    ...[...wrong, ...leftOver(setting)].map((what) => broken("convergence", what)),
    ...came,
    ...leaks(setting, since).map((what) => broken("secrecy", what)),
    ...cloud.violations(),
  ];
  const history = log.slice(since).map(({ message }) => message);
  return { story: story.name, blow, nth, write, failures, history, lockedOut };
}

/** Hourly runs until the rules have nothing left to wait for. */
async function calm(setting: Setting): Promise<void> {
  await laterRun(setting);
  await repeatUntil(
    () => leftOver(setting).length === 0,
    3,
    () => laterRun(setting),
  );
}

async function laterRun(setting: Setting): Promise<void> {
  await setting.clock.advance(HOUR + MINUTE);
  await runTimer(setting);
}

/** A run of the timer, and of all that it sends. */
async function runTimer({ clock, host }: Setting): Promise<void> {
  await host.runTimer("rotate-on-schedule");
  await clock.advance(WORKED_OFF);
}

async function call(setting: Setting, path: string, body: object): Promise<void> {
  const { status, body: said } = await setting.call("POST", path, body);
  if (status !== 200) throw new Error(`Cannot set the stage: ${path} answered ${status} ${JSON.stringify(said)}`);
}

function leaks({ log, cloud }: Setting, since: number): string[] {
  const secrets = cloud.directory
    .applications()
    .flatMap((application) => application.secrets.map(({ value }) => value));
  const text = log.slice(since).map(({ message }) => message);
  return leaksIn(text.join("\n"), secrets).map((what) => `${what} is in the log`);
}
