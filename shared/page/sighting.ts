import { MINUTE } from "../limits.ts";
import type { Verdict } from "../status/condition.ts";
import { rank } from "../status/condition.ts";
import type { DeploymentStatus } from "../status/deployment-status.ts";
import type { Coming } from "../status/due.ts";

/** What the overview keeps of a look at a deployment. */
export interface Sighting {
  deployment: string;
  url: string;
  on: Date;
  verdict: Verdict;
  message: string;
  credentials: { credential: DeploymentStatus["credentials"][number]["credential"]; verdict: Verdict }[];
  next: Coming | undefined;
}

/** A deployment of the overview, whether or not anybody has looked at it yet. */
export type Listed = Sighting | { deployment: string; url: string; on?: undefined };

/** How long a look is good enough for the overview. */
export const GOOD_FOR = MINUTE;
/** So many are looked at for one request: each takes a dozen requests, and somebody waits. */
export const AT_ONCE = 20;

/** Keeps what the overview tells. Pure. */
export function sightingOf(told: DeploymentStatus): Sighting {
  const { deployment, on, verdict, conditions, credentials, openMetadata } = told;
  const coming = credentials.flatMap((one) => ("later" in one ? one.later : []));
  return {
    deployment,
    url: openMetadata.url,
    on,
    verdict,
    message: conditions[0]?.message ?? "",
    credentials: credentials.flatMap((one) =>
      "unused" in one ? [] : [{ credential: one.credential, verdict: one.verdict }],
    ),
    next: coming.toSorted((one, other) => one.on.getTime() - other.on.getTime())[0],
  };
}

/** Which are looked at for this request: what nobody has seen yet, then what was seen longest ago. Pure. */
export function stalest<D extends { name: string }>(
  deployments: readonly D[],
  seen: ReadonlyMap<string, Pick<Sighting, "on">>,
  now: Date,
): D[] {
  const seenOn = ({ name }: D): number => seen.get(name)?.on.getTime() ?? 0;
  return deployments
    .filter((one) => seenOn(one) < now.getTime() - GOOD_FOR)
    .toSorted((one, other) => seenOn(one) - seenOn(other))
    .slice(0, AT_ONCE);
}

/** The worst first, of equals those of which something comes first; then those that nobody has seen yet. Pure. */
export function worstFirst(listed: readonly Listed[]): Listed[] {
  const place = (one: Listed): number => (one.on ? (one.verdict === "healthy" ? 3 : rank(one.verdict)) : 2);
  const next = (one: Listed): number => (one.on && one.next ? one.next.on.getTime() : Number.MAX_SAFE_INTEGER);
  return listed.toSorted(
    (one, other) =>
      place(one) - place(other) || next(one) - next(other) || one.deployment.localeCompare(other.deployment, "en"),
  );
}
