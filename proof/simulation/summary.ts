import { DAY } from "../../shared/limits.ts";
import type { Lockout, Report } from "./year.ts";

/** The sum of many years. */
export interface Total {
  seeds: number;
  days: number;
  counts: Record<string, number>;
  signIns: { made: number; refused: number };
  lockouts: Lockout[];
  broken: Report[];
}

export function nothing(): Total {
  return {
    seeds: 0,
    days: 0,
    counts: {},
    signIns: { made: 0, refused: 0 },
    lockouts: [],
    broken: [],
  };
}

/** Adds a year to the sum. */
export function add(total: Total, report: Report): void {
  total.seeds += 1;
  total.days += report.days;
  for (const [name, count] of Object.entries(report.counts)) total.counts[name] = (total.counts[name] ?? 0) + count;
  total.signIns.made += report.signIns.made;
  total.signIns.refused += report.signIns.refused;
  total.lockouts.push(...report.outages);
  if (report.broken) total.broken.push(report);
}

/** The sum in words, a line each. */
export function describe({ seeds, days, counts, signIns, lockouts, broken }: Total): string[] {
  const named = (prefix: string): string =>
    Object.entries(counts)
      .filter(([name]) => name.startsWith(prefix))
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([name, count]) => `${name.slice(prefix.length)} ${number(count)}`)
      .join(", ");
  const one = (name: string): string => number(counts[name] ?? 0);
  const faults = ["Microsoft Graph: ", "Key Vault: ", "Entra: ", "OpenMetadata: ", "disaster: ", "a person "];
  return [
    `${number(seeds)} seeds, ${((days * DAY) / (365 * DAY)).toFixed(1)} simulated years`,
    `runs: ${named("runs by ")}; killed ${one("runs killed")}, begun beside others on purpose ${one("overlapping runs begun on purpose")}`,
    ...faults.map((prefix) => `${prefix.trim().replace(/:$/, "")}: ${named(prefix) || "nothing"}`),
    `events: lost ${one("events lost")}, delivered again ${one("events delivered again")}`,
    `asked for: ${one("asked for")}, because of a leak ${one("asked for because of a leak")}`,
    `credentials: issued ${one("credentials issued")}, promoted ${one("promotions")}, retired ${one("credentials retired")}; that only overlapping runs explain ${one("credentials that overlapping runs cost")}`,
    `a person had to help: ${one("times a person had to remove unused credentials")} times, because too many credentials had got lost`,
    `sign-ins: ${number(signIns.made)}, refused ${number(signIns.refused)}, all after what a person did or asked for`,
    `locked out by a person: ${duration(lockouts.filter(({ cause }) => cause === "person"))}`,
    `locked out by a revocation: ${duration(lockouts.filter(({ cause, reader }) => cause === "revocation" && !reader))}`,
    `readers of the vault that had not looked again after a revocation: ${duration(lockouts.filter(({ cause, reader }) => cause === "revocation" && reader))}`,
    broken.length === 0 ? "no promise was broken" : `promises broken in ${broken.length} of ${seeds} years`,
  ];
}

function duration(lockouts: readonly Lockout[]): string {
  if (lockouts.length === 0) return "never";
  const sorted = lockouts.toSorted((a, b) => a.minutes - b.minutes);
  const median = sorted[Math.floor(sorted.length / 2)]?.minutes ?? 0;
  const worst = sorted.at(-1)?.minutes ?? 0;
  const undisturbed = sorted.findLast(({ disturbed }) => !disturbed)?.minutes ?? 0;
  return `${number(sorted.length)} times; back after ${median} min in the median, ${hours(worst)} at worst (${hours(undisturbed)} where no outage came on top)`;
}

function hours(minutes: number): string {
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
