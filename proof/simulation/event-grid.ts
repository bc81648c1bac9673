import { DAY, EVENT_GRID_TIME_OUT, HOUR, MINUTE } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { HostOfDeployment } from "./host.ts";
import type { Answer } from "./invocations.ts";
import { type Journal, moment } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import type { Profile } from "./profile.ts";
import type { Timeline } from "./timeline.ts";
import type { VaultSecret, VaultVersion } from "./vault.ts";

/** Microsoft Learn: "Event Grid message delivery and retry". After the last one every 12 hours, for a day. */
const RETRIES = [10_000, 30_000, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];
const TIME_TO_LIVE = DAY;
/** Key Vault raises SecretNearExpiry so long before the expiry, whatever the policy says. */
const NEAR_EXPIRY = 30 * DAY;

interface Options {
  timeline: Timeline;
  misfortunes: Misfortunes;
  /** Takes no event while it is down. */
  host: Pick<HostOfDeployment, "pushEvent" | "expiryEvent"> & { isDown(): boolean };
  /** Tells the events of one deployment from those of others. */
  name: string;
  journal: Journal;
  events: Profile["events"];
  isCalm(): boolean;
}

interface Event {
  kind: "push" | "expiry";
  publishedAt: number;
  chance: Chance;
}

export interface EventGrid {
  /** The vault has got a new version of the current secret. */
  versionCreated(secret: VaultSecret, version: VaultVersion): void;
}

/** Delivers the vault's events at least once, in no order; some are lost. */
export function eventGrid({ timeline, misfortunes, host, name: whose, journal, events, isCalm }: Options): EventGrid {
  const deliver = (event: Event, attempt: number): void => {
    const { kind, publishedAt, chance } = event;
    if (host.isDown()) {
      // A stopped app answers 403, and that is never tried again.
      journal.count("events lost");
      journal.note("event grid", `${kind} event dropped: the app is stopped`);
      return;
    }
    let settled = false;
    const again = (): void => {
      const delay = RETRIES[Math.min(attempt, RETRIES.length - 1)] ?? DAY;
      if (timeline.now() + delay - publishedAt > TIME_TO_LIVE) return;
      journal.count("events delivered again");
      timeline.after(delay * chance.between(1, 1.1), () => deliver(event, attempt + 1));
    };
    const answered = ({ kind: answer }: Answer): void => {
      if (settled) return;
      settled = true;
      if (answer === "failed" || answer === "broken off") again();
    };
    timeline.after(EVENT_GRID_TIME_OUT, () => {
      if (settled) return;
      settled = true;
      again();
    });
    if (kind === "push") host.pushEvent(answered);
    else host.expiryEvent(answered);
  };
  const publish = (kind: "push" | "expiry"): void => {
    const publishedAt = timeline.now();
    const name = `${whose}${kind} event of ${moment(publishedAt)}`;
    const chance = misfortunes.chance(name);
    const befalls = (probability: number, what: string): boolean =>
      !isCalm() && chance.happens(probability) && misfortunes.befalls(`${name} ${what}`);
    const copies = befalls(events.doubled, "comes twice") ? 2 : 1;
    for (let copy = 1; copy <= copies; copy += 1) {
      if (befalls(events.lost, `is lost (${copy})`)) {
        journal.count("events lost");
        continue;
      }
      const slow = befalls(events.slow, `is slow (${copy})`);
      timeline.after(slow ? chance.between(MINUTE, 20 * HOUR) : chance.between(500, 20_000), () =>
        deliver({ kind, publishedAt, chance }, 0),
      );
    }
  };
  return {
    versionCreated(secret, version) {
      publish("push");
      if (!version.expiresOn) return;
      const isLatest = (): boolean => secret.latest() === version;
      const near = version.expiresOn.getTime() - NEAR_EXPIRY;
      const chance = misfortunes.chance(`${whose}near expiry of ${version.version}`);
      // A version that is near its expiry from the beginning is announced within a quarter of an hour.
      timeline.at(
        Math.max(near, timeline.now() + chance.between(MINUTE, 15 * MINUTE)),
        () => isLatest() && publish("expiry"),
      );
      timeline.at(version.expiresOn.getTime(), () => isLatest() && publish("expiry"));
    },
  };
}
