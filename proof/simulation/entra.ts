import { UpstreamError } from "../../shared/errors.ts";
import { DAY, PROOF_SIGN_INS, PROOF_SPACING } from "../../shared/limits.ts";
import type { Chance } from "./chance.ts";
import type { Run } from "./run.ts";
import type { Watch } from "./watch.ts";

/** In whose name a credential was removed. */
export type Remover = "rotation" | "revocation" | "person";

/** A client secret of the registration; times are the true ones unless said otherwise. */
export interface Credential {
  keyId: string;
  value: string;
  /** The app asked for it. */
  managed: boolean;
  displayName: string;
  issuedAt: number;
  /** By the clock of the Entra server that issued it. */
  startsOn: Date;
  expiresOn: Date;
  /** Before that every replica refuses it; until `settledAt` some still do. */
  knownFrom: number;
  settledAt: number;
  removedAt: number | undefined;
  removedBy: Remover | undefined;
  /** Replicas accept a removed one until then. */
  forgottenAt: number;
  /** When one run had signed in with it often enough in a row. */
  provenAt: number | undefined;
}

/** How unpleasant Entra is; all in milliseconds. */
export interface EntraHabits {
  /** Its clocks are ahead of ours by at least and at most so much; negative: behind. */
  ahead: readonly [least: number, most: number];
  /** A new secret works everywhere after at most so much. */
  replication: number;
  /** A removed one works nowhere after at most so much. */
  forgetting: number;
  /** Probability that a new secret never works anywhere, though it is listed. */
  stillborn: number;
  /** The tenant lets a secret live so long; undefined: for ever. */
  longestLife: number | undefined;
  /** The app may read the tenant's policies. */
  showsPolicies: boolean;
}

export interface SignedIn {
  kind: "signed-in";
  accessToken: string;
  objectId: string;
}

