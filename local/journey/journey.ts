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

  const post = async (who: string, path: string): Promise<void> => {
    const since = performance.now();
    const before = log.length;
    const { status, body } = await converge(() => setting.call("POST", path, {}), clock);
    if (status !== 200) throw new Error(`POST /api/${path} answered ${status}: ${JSON.stringify(body)}`);
    const seconds = (performance.now() - since) / 1000;
    tell.line(
      today(),
      who,
      describe(
        body.steps ?? [],
        log.slice(before).map(({ message }) => message),
      ),
      seconds,
    );
  };
  await post("provision", "provision");
  await post("consent", "consent");
  await post("rotate", "rotate");
  const firstKeyId = currentKeyId(setting);

  let seen = log.length;
  const tellNews = (): void => {
    for (const { message, functionName } of log.slice(seen)) {
      const news = /^(?:rotation|push) of "[^"]+": ((?:issued|proven|promoted|pushed|confirmed|retired|keyId).*)$/.exec(
        message,
      );
      if (news?.[1]) tell.line(today(), "", `${short(news[1])}  (${functionName})`);
    }
    seen = log.length;
  };
  tellNews();
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

/** What was done, in the words of the log where it says more than the steps. */
function describe(steps: { kind: string; target: string }[], lines: string[]): string {
  const told = lines.flatMap(
    (line) => /^rotation of "[^"]+": ((?:issued|proven|promoted|pushed|retired).*)$/.exec(line)?.[1] ?? [],
  );
  if (told.length > 0) return told.map(short).join("; ");
  return steps.map(({ kind, target }) => `${kind.replaceAll("-", " ")} ${target}`).join("; ");
}

/** Ids in full help nobody who reads along. */
function short(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-?[0-9a-f]{4}-?[0-9a-f-]{14,}/g, "$1").replace(/T\d\d:\d\d:\d\d\.\d{3}Z/g, "");
}

function managedKeyIds({ cloud }: Setting): string[] {
  const holder = cloud.directory.applications().find(({ uniqueName }) => uniqueName === "openmetadata-ingestion");
  return (holder?.secrets ?? []).map(({ keyId }) => keyId);
}

function currentKeyId({ cloud }: Setting): string | undefined {
  const secret = cloud.vault.secrets().find(({ name }) => name === "openmetadata-ingestion-client-secret");
  return secret?.versions.at(-1)?.tags.keyId;
}
