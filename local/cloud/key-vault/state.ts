/** One version of a secret. Times are epoch seconds, as on the wire. */
export interface Version {
  /** 32 hex digits. */
  id: string;
  value: string;
  contentType: string | undefined;
  tags: Record<string, string> | undefined;
  enabled: boolean;
  notBefore: number | undefined;
  expires: number | undefined;
  created: number;
  updated: number;
  /** Cancels the expiry events that are due for it. */
  unwatch: () => void;
}

/** A secret and its versions, oldest first; the last one is the latest, disabled or not. */
export interface Secret {
  name: string;
  versions: Version[];
  /** Set from the deletion to the recovery or the purge. */
  deletedOn: Date | undefined;
  /** The end of a deletion or recovery that takes time. */
  busyUntil: Date | undefined;
}

/** Where a secret stands between deletion and recovery. */
export type Phase = "live" | "deleting" | "deleted" | "recovering";

export function phaseOf({ deletedOn, busyUntil }: Secret, now: Date): Phase {
  const busy = busyUntil !== undefined && now < busyUntil;
  if (deletedOn) return busy ? "deleting" : "deleted";
  return busy ? "recovering" : "live";
}

/** The version that is served when none is named. A secret is born with one. */
export function latestOf(secret: Secret): Version {
  const latest = secret.versions.at(-1);
  if (!latest) throw new Error(`Secret "${secret.name}" has no version`);
  return latest;
}

/** Names are case-insensitive; a secret keeps the casing that it was created with. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}

/** Seconds since the epoch, fractions cut off. */
export function epochSeconds(on: Date): number {
  return Math.floor(on.getTime() / 1000);
}
