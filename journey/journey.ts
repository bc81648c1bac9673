import { converge } from "./call-app.ts";
import { newsIn } from "./news.ts";
import type { Setting } from "./setting.ts";
import type { Teller } from "./tell.ts";

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
  const { cloud, clock, log } = setting;
  const began = clock.now().getTime();
  const today = (): string => `day ${Math.floor((clock.now().getTime() - began) / DAY)}`;
  cloud.directory.replication = { objects: 3 * SECOND, secrets: 5 * SECOND, reads: 1 * SECOND };
  cloud.openMetadata.addPipeline({ name: "warehouse-metadata", deployed: true });
  cloud.openMetadata.addPipeline({ name: "warehouse-lineage", deployed: true });
  cloud.ingestion.start();

  let seen = log.length;
  const tellNews = (): void => {
    for (const { message, functionName } of log.slice(seen)) {
      const news = newsIn(message);
      if (news) tell.line(today(), news.who, `${news.what}  (${functionName})`);
    }
    seen = log.length;
  };
  const post = async (path: string, body: object = {}): Promise<void> => {
    const since = performance.now();
    const { status, body: answer } = await converge(() => setting.call("POST", path, body), clock);
    if (status !== 200) throw new Error(`POST /api/${path} answered ${status}: ${JSON.stringify(answer)}`);
    tellNews();
    const told = path === "rotate" ? resultOf(answer) : stepsOf(answer);
    tell.line(today(), path, told, (performance.now() - since) / 1000);
  };
  const pass = async (until: number): Promise<void> => {
    // In steps, so that progress can be shown; the clock runs every job on the way in its order.
    while (clock.now().getTime() < began + until) {
      await clock.advance(Math.min(6 * HOUR, began + until - clock.now().getTime()));
      tellNews();
      tell.progress(`${today()} of ${DAYS}`);
    }
  };

  await post("provision");
  await post("consent");
  await post("rotate");
  cloud.people.start();
  if (holdsEndlessToken(setting)) {
    await pass(HOUR + 10 * 60 * SECOND);
    await post("rotate", { credential: "bot-token", because: "it never ends" });
  }
  first();
  await pass(DAYS * DAY);
}

/** A fresh server gives its bot a token without an end, which nobody replaces unasked. */
function holdsEndlessToken({ cloud }: Setting): boolean {
  const held = cloud.openMetadata.botMechanism("ingestion-bot");
  return held?.authType === "JWT" && held.config.JWTTokenExpiresAt === undefined;
}

function stepsOf({ steps }: { steps?: { kind: string; target: string }[] }): string {
  return (steps ?? []).map(({ kind, target }) => `${kind.replaceAll("-", " ")} ${target}`).join(", ");
}

/** Which credentials are in use now, and which are once those who read the vault have had their time. */
function resultOf({ result }: Record<string, unknown>): string {
  const { credentials } = result as { credentials: { credential: string; unused?: string; deliveredOn?: string }[] };
  return credentials
    .filter(({ unused }) => unused === undefined)
    .map(
      ({ credential, deliveredOn }) => `${credential} ${deliveredOn ? "delivered" : "current, given time to be read"}`,
    )
    .join(", ");
}
