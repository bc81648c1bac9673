import type { Credential } from "./credential.ts";
import type { Entra } from "./entra.ts";
import type { Holder } from "./holder.ts";
import type { Journal } from "./journal.ts";

/** A time during which somebody could not sign in with what he held. */
export interface Outage {
  holder: Holder;
  value: string;
  /** "person": somebody removed the credential, or stored another value by hand. "revocation": somebody asked for it. */
  cause: "person" | "revocation";
  since: number;
  until: number | undefined;
}

export interface Availability {
  outages: readonly Outage[];
  /** Looks at every holder; an outage that is nobody's doing breaks the promise. */
  look(): void;
  /** Sign-ins that were made, and that failed, if each holder signs in so often. */
  signIns(intervalMilliseconds: number): { made: number; refused: number };
}

interface Options {
  now: () => number;
  entra: Entra;
  journal: Journal;
  holders: readonly Holder[];
  /** A person put this value into the vault by hand. */
  isByHand(value: string): boolean;
}

/** Watches whether everybody who holds a secret can sign in with it, at every moment and at every replica. */
export function availability({ now, entra, journal, holders, isByHand }: Options): Availability {
  const outages: Outage[] = [];
  const open = new Map<Holder, Outage>();
  const judged = new Map<Holder, { value: string; changes: number; until: number }>();
  let held = 0;
  let last = now();

  const close = (holder: Holder): void => {
    const outage = open.get(holder);
    if (!outage) return;
    outage.until = now();
    open.delete(holder);
    journal.note(
      "availability",
      `${holder.name} signs in again after ${Math.ceil((now() - outage.since) / 60_000)} min`,
    );
  };
  const excuse = (value: string, credential: Credential | undefined): Outage["cause"] | undefined => {
    if (!credential) return isByHand(value) ? "person" : undefined;
    const by = credential.removedBy;
    return by === "person" || by === "revocation" ? by : undefined;
  };
  const judge = (holder: Holder, value: string): void => {
    const seen = judged.get(holder);
    if (seen && seen.value === value && seen.changes === entra.changes() && now() < seen.until) return;
    const { refusal, until } = entra.standing(value);
    judged.set(holder, { value, changes: entra.changes(), until });
    if (!refusal) {
      close(holder);
      return;
    }
    const outage = open.get(holder);
    if (outage?.value === value) return;
    const credential = entra.byValue(value);
    const cause = refusal === "removed" || refusal === "unknown" ? excuse(value, credential) : undefined;
    const what = `${holder.name} holds ${credential?.keyId ?? "an unknown value"}, which is ${refusal}`;
    if (!cause) {
      journal.breaks("availability", what);
      return;
    }
    journal.note("availability", `${what}; ${cause === "person" ? "a person did it" : "its revocation was asked for"}`);
    if (outage) {
      outage.value = value;
      return;
    }
    const begun: Outage = { holder, value, cause, since: now(), until: undefined };
    open.set(holder, begun);
    outages.push(begun);
  };

  return {
    outages,
    look() {
      for (const holder of holders) {
        if (holder.value !== undefined) judge(holder, holder.value);
      }
      for (const holder of open.keys()) if (holder.value === undefined) close(holder);
      if (now() === last) return;
      for (const { value } of holders) if (value !== undefined) held += now() - last;
      last = now();
    },
    signIns(interval) {
      const down = outages.reduce((sum, { since, until }) => sum + (until ?? now()) - since, 0);
      return { made: Math.round(held / interval), refused: Math.ceil(down / interval) };
    },
  };
}
