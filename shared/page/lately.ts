import type { CredentialStatus, DeploymentStatus } from "../status/deployment-status.ts";
import type { Happened } from "../status/history.ts";
import { CREDENTIALS } from "./words.ts";

/** Something that happened, by what the vault's tags and Entra's list tell. */
export interface Event {
  on: Date;
  what: string;
  of: string;
}

const MOST = 12;

/** What happened lately, or all that is known where that was asked for; the newest first. Pure. */
export function lately({
  credentials,
  history,
  on,
}: Pick<DeploymentStatus, "credentials" | "history" | "on">): Event[] {
  return history ? history.events.map(inWords) : ofNow(credentials, on);
}

const HAPPENED: Record<Exclude<Happened["kind"], "delivered">, string> = {
  issued: "Issued",
  proven: "Proven: it signed in several times in a row",
  promoted: "Became current",
  "stored-by-somebody": "Stored by somebody else",
  confirmed: "Delivery confirmed",
  checked: "Signed in with, to see whether it works",
  refused: "Refused by Entra",
  retired: "Retired",
};

function inWords({ on, kind, credential, delivery, because, exact }: Happened): Event {
  const what = kind === "delivered" ? deliveredAs(delivery) : HAPPENED[kind];
  const asked = because ? `, because somebody asked: ${because}` : "";
  return { on, what: `${what}${asked}${exact === false ? ", then or later" : ""}`, of: CREDENTIALS[credential] };
}

function deliveredAs(delivery: Happened["delivery"]): string {
  return delivery === "assumed" ? "Assumed delivered, not verified" : "Delivered, verified";
}

function ofNow(credentials: readonly CredentialStatus[], now: Date): Event[] {
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
    [current?.deliveredOn, deliveredAs(current?.delivery)],
    [current?.confirmedOn, "Delivery confirmed"],
    [current?.checkedOn, "Signed in with, to see whether it works"],
    [current?.refusedOn, "Refused by Entra"],
    [staged?.issuedOn, "Next one issued"],
    [staged?.provenOn, "Next one proven"],
  ];
  return all.flatMap(([on, what]) => (on ? [{ on, what, of }] : []));
}