export interface Entra {
  all: readonly Credential[];
  /** A policy forbids client secrets for the time being. */
  forbids: boolean;
  /** Graph's answers and refusals. Reads come from a replica that is so many milliseconds behind. */
  application(lag: number): unknown;
  policy(): unknown;
  addPassword(run: Run, wanted: { displayName: string; endDateTime: string }): { keyId: string; secretText: string };
  removePassword(run: Run, keyId: string): void;
  /** At a replica that is so many milliseconds behind. */
  signIn(run: Run, value: string, lag: number): SignedIn | { kind: "unknown-secret" | "expired-secret" };
  byValue(value: string): Credential | undefined;
  byKey(keyId: string | undefined): Credential | undefined;
  /** A person adds one by hand, which works at once. */
  addForeign(expiresOn: Date): Credential;
  remove(credential: Credential, by: Remover): void;
  lives(credential: Credential): boolean;
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

export const OBJECT_ID = "b0b0b0b0-0000-4000-8000-000000000001";
export const APP_ID = "a0a0a0a0-0000-4000-8000-000000000001";
/** What a person calls a secret. */
const FOREIGN = "made by hand";
/** Stands at the front of every secret value, so that it is found wherever it does not belong. */
export const CANARY = "CANARY~";

/** Replicas that differ never give a run more successes in a row than this before all know the secret. */
const MOST_FLAPS = PROOF_SIGN_INS - 1;
/** What proves a secret: sign-ins in a row, by one run, over some seconds. */
const PROOF_LASTS = (PROOF_SIGN_INS - 1) * PROOF_SPACING;
/** Graph refuses more; the limit depends on the registration (microsoftgraph/microsoft-graph-docs-contrib #1142). */
const MOST_CREDENTIALS = 40;

/** One application registration of Entra, and its token endpoint. */
export function entra(
  habits: EntraHabits,
  { now, chance, watch, isCalm }: { now: () => number; chance: Chance; watch: Watch; isCalm(): boolean },
): Entra {
  const all: Credential[] = [];
  const attempts = new Map<string, { left: number; inARow: number; since: number }>();
  let changes = 0;
  const [least, most] = habits.ahead;
  const base = chance.between(least, most);

  const add = (displayName: string, expiresOn: Date, readyIn: number): Credential => {
    const skewed = now() + (base + chance.between(least, most)) / 2;
    const credential: Credential = {
      keyId: `key-${all.length + 1}`,
      value: `${CANARY}${all.length + 1}`,
      managed: displayName !== FOREIGN,
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
    changes += 1;
    return credential;
  };
  const isExpired = ({ expiresOn }: Credential): boolean => now() + base >= expiresOn.getTime();
  const remove = (credential: Credential, by: Remover): void => {
    changes += 1;
    credential.removedAt = now();
    credential.removedBy = by;
    credential.forgottenAt = now() + chance.between(0, habits.forgetting);
  };
  /** Between "known" and "settled" one replica knows the secret and another does not. */
  const flaps = (run: Run, credential: Credential): boolean => {
    const attempt = attemptOf(run, credential);
    attempt.left -= 1;
    if (attempt.left >= 0) return false;
    attempt.left = chance.whole(0, MOST_FLAPS);
    return true;
  };
  const attemptOf = (run: Run, { keyId }: Credential) => {
    const name = `${run.name} ${keyId}`;
    const attempt = attempts.get(name) ?? { left: chance.whole(0, MOST_FLAPS), inARow: 0, since: now() };
    attempts.set(name, attempt);
    return attempt;
  };
  const judge = (run: Run, credential: Credential | undefined) => {
    if (!credential || now() >= credential.forgottenAt) return "unknown-secret" as const;
    if (isExpired(credential)) return "expired-secret" as const;
    const young = chance.happens(0.1) ? ("expired-secret" as const) : ("unknown-secret" as const);
    if (now() < credential.knownFrom) return young;
    if (now() < credential.settledAt && flaps(run, credential)) return young;
    return undefined;
  };
  const byValue = (value: string) => all.find((one) => one.value === value);
  const byKey = (keyId: string | undefined) => all.find((one) => one.keyId === keyId);

  const registration: Entra = {
    all,
    byValue,
    byKey,
    remove,
    lives: (credential) => credential.removedAt === undefined && !isExpired(credential),
    forbids: false,
    application(lag) {
      const asOf = now() - lag;
      const seen = all.filter(
        ({ issuedAt, removedAt }) => issuedAt <= asOf && (removedAt === undefined || removedAt > asOf),
      );
      const passwordCredentials = seen.map(({ keyId, displayName, startsOn, expiresOn }) => ({
        keyId,
        displayName,
        startDateTime: startsOn.toISOString(),
        endDateTime: expiresOn.toISOString(),
      }));
      return { id: OBJECT_ID, appId: APP_ID, createdDateTime: "2025-01-01T00:00:00Z", passwordCredentials };
    },
    policy() {
      if (!habits.showsPolicies) throw refusal(403, "Authorization_RequestDenied", "Insufficient privileges");
      return policyOf(registration.forbids, habits.longestLife);
    },
    addPassword(run, { displayName, endDateTime }) {
      const expiresOn = new Date(endDateTime);
      if (registration.forbids) throw refusal(400, "CredentialTypeNotAllowedAsPerAppPolicy", "not allowed");
      if (expiresOn.getTime() > now() + base + (habits.longestLife ?? Number.POSITIVE_INFINITY)) {
        throw refusal(400, "CredentialInvalidLifetimeAsPerAppPolicy", "lifetime exceeds the max value allowed");
      }
      if (all.filter(({ removedAt }) => removedAt === undefined).length >= MOST_CREDENTIALS) {
        throw refusal(400, "Directory_QuotaExceeded", "the size of the object has exceeded its limit");
      }
      const never = !isCalm() && chance.happens(habits.stillborn);
      const credential = add(displayName, expiresOn, never ? 100 * 365 * DAY : chance.between(0, habits.replication));
      if (never) credential.knownFrom = credential.settledAt;
      run.issued += 1;
      watch.issued(run, credential);
      return { keyId: credential.keyId, secretText: credential.value };
    },
    removePassword(run, keyId) {
      const credential = byKey(keyId);
      if (!credential || credential.removedAt !== undefined) {
        throw refusal(400, "Request_BadRequest", `No password credential found with keyId ${keyId}`);
      }
      remove(credential, watch.retires(run, credential));
    },
    signIn(run, value, lag) {
      const credential = byValue(value);
      const refused = judge(run, credential);
      if (!credential || credential.issuedAt > now() - lag) return { kind: "unknown-secret" };
      const attempt = attemptOf(run, credential);
      if (refused) {
        attempt.inARow = 0;
        return { kind: refused };
      }
      if (attempt.inARow === 0) attempt.since = now();
      attempt.inARow += 1;
      const long = attempt.inARow >= PROOF_SIGN_INS && now() - attempt.since >= PROOF_LASTS;
      if (long) credential.provenAt ??= now();
      return { kind: "signed-in", accessToken: `token of ${OBJECT_ID}`, objectId: OBJECT_ID };
    },
    addForeign: (expiresOn) => add(FOREIGN, expiresOn, 0),
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
  return registration;
}

function policyOf(forbids: boolean, longestLife: number | undefined): unknown {
  const lifetime = {
    restrictionType: "passwordLifetime",
    state: longestLife === undefined ? "disabled" : "enabled",
    maxLifetime: longestLife === undefined ? null : `PT${Math.floor(longestLife / 1000)}S`,
  };
  const addition = { restrictionType: "passwordAddition", state: forbids ? "enabled" : "disabled", maxLifetime: null };
  return { isEnabled: true, applicationRestrictions: { passwordCredentials: [addition, lifetime] } };
}

/** As the real client of Graph reports a refusal. */
function refusal(status: number, code: string, message: string): UpstreamError {
  return new UpstreamError(`Cannot do so: Microsoft Graph answered ${status} ${code} "${message}"`, {
    service: "Microsoft Graph",
    status,
    serviceCode: code,
  });
}
