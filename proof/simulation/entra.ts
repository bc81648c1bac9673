import { UpstreamError } from "../../shared/errors.ts";
import { DAY, HOUR } from "../../shared/limits.ts";
import type { Credential } from "./credential.ts";
import type { Misfortunes } from "./misfortunes.ts";
import { type Registration, registration } from "./registration.ts";
import type { Run } from "./run.ts";
import { OBJECT_ID, type SignIn, tokenEndpoint } from "./token-endpoint.ts";
import type { Watch } from "./watch.ts";

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

export interface Entra extends Registration {
  /** A policy forbids client secrets for the time being. */
  forbids: boolean;
  /** Graph's answers and refusals. Reads come from a replica that is so many milliseconds behind. */
  application(lag: number): unknown;
  policy(): unknown;
  addPassword(run: Run, wanted: { displayName: string; endDateTime: string }): { keyId: string; secretText: string };
  removePassword(run: Run, keyId: string): void;
  signIn: SignIn;
}

/** The app's own identity, which made the registration. */
export const OWN_APP_ID = "a0a0a0a0-0000-4000-8000-000000000002";
export const APP_ID = "a0a0a0a0-0000-4000-8000-000000000001";

/** Graph refuses more; the limit depends on the registration (microsoftgraph/microsoft-graph-docs-contrib #1142). */
const MOST_CREDENTIALS = 40;

/** No read is older. */
const LONGEST_LAG = HOUR;

/** One application registration of Entra, and its token endpoint. */
export function entraOf(
  habits: EntraHabits,
  { now, misfortunes, watch, isCalm }: { now: () => number; misfortunes: Misfortunes; watch: Watch; isCalm(): boolean },
): Entra {
  const { ahead, forgetting } = habits;
  const {
    add,
    now: entraNow,
    ...credentials
  } = registration({
    now,
    chance: misfortunes.chance("registration"),
    ahead,
    forgetting,
  });
  const { all, byKey, remove } = credentials;
  const listable = listed(credentials, now);
  const entra: Entra = {
    ...credentials,
    signIn: tokenEndpoint(credentials, { now, chance: misfortunes.chance("token endpoint") }),
    forbids: false,
    application(lag) {
      const asOf = now() - lag;
      const seen = listable().filter(
        ({ issuedAt, removedAt }) => issuedAt <= asOf && (removedAt === undefined || removedAt > asOf),
      );
      const passwordCredentials = seen.map(({ keyId, displayName, value, startsOn, expiresOn }) => ({
        keyId,
        hint: value.slice(0, 3),
        displayName,
        startDateTime: startsOn.toISOString(),
        endDateTime: expiresOn.toISOString(),
      }));
      return {
        id: OBJECT_ID,
        appId: APP_ID,
        createdDateTime: "2025-01-01T00:00:00Z",
        createdByAppId: OWN_APP_ID,
        passwordCredentials,
      };
    },
    policy() {
      if (!habits.showsPolicies) throw refusal(403, "Authorization_RequestDenied", "Insufficient privileges");
      return policyOf(entra.forbids, habits.longestLife);
    },
    addPassword(run, { displayName, endDateTime }) {
      const expiresOn = new Date(endDateTime);
      if (entra.forbids) throw refusal(400, "CredentialTypeNotAllowedAsPerAppPolicy", "not allowed");
      if (expiresOn.getTime() > entraNow() + (habits.longestLife ?? Number.POSITIVE_INFINITY)) {
        throw refusal(400, "CredentialInvalidLifetimeAsPerAppPolicy", "lifetime exceeds the max value allowed");
      }
      if (all.filter(({ removedAt }) => removedAt === undefined).length >= MOST_CREDENTIALS) {
        throw refusal(400, "Directory_QuotaExceeded", "the size of the object has exceeded its limit");
      }
      const name = `credential ${all.length + 1}`;
      const chance = misfortunes.chance(name);
      const dies = !isCalm() && chance.happens(habits.stillborn);
      const never = dies && misfortunes.befalls(`${name} never works`);
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
  };
  return entra;
}

/** Those that some replica may still show: of a year's credentials a few. */
function listed(
  { all, changes }: Pick<Registration, "all" | "changes">,
  now: () => number,
): () => readonly Credential[] {
  let known = { changes: -1, until: 0, some: all };
  return () => {
    if (known.changes === changes() && now() < known.until) return known.some;
    const some = all.filter(({ removedAt }) => removedAt === undefined || removedAt > now() - LONGEST_LAG);
    known = { changes: changes(), until: now() + LONGEST_LAG, some };
    return some;
  };
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
