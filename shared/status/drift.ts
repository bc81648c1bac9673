import type { Finding } from "../hygiene/finding.ts";
import { looksAt, type Ports, type Question } from "./drift-looks.ts";
import type { Found } from "./registrations.ts";
import { isUnread, orUnread, type Unread } from "./unread.ts";

/** What is not as provisioned or not as it ought to be, and what could not be found out. */
export interface Drift {
  /** The worst first. */
  findings: Finding[];
  unread: ({ what: string } & Unread)[];
}

const ORDER: Finding["severity"][] = ["critical", "warning", "notice"];

/** Looks at each thing for itself: what cannot be read is listed beside what the others show. Never throws. */
export async function driftOf(
  ports: Ports,
  { deployment }: Question,
  registrations: { server: Promise<Found>; ingestion: Promise<Found> },
): Promise<Drift> {
  const looks = looksAt(ports, deployment, registrations);
  const seen = await Promise.all(looks.map(async ({ what, look }) => ({ what, found: await orUnread(look) })));
  const findings = seen.flatMap(({ found }) => (isUnread(found) ? [] : found));
  return {
    findings: worstFirst(findings),
    unread: seen.flatMap(({ what, found }) => (isUnread(found) ? [{ what, ...found }] : [])),
  };
}

export function worstFirst<F extends Finding>(findings: readonly F[]): F[] {
  return findings.toSorted((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
}
