import { LATE_WRITE, MINUTE, SECOND } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { DisasterKind } from "./disasters.ts";
import { moment } from "./journal.ts";
import type { Misfortunes } from "./misfortunes.ts";
import type { Fate, Request, Trouble, Weather } from "./network.ts";
import type { Profile } from "./profile.ts";
import type { Run } from "./run.ts";

/** The weather of a year: troubles of single requests by chance, disasters for as long as they last. */
export interface RandomWeather extends Weather {
  begin(kind: DisasterKind): void;
  end(kind: DisasterKind): void;
  lasts(kind: DisasterKind): boolean;
  /** From now on nothing goes wrong any more. */
  clear(): void;
}

/** A write may take effect so long after it was sent, its caller gone. */
const LATEST = LATE_WRITE - SECOND;

/** Vault writes that are answered with 5xx are sent again by the client: they happen twice, or fail for good. */
const WRITE_TROUBLES: Record<string, readonly Trouble[]> = {
  "Microsoft Graph": ["answer lost", "429", "5xx before", "5xx after", "done twice", "no answer"],
  "Key Vault": ["answer lost", "429", "5xx before", "5xx after", "done twice", "done twice", "no answer"],
  OpenMetadata: ["answer lost", "5xx before", "5xx after", "done twice", "no answer"],
  Entra: ["429", "5xx before", "no answer"],
  // Its client repeats what was not answered, so that a message may come twice.
  Storage: ["429", "5xx before", "5xx after", "done twice", "no answer"],
};
/** Each may leave a message twice, and whoever waits sends one a minute: more would be a storm that Storage does not know. */
const TROUBLE_OF_SENDING = 0.02;
const READ_TROUBLES: readonly Trouble[] = ["429", "5xx before", "no answer"];

export function randomWeather(
  profile: Profile,
  { misfortunes, comesAlong }: { misfortunes: Misfortunes; comesAlong?: (run: Run, chance: Chance) => void },
): RandomWeather {
  const requests = new WeakMap<Run, number>();
  const nameOf = namesOfRuns();
  const lasting = new Map<DisasterKind, number>(profile.queue.down ? [["storage is down", 1]] : []);
  let calm = false;
  const lasts = (kind: DisasterKind): boolean => (lasting.get(kind) ?? 0) > 0;

  const disasterFor = ({ service, write }: Request<unknown>, chance: Chance): Trouble | undefined => {
    switch (service) {
      case "OpenMetadata":
        return lasts("OpenMetadata is down") ? "no answer" : undefined;
      case "Microsoft Graph":
        if (!lasts("Graph is down")) return undefined;
        return chance.happens(0.5) ? "5xx before" : "no answer";
      case "Key Vault":
        if (lasts("the vault is down")) return chance.happens(0.5) ? "5xx before" : "no answer";
        return lasts("the vault may not be written") && write ? "forbidden" : undefined;
      case "Entra":
        return lasts("Entra signs nobody in") ? "5xx before" : undefined;
      case "Storage":
        return lasts("storage is down") ? "no answer" : undefined;
    }
  };
  const troubleFor = ({ service, write }: Request<unknown>, chance: Chance): Trouble | undefined => {
    if (chance.happens(write ? profile.death : profile.death / 20)) {
      return chance.happens(0.5) ? "dies before" : "dies after";
    }
    if (!chance.happens(write ? troubleOfWrites(profile, service) : profile.troubleOfReads)) return undefined;
    return chance.pick(write ? (WRITE_TROUBLES[service] ?? []) : READ_TROUBLES);
  };
  const isSlow = ({ service, write }: Request<unknown>, chance: Chance): boolean =>
    service === "OpenMetadata" &&
    (lasts("OpenMetadata is slow") ? chance.happens(0.2) : write && chance.happens(profile.late));

  return {
    begin: (kind) => lasting.set(kind, (lasting.get(kind) ?? 0) + 1),
    end: (kind) => lasting.set(kind, (lasting.get(kind) ?? 1) - 1),
    lasts,
    clear() {
      calm = true;
      lasting.clear();
    },
    written(run, { action }) {
      const what = `somebody else comes along after ${nameOf(run)}, request ${requests.get(run)} (${action})`;
      const chance = misfortunes.chance(what);
      if (comesAlong && !calm && chance.happens(profile.crowd) && misfortunes.befalls(what)) comesAlong(run, chance);
    },
    fate(run, request): Fate {
      const nth = (requests.get(run) ?? 0) + 1;
      requests.set(run, nth);
      const which = `${nameOf(run)}, request ${nth}`;
      const chance = misfortunes.chance(which);
      const befalls = (what: string): boolean => misfortunes.befalls(`${which} (${request.action}): ${what}`);
      const { write, service, timeout } = request;
      const out = write ? chance.between(50, 2_000) : chance.between(20, 400);
      const back = write ? chance.between(20, 500) : 0;
      const graph = service === "Microsoft Graph" && !write;
      if (calm) return { pause: 0, out, back, lag: graph ? chance.between(0, 10_000) : 0, trouble: undefined };
      const disaster = disasterFor(request, chance);
      const own = troubleFor(request, chance);
      const trouble = disaster ?? (own && befalls(own) ? own : undefined);
      const lag = graph ? chance.between(0, profile.listLag) : 0;
      const freezes = write && chance.happens(profile.freeze);
      const pause = freezes && befalls("the process stands still before") ? chance.between(0, 7 * MINUTE) : 0;
      if (!isSlow(request, chance) || !befalls("it is slow")) return { pause, out, back, lag, trouble };
      return { pause, out: chance.between(timeout / 2, LATEST), back, lag, trouble };
    },
  };
}

function troubleOfWrites(profile: Profile, service: string): number {
  return service === "Storage" ? Math.min(profile.troubleOfWrites, TROUBLE_OF_SENDING) : profile.troubleOfWrites;
}

/** Names a run by what stays the same when others do not run; of those that begin at once each has a name of its own. */
function namesOfRuns(): (run: Run) => string {
  const names = new WeakMap<Run, string>();
  let last = "";
  let twins = 0;
  return (run) => {
    const known = names.get(run);
    if (known) return known;
    const plain = `${run.trigger} of ${moment(run.beganAt)}`;
    twins = plain === last ? twins + 1 : 0;
    last = plain;
    const name = twins > 0 ? `${plain} (${twins + 1})` : plain;
    names.set(run, name);
    return name;
  };
}
