import type { Call } from "./call.ts";
import type { State } from "./model-state.ts";

/** One line of a story: who did what, and what was odd about it. */
export function tell(who: string, what: Call | string, oddly: string | undefined): string {
  return `${who} ${typeof what === "string" ? what : verb(what)}${oddly ? ` (${oddly})` : ""}`;
}

function verb(call: Call): string {
  switch (call.kind) {
    case "list":
      return "reads Entra's list";
    case "issue":
      return "has Entra issue a credential";
    case "retire":
      return `removes ${call.keyId} at Entra`;
    case "latest":
      return `reads the ${call.store} secret`;
    case "store":
      return call.store === "current" ? `makes ${call.content} current` : `stages ${call.content}`;
    case "announce":
      return "announces a credential in the vault";
    case "note":
      return `notes ${Object.keys(call.milestones).join(", ")} on ${call.version.version}`;
    case "sign-in":
      return `signs in with ${call.keyId}`;
    case "push":
      return `pushes ${call.keyId}`;
    default:
      return call satisfies never;
  }
}

/** The word for what a request does, for the count of what was explored; empty for reads. */
export function did(call: Call): string {
  switch (call.kind) {
    case "issue":
      return "issued";
    case "retire":
      return "retired";
    case "store":
      return call.store === "current" ? "promoted" : "staged";
    case "note": {
      const { provenOn, promotedOn, deliveredOn, confirmedOn, checkedOn, refusedOn } = call.milestones;
      if (refusedOn) return "found out";
      if (checkedOn) return "checked";
      if (promotedOn) return "noted to be promoted";
      return confirmedOn ? "confirmed" : deliveredOn ? "delivered" : provenOn ? "proven" : "proof taken back";
    }
    default:
      return "";
  }
}

/** What the world looks like at the end of a line. */
export function sketch({ world }: State): string {
  const { held, current, staged, credentials } = world;
  const { deliveredOn, confirmed } = current?.tags ?? {};
  const marks = `${deliveredOn === undefined ? "" : " delivered"}${confirmed ? " confirmed" : ""}`;
  const alive = credentials.filter(({ removed }) => !removed).map(({ keyId }) => keyId);
  const shown = current ? `${current.content}${current.enabled ? "" : " disabled"}${marks}` : "-";
  return `consumer ${held?.keyId ?? "-"}; current ${shown}; staged ${staged?.content ?? "-"}; Entra ${alive.join(" ") || "-"}`;
}

/** Time since the beginning, as "1 d 02:03". */
export function clock(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const days = Math.floor(minutes / 1440);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${days > 0 ? `${days} d ` : ""}${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}
