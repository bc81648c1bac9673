import type { Setting } from "../../../journey/setting.ts";
import type { Exchange } from "../../../local/cloud/exchange.ts";
import { createIngestion, EXTERNAL_RUNNER } from "../../../local/cloud/ingestion/create-ingestion.ts";
import { createPeople } from "../../../local/cloud/people/create-people.ts";
import { BOT_TOKEN_CACHE } from "../../../shared/limits.ts";

/** Everybody signs in each minute, and whoever is refused when nothing excuses it is noted. */
export function watchConsumers({ clock, cloud }: Setting) {
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
