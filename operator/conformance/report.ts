import { blotted } from "../../shared/errors.ts";
import { NOT_TRIED } from "./cases/all.ts";
import type { Outcome, Result } from "./run.ts";

/** Nothing that tells whose tenant it was: ids, names that were made, hosts, addresses and tokens become words. */
export function anonymous(text: string, hosts: readonly string[], prefix: string): string {
  const named = hosts.reduce((rest, host) => rest.replaceAll(host, "<host>"), blotted(text));
  return named
    .replaceAll(new RegExp(`${prefix}[\\w-]*`, "g"), "<name>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<id>")
    .replace(/\b[0-9a-f]{32}\b/gi, "<version>")
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, "<address>")
    .replace(/[\w-]+(\.[\w-]+)*\.onmicrosoft\.com/gi, "<domain>")
    .replace(/\/(subscriptions|resourceGroups|sites|vaults)\/[^/\s"']+/gi, "/$1/<name>");
}

/** Markdown to be pasted into an issue. */
export function report(
  { results, left }: Outcome,
  { release, on, hosts, prefix }: { release: string; on: Date; hosts: readonly string[]; prefix: string },
): string {
  const clean = (text: string): string =>
    anonymous(text, hosts, prefix)
      .replace(/[\r\n|]+/g, " ")
      .trim();
  const count = (state: Result["state"]): number => results.filter((one) => one.state === state).length;
  const row = ({ id, claim, state, seen }: Result): string => `| ${id} | ${state} | ${claim} | ${clean(seen)} |`;
  return [
    `Conformance of the stand-ins of openmetadata-entra ${release}, ${on.toISOString().slice(0, 10)}: ${count("holds")} hold, ${count("differs")} differ, ${count("untried")} could not be tried, ${count("skipped")} skipped.`,
    "",
    "| case | state | claim | seen |",
    "|---|---|---|---|",
    ...results.map(row),
    "",
    ...(left.length > 0 ? ["Left behind:", ...left.map((one) => `- ${clean(one)}`), ""] : []),
    "Not tried by any case; tell what you know:",
    ...NOT_TRIED.map((one) => `- ${one}`),
    "",
  ].join("\n");
}
