import { openSetting, type Setting } from "../../journey/setting.ts";
import type { Exchange } from "../../local/cloud/exchange.ts";
import { createIngestion, EXTERNAL_RUNNER } from "../../local/cloud/ingestion/create-ingestion.ts";
import { createPeople } from "../../local/cloud/people/create-people.ts";
import { BOT_TOKEN_CACHE } from "../../shared/limits.ts";
import { installCloudTime } from "../faults/cloud-time.ts";
import type { Stagecraft } from "../faults/play.ts";
import { HOUR, MINUTE } from "../faults/scene.ts";
import { mayLockOut } from "./lock-outs.ts";
import { heldBefore, type Story } from "./stories.ts";
import { type Strike, strikeAt } from "./strike.ts";
import { leftOver, secretFaults, tokenFaults } from "./truth.ts";

/** What came of one write that was struck in one way. */
export interface Point {
  story: string;
  strike: Strike;
  nth: number;
  write: string;
  /** What should not have been, one sentence each. */
  failures: string[];
  /** The app's log, from the strike on. */
  history: string[];
  /** Minutes in which a consumer of the token was refused, those of the server's cache aside, before a run made it good. */
  lockedOut: number;
}

const START = new Date("2031-03-03T12:00:00Z");
const TENANT = "5a1f0c52-6a1e-4c7e-9d54-0a3f5b8f1c11";
/** The server goes on comparing with the token before. */
/** From the end of a fault to the first run after it: the timer is hourly. */
const PAUSE = 10 * MINUTE;

/** The app amid a local cloud with OpenMetadata 1.12 and the authorization-code flow; runs come when they are called. */
export async function openWorld({ main, certificate }: Stagecraft, fresh: boolean) {
  const setting = await openSetting({
    start: START,
    tenantId: TENANT,
    main,
    certificate,
    release: "1.12.6",
    flow: "auth-code",
    settings: { ROTATION_SCHEDULE: "0 0 0 1 1 *", SECRET_OVERLAP_DAYS: "0" },
  });
  const { uninstall } = installCloudTime(setting.clock, setting.cloud.wire);
  for (const name of ["warehouse", "lake"]) setting.cloud.openMetadata.addPipeline({ name, deployed: true });
  for (const path of ["provision", "consent"]) await call(setting, path, {});
  if (!fresh) {
    await call(setting, "rotate", {});
    // One that never ends is never due.
    await call(setting, "rotate", { credential: "bot-token", because: "it never ends" });
    await calm(setting);
  }
  return {
    setting,
    async close() {
      await setting.close();
      uninstall();
    },
  };
}

/** Strikes the nth write of the story, ends the fault, lets two runs follow, and judges. Undefined: no such write. */
export async function play(
  story: Story,
  setting: Setting,
  { nth, strike }: { nth: number; strike: Strike },
): Promise<Point | undefined> {
  const { clock, cloud, log } = setting;
  await story.begin?.(setting);
  const before = heldBefore(setting);
  const since = log.length;
  const measured = measure(setting);
  const struck = strikeAt(setting, { nth, strike, isAbout: story.isAbout });
  const ask = story.ask?.(setting);
  if (ask) await setting.call("POST", "rotate", ask).catch(() => undefined);
  else await setting.host.runTimer("rotate-on-schedule");
  // What follows within the hour, the confirmation and what the overlap made wait, can be struck too.
  for (let runs = 0; runs < 2 && !struck.died() && struck.write() === undefined; runs += 1) await laterRun(setting);
  await clock.advance(PAUSE);
  await struck.end();
  const write = struck.write();
  if (ask && write) await setting.call("POST", "rotate", ask);
  await setting.host.runTimer("rotate-on-schedule");
  const recovered = clock.now().getTime();
  await clock.advance(BOT_TOKEN_CACHE + MINUTE);
  await setting.host.runTimer("rotate-on-schedule");
  const failures = write ? [...tokenFaults(setting), ...secretFaults(setting), ...story.came(setting, before)] : [];
  await clock.advance(5 * MINUTE);
  const { refused, lockedOut } = measured.end(recovered, story.fresh === true);
  await calm(setting);
  if (write === undefined) return undefined;
  if (lockedOut > 0 && !mayLockOut(strike, write)) failures.push(`consumers were locked out for ${lockedOut} minutes`);
  failures.push(...refused, ...leftOver(setting), ...cloud.violations(), ...leaks(setting, since));
  const history = log.slice(since).map(({ message }) => message);
  return { story: story.name, strike, nth, write, failures, history, lockedOut };
}

