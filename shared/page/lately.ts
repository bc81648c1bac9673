import type { CredentialStatus } from "../status/deployment-status.ts";
import { CREDENTIALS } from "./words.ts";

/** Something that happened, by what the vault's tags and Entra's list tell. */
export interface Event {
  on: Date;
  what: string;
  of: string;
}

const MOST = 12;

/** What happened lately, the newest first. Pure. */
export function lately(credentials: readonly CredentialStatus[], now: Date): Event[] {
  return (
    credentials
      .flatMap(eventsOf)
      .filter(({ on }) => on <= now)
      // Of two at one moment the later milestone is the newer.
      .toReversed()
      .toSorted((one, other) => other.on.getTime() - one.on.getTime())
      .slice(0, MOST)
  );
}

function eventsOf(told: CredentialStatus): Event[] {
  if (!("later" in told)) return [];
  const of = CREDENTIALS[told.credential];
  const staged = "staged" in told ? told.staged : undefined;
  const { current } = told;
  const all: [Date | undefined, string][] = [
    [current?.issuedOn, "Issued"],
    [current?.provenOn, "Proven: it signed in several times in a row"],
    [current?.storedOn, "Became current"],
    [current?.deliveredOn, current?.delivery === "assumed" ? "Assumed delivered, not verified" : "Delivered, verified"],
    [current?.confirmedOn, "Delivery confirmed"],
    [current?.checkedOn, "Signed in with, to see whether it works"],
    [current?.refusedOn, "Refused by Entra"],
    [staged?.issuedOn, "Next one issued"],
    [staged?.provenOn, "Next one proven"],
  ];
  return all.flatMap(([on, what]) => (on ? [{ on, what, of }] : []));
}
