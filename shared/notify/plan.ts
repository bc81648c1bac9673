import type { Condition } from "../status/condition.ts";
import { type News, noticeOf, type Subject } from "./news.ts";
import type { Notice } from "./notice.ts";
import type { Told } from "./told.ts";
import { planTrouble, type Trouble } from "./trouble.ts";

/** What is, at this moment. */
export interface Seen {
  now: Date;
  conditions: readonly Condition[];
  /** Why the run that has just ended failed. */
  failure?: Trouble | undefined;
  current?:
    | {
        keyId: string | undefined;
        deliveredOn: Date | undefined;
        delivery: "verified" | "assumed" | undefined;
        expiresOn: Date | undefined;
      }
    | undefined;
  /** Nothing issued before that moment signs in any more, as somebody had asked. */
  answered?: Date | undefined;
}

/** Milliseconds: so long what may pass by itself is borne, and so long before its end a credential is about to expire. */
export interface Patience {
  bear: number;
  expiring: number;
}

/** What is to be told, and what is to be remembered then. */
export interface Telling {
  notices: Notice[];
  told: Told;
}

/**
 * What is new since the last look, each change once. The first look of all tells only of what stands in the way. Pure.
 *
 *   since the last look                                     is told
 *   ------------------------------------------------------  ------------------------------
 *   another one is delivered                                delivered, or assumed-delivered
 *   all that was to go after a leak has gone                leak-answered
 *   a person must act; or what passes by itself has lasted  stalled, by each reason once
 *   what was told so is over                                recovered
 *   the one in use is near its end, with no successor       expiring, once for each
 */
export function planNotices(
  before: Told | undefined,
  seen: Seen,
  given: { about: Subject; patience: Patience },
): Telling {
  const { about, patience } = given;
  const beganOn = before?.beganOn ?? seen.now.toISOString();
  const delivery = planDelivery(before, seen);
  const trouble = planTrouble(before?.trouble, seen, patience);
  const isNear = isExpiring(delivery.told, seen, patience);
  const answer = planAnswer(before, seen);
  const news = [
    ...delivery.news,
    ...answer.news,
    ...trouble.news,
    ...(isNear && !delivery.told.expiring ? [expiring(delivery.told)] : []),
  ];
  return {
    notices: news.map((one) => noticeOf(one, about, seen.now)),
    told: {
      version: 1,
      beganOn,
      ...delivery.told,
      ...(isNear ? { expiring: true } : {}),
      ...trouble.told,
      ...answer.told,
    },
  };
}

/** The same without what another credential tells by these reasons: it is tried again at the next look. Pure. */
export function leftToOthers({ notices, told }: Telling, reasons: readonly string[]): Telling {
  const { trouble } = told;
  if (!trouble) return { notices, told };
  const isLeft = ({ reason = "" }: Notice): boolean => reasons.includes(reason);
  const left = notices.filter(isLeft).map(({ reason }) => reason);
  return {
    notices: notices.filter((notice) => !isLeft(notice)),
    told: { ...told, trouble: { ...trouble, told: trouble.told.filter((reason) => !left.includes(reason)) } },
  };
}

/** The one that is in use, as far as it is remembered. */
type InUse = Pick<Told, "keyId" | "expiresOn" | "expiring">;

function planDelivery(before: Told | undefined, { current }: Seen): { news: News[]; told: InUse } {
  const { keyId, deliveredOn, delivery, expiresOn } = current ?? {};
  if (keyId === undefined || !deliveredOn || keyId === before?.keyId) {
    return { news: [], told: deliveredBefore(before) };
  }
  const isNews = before !== undefined && deliveredOn.toISOString() >= before.beganOn;
  const told = { keyId, ...(expiresOn ? { expiresOn: expiresOn.toISOString() } : {}) };
  return { news: isNews ? [delivered(keyId, delivery, expiresOn)] : [], told };
}

function deliveredBefore(before: Told | undefined): InUse {
  if (before?.keyId === undefined) return {};
  const { keyId, expiresOn, expiring: near } = before;
  return { keyId, ...(expiresOn ? { expiresOn } : {}), ...(near ? { expiring: near } : {}) };
}

function delivered(keyId: string, delivery: "verified" | "assumed" | undefined, expiresOn: Date | undefined): News {
  const until = expiresOn ? ` It expires on ${expiresOn.toISOString()}.` : "";
  return delivery === "assumed"
    ? {
        kind: "assumed-delivered",
        of: keyId,
        reason: "assumed",
        message: `A new one has taken its place. Workloads that read the vault by themselves have had the time that the settings give them; nobody can see whether they have read it.${until}`,
      }
    : {
        kind: "delivered",
        of: keyId,
        reason: "verified",
        message: `A new one has taken its place, and its consumer was seen to have it.${until}`,
      };
}

function planAnswer(before: Told | undefined, { answered }: Seen): { news: News[]; told: Pick<Told, "answered"> } {
  const on = answered?.toISOString();
  if (on === undefined || on === before?.answered) {
    return { news: [], told: before?.answered ? { answered: before.answered } : {} };
  }
  const message = `It was replaced as somebody had asked, and nothing that was issued before ${on} signs in any more.`;
  return { news: before ? [{ kind: "leak-answered", of: on, message }] : [], told: { answered: on } };
}

function isExpiring({ expiresOn }: Pick<Told, "expiresOn">, { now }: Seen, patience: Patience): boolean {
  return expiresOn !== undefined && Date.parse(expiresOn) - now.getTime() <= patience.expiring;
}

function expiring({ keyId = "", expiresOn = "" }: InUse): News {
  const message = `The one in use expires on ${expiresOn}, and no successor is delivered.`;
  return {
    kind: "expiring",
    of: keyId,
    reason: "expiring",
    message,
    hint: "See what stands in the way in GET /api/status; POST /api/rotate tries now",
  };
}