/** Everybody signs in each minute, and whoever is refused when nothing excuses it is noted. */
function measure({ clock, cloud }: Setting) {
  const { openMetadata, urls, wire } = cloud;
  const about = { clock, openMetadata, openMetadataUrl: urls.openMetadata, everyMinutes: 1 };
  const ingestion = createIngestion(about);
  const people = createPeople(about);
  const changes: number[] = [];
  let revoked = false;
  const watch = ({ service, path }: Exchange): void => {
    if (service === "openmetadata" && path.endsWith("/revokeToken")) revoked = true;
    if (service === "openmetadata" && /generateToken|revokeToken/.test(path)) changes.push(clock.now().getTime());
  };
  wire.onExchange.push(watch);
  ingestion.start();
  people.start();
  return {
    end(recovered: number, isFirst: boolean) {
      ingestion.stop();
      people.stop();
      wire.onExchange = wire.onExchange.filter((one) => one !== watch);
      const [first = Number.POSITIVE_INFINITY] = changes;
      const isCached = (time: number): boolean => changes.some((on) => time >= on && time <= on + BOT_TOKEN_CACHE);
      const outside = ingestion.refusals().filter(({ on }) => !isCached(on.getTime()));
      const locked = outside.filter(
        // The external runner reads what the bot holds, and that is something unless it was revoked.
        ({ on, pipeline }) =>
          on.getTime() > first && on.getTime() <= recovered && (revoked || pipeline !== EXTERNAL_RUNNER),
      );
      const from = isFirst ? recovered : 0;
      return {
        lockedOut: new Set(locked.map(({ on }) => on.getTime())).size,
        refused: [
          ...counted(outside.filter((one) => !locked.includes(one)).map((one) => ({ ...one, who: one.pipeline }))),
          ...counted(people.refusals().filter(({ on }) => on.getTime() > from)),
        ],
      };
    },
  };
}

/** The first refusal, and how many there were. */
function counted(refusals: { on: Date; who?: string; reason: string }[]): string[] {
  const [first] = refusals;
  if (!first) return [];
  const { on, who = "a person", reason } = first;
  return [`${refusals.length} refusals, the first at ${on.toISOString()}: ${who}: ${reason}`];
}

/** Hourly runs until the rules have nothing left to wait for. */
async function calm(setting: Setting): Promise<void> {
  for (let runs = 0; runs < 4 && (runs < 1 || leftOver(setting).length > 0); runs += 1) await laterRun(setting);
}

async function laterRun({ clock, host }: Setting): Promise<void> {
  await clock.advance(HOUR + MINUTE);
  await host.runTimer("rotate-on-schedule");
}

async function call(setting: Setting, path: string, body: object): Promise<void> {
  const { status, body: said } = await setting.call("POST", path, body);
  if (status !== 200) throw new Error(`Cannot set the stage: ${path} answered ${status} ${JSON.stringify(said)}`);
}

/** What looks like a token or a client secret in the log. */
function leaks({ log }: Setting, since: number): string[] {
  const shows = log.slice(since).some(({ message }) => /\beyJ[\w-]{10}|\dQ~[\w~.-]{10}/.test(message));
  return shows ? ["a secret is in the log"] : [];
}
