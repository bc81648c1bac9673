import { converge } from "./call-app.ts";
import { linesOf, type Step, stepIn } from "./news.ts";
import type { Setting } from "./setting.ts";
import type { Teller } from "./teller.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Until a week after the second rotation: staged on day 59, promoted on day 60, the old one retired on day 67. */
const DAYS = 69;

/**
 * The whole job from an empty tenant to the second credentials in use, over HTTP all the way; told as it happens.
 * `first` is where it stops to look at what was first in use.
 */
export async function travel(setting: Setting, tell: Teller, first: () => void): Promise<void> {
  const { cloud, clock } = setting;
  const began = clock.now().getTime();
  const today = (): string => `day ${Math.floor((clock.now().getTime() - began) / DAY)}`;
  cloud.directory.replication = { objects: 3 * SECOND, secrets: 5 * SECOND, reads: 1 * SECOND };
  cloud.openMetadata.addPipeline({ name: "warehouse-metadata", deployed: true });
  cloud.openMetadata.addPipeline({ name: "warehouse-lineage", deployed: true });
  cloud.ingestion.start();

  const diary = keepDiary(setting, tell, today);
  const post = async (path: string, body: object = {}): Promise<void> => {
    const { status, body: answer } = await converge(() => setting.call("POST", path, body), clock);
    if (status !== 200) throw new Error(`POST /api/${path} answered ${status}: ${JSON.stringify(answer)}`);
    if (path !== "rotate") tell.line(today(), path, countOf(answer));
  };
  const pass = async (until: number): Promise<void> => {
    // In steps, so that progress can be shown; the clock runs every job on the way in its order.
    while (clock.now().getTime() < began + until) {
      await clock.advance(Math.min(6 * HOUR, began + until - clock.now().getTime()));
      diary.note();
      tell.progress(`${today()} of ${DAYS}`);
    }
    diary.write();
  };

  await post("provision");
  await post("consent");
  await post("rotate");
  cloud.people.start();
  if (holdsEndlessToken(setting)) {
    await pass(HOUR + 10 * 60 * SECOND);
    await post("rotate", { credential: "bot-token", because: "no expiry" });
  }
  first();
  await pass(DAYS * DAY);
}

/** A fresh server gives its bot a token without an end, which nobody replaces unasked. */
function holdsEndlessToken({ cloud }: Setting): boolean {
  const held = cloud.openMetadata.botMechanism("ingestion-bot");
  return held?.authType === "JWT" && held.config.JWTTokenExpiresAt === undefined;
}

/** `create registration (2), create service principal (2)` */
function countOf({ steps = [] }: { steps?: { kind: string }[] }): string {
  const kinds = Map.groupBy(steps, ({ kind }) => kind.replaceAll("-", " "));
  return [...kinds].map(([kind, { length }]) => `${kind} (${length})`).join(", ");
}

/** Collects what the app's log says of a day, and tells it when the day is over, or earlier when asked to. */
function keepDiary({ log }: Setting, tell: Teller, today: () => string): { note(): void; write(): void } {
  let seen = log.length;
  let day = today();
  let steps: Step[] = [];
  const write = (): void => {
    for (const { credential, text } of linesOf(steps)) tell.line(day, credential, text);
    steps = [];
  };
  return {
    note() {
      const fresh = log.slice(seen).flatMap((entry) => stepIn(entry) ?? []);
      seen = log.length;
      if (steps.length > 0 && today() !== day) write();
      if (steps.length === 0) day = today();
      steps.push(...fresh);
    },
    write,
  };
}
