import { converge } from "./call-app.ts";
import type { Setting } from "./setting.ts";
import type { Teller } from "./tell.ts";

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Until a week after the second rotation: staged on day 59, promoted on day 60, the old one retired on day 67. */
const DAYS = 69;

/** What is true in the end, for whoever judges the journey. */
export interface Arrival {
  /** Managed credentials in Entra. */
  managed: string[];
  currentKeyId: string | undefined;
  firstKeyId: string | undefined;
  signIns: number;
  refusals: string[];
}

/** The whole job from an empty tenant to the second secret in use, over HTTP all the way; told as it happens. */
export async function travel(setting: Setting, tell: Teller): Promise<Arrival> {
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
  const post = async (path: string): Promise<void> => {
    const since = performance.now();
    const { status, body } = await converge(() => setting.call("POST", path, {}), clock);
    if (status !== 200) throw new Error(`POST /api/${path} answered ${status}: ${JSON.stringify(body)}`);
    tellNews();
    const steps = (body.steps ?? []).map(({ kind, target }) => `${kind.replaceAll("-", " ")} ${target}`);
    const told = path === "rotate" ? "current, delivered" : steps.join(", ");
    tell.line(today(), path, told, (performance.now() - since) / 1000);
  };
  await post("provision");
  await post("consent");
  await post("rotate");
  const firstKeyId = currentKeyId(setting);
  // In steps, so that progress can be shown; the clock runs every job on the way in its order.
  for (let hour = 0; hour < DAYS * 24; hour += 6) {
    await clock.advance(6 * HOUR);
    tellNews();
    tell.progress(`${today()} of ${DAYS}`);
  }
  return {
    managed: managedKeyIds(setting),
    currentKeyId: currentKeyId(setting),
    firstKeyId,
    signIns: cloud.ingestion.signIns(),
    refusals: cloud.ingestion
      .refusals()
      .map(({ on, pipeline, reason }) => `${on.toISOString()} ${pipeline}: ${reason}`),
  };
}

/** What a line of the app's log says about a step that was taken; ids are shortened. */
function newsIn(message: string): { who: string; what: string } | undefined {
  const [, text, past] = /^(?:rotation|push) of "[^"]+": ((\w+)\b.*)$/.exec(message) ?? [];
  const who = past && STEPS[past];
  if (!text || !who) return undefined;
  const ids = /\b([0-9a-f]{8})-?[0-9a-f]{4}-?[0-9a-f-]{14,}/g;
  return { who, what: text.replace(ids, "$1").replace(/T\d\d:\d\d:\d\d\.\d{3}Z/g, "") };
}

/** The step, by the word with which the log says that it was taken. */
const STEPS: Record<string, string> = {
  issued: "issue",
  proven: "prove",
  promoted: "promote",
  pushed: "push",
  delivered: "push",
  confirmed: "confirm",
  retired: "retire",
};

function managedKeyIds({ cloud }: Setting): string[] {
  const holder = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-ingestion");
  return (holder?.secrets ?? []).map(({ keyId }) => keyId);
}

function currentKeyId({ cloud }: Setting): string | undefined {
  const secret = cloud.vault.secrets().find(({ name }) => name === "openmetadata-ingestion-client-secret");
  return secret?.versions.at(-1)?.tags.keyId;
}
