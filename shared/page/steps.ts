import type { BotTokenFacts, ClientSecretFacts } from "../status/credential.ts";
import { type Html, html } from "./html.ts";
import { dated } from "./time.ts";

/** A milestone in the life of the credential that is current. */
interface Milestone {
  name: string;
  /** Reached then. */
  on?: Date | undefined;
  /** To be reached then. */
  expected?: Date | undefined;
  note?: string | undefined;
}

/** From being issued to the end of its predecessor. Pure. */
export function milestonesOfSecret({ current, inEntra, plan, later }: ClientSecretFacts, now: Date): Milestone[] {
  if (!current) return [];
  const { issuedOn, provenOn, storedOn } = current;
  const others = inEntra.managed.some(
    ({ keyId, issuedOn: on }) => keyId !== current.keyId && on < (issuedOn ?? storedOn),
  );
  return [
    { name: "Issued", on: issuedOn },
    { name: "Proven", on: provenOn },
    { name: "Current", on: storedOn },
    ...handedOn({ current, later }),
    others
      ? { name: "Previous one retired", expected: plan?.retireOn }
      : { name: "Previous one retired", on: pastOf(plan?.retireOn, now), note: "none is left" },
  ];
}

/** The first one replaces none. */
function pastOf(moment: Date | undefined, now: Date): Date | undefined {
  return moment && moment <= now ? moment : undefined;
}

/** A token is neither proven nor retired: a new one ends the old one. Pure. */
export function milestonesOfToken({ current, later }: BotTokenFacts): Milestone[] {
  if (!current) return [];
  return [
    { name: "Issued", on: current.issuedOn },
    { name: "Current", on: current.storedOn },
    ...handedOn({ current, later }),
  ];
}

function handedOn({
  current,
  later,
}: {
  current: NonNullable<ClientSecretFacts["current"]> | NonNullable<BotTokenFacts["current"]>;
  later: ClientSecretFacts["later"];
}): Milestone[] {
  const { deliveredOn, confirmedOn, delivery, readUntil } = current;
  const expected = (kind: string) => later.find((one) => one.kind === kind)?.on;
  return [
    {
      name: "Delivered",
      on: deliveredOn,
      expected: readUntil ?? expected("push"),
      note: delivery ?? (readUntil ? "readers have time" : undefined),
    },
    { name: "Confirmed", on: confirmedOn, expected: expected("confirm") },
  ];
}

/** The milestones as a list that reads from left to right, or down on a phone. */
export function steps(milestones: readonly Milestone[], now: Date): Html {
  return html`<ol class="steps">${milestones.map((one) => step(one, now))}</ol>`;
}

function step({ name, on, expected, note }: Milestone, now: Date): Html {
  const reached = on !== undefined && on <= now;
  const moment = reached ? on : (expected ?? on);
  const state = reached ? "done" : moment ? "coming" : "open";
  const said = reached ? "" : html`<span class="sr">not yet</span>`;
  return html`<li class="${state}"><span class="name">${name}</span>${said}${moment ? html`<span class="on">${dated(moment, now)}</span>` : ""}${note ? html`<span class="note ${note}">${note}</span>` : ""}</li>`;
}
