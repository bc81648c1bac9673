import type { Chance } from "./chance.ts";
import type { Credential, Remover } from "./credential.ts";

/** The client secrets of one application registration, as they truly are. */
export interface Registration {
  all: readonly Credential[];
  byValue(value: string): Credential | undefined;
  byKey(keyId: string | undefined): Credential | undefined;
  /** A person adds one by hand, or another installation of the app one of its own, which works at once. */
  addForeign(expiresOn: Date, name?: string): Credential;
  remove(credential: Credential, by: Remover): void;
  lives(credential: Credential): boolean;
  isExpired(credential: Credential): boolean;
  /** Why a sign-in with it may fail now, at one replica at least. */
  standing(value: string): Standing;
  /** Grows with every credential that comes or goes. */
  changes(): number;
}

/** Whether a sign-in may fail now, and until when the answer holds if no credential comes or goes. */
export interface Standing {
  refusal: "unknown" | "removed" | "expired" | "replicating" | undefined;
  until: number;
}

/** What a person calls a secret. */
const FOREIGN = "made by hand";
/** Stands in every secret value behind the three characters that Entra shows, so that it is found wherever it does not belong. */
export const CANARY = "CANARY~";

interface Options {
  now: () => number;
  chance: Chance;
  /** By how much the clocks of the servers that issue are ahead of ours, at least and at most. */
  ahead: readonly [least: number, most: number];
  /** A removed one works nowhere after at most so many milliseconds. */
  forgetting: number;
}

export function registration({ now, chance, ahead: [least, most], forgetting }: Options): Registration & {
  /** By Entra's clock. */
  now(): number;
  /** One that works everywhere after so many milliseconds. */
  add(displayName: string, expiresOn: Date, readyIn: number): Credential;
} {
  const all: Credential[] = [];
  const values = new Map<string, Credential>();
  const keys = new Map<string, Credential>();
  let changes = 0;
  const base = chance.between(least, most);
  const isExpired = ({ expiresOn }: Credential): boolean => now() + base >= expiresOn.getTime();
  const byValue = (value: string) => values.get(value);
  const add = (displayName: string, expiresOn: Date, readyIn: number, managed = true): Credential => {
    const skewed = now() + (base + chance.between(least, most)) / 2;
    const credential: Credential = {
      keyId: `key-${all.length + 1}`,
      value: `${String(all.length + 1).padStart(3, "0")}${CANARY}`,
      managed,
      displayName,
      issuedAt: now(),
      startsOn: new Date(Math.floor(skewed / 1000) * 1000),
      expiresOn,
      knownFrom: now() + chance.between(0, readyIn),
      settledAt: now() + readyIn,
      removedAt: undefined,
      removedBy: undefined,
      forgottenAt: Number.POSITIVE_INFINITY,
      provenAt: undefined,
    };
    all.push(credential);
    values.set(credential.value, credential);
    keys.set(credential.keyId, credential);
    changes += 1;
    return credential;
  };
  return {
    all,
    now: () => now() + base,
    add,
    addForeign: (expiresOn, name = FOREIGN) => add(name, expiresOn, 0, false),
    remove(credential, by) {
      changes += 1;
      credential.removedAt = now();
      credential.removedBy = by;
      credential.forgottenAt = now() + chance.between(0, forgetting);
    },
    isExpired,
    lives: (credential) => credential.removedAt === undefined && !isExpired(credential),
    byValue,
    byKey: (keyId) => (keyId === undefined ? undefined : keys.get(keyId)),
    changes: () => changes,
    standing(value) {
      const credential = byValue(value);
      const until = Number.POSITIVE_INFINITY;
      if (!credential) return { refusal: "unknown", until };
      if (credential.removedAt !== undefined) return { refusal: "removed", until };
      if (isExpired(credential)) return { refusal: "expired", until };
      if (now() < credential.settledAt) return { refusal: "replicating", until: credential.settledAt };
      return { refusal: undefined, until: credential.expiresOn.getTime() - base };
    },
  };
}
