import { blotted } from "../../shared/errors.ts";
import { NOT_TRIED } from "./cases/not-tried.ts";
import type { Outcome, Result } from "./run.ts";
import type { Access } from "./tenant.ts";

/** Everything by which what the operator named could be found: ids, hosts and names. */
export function knownIn({ vaultUrl, ids, tenantId, ownId }: Access): string[] {
  const host = vaultUrl === undefined ? undefined : new URL(vaultUrl).host;
  const names = Object.values(ids).flatMap((id) => id.split("/").filter((_, index) => [2, 4, 8].includes(index)));
  const all = [host, host?.split(".")[0], tenantId, ownId, ...names].filter((one) => one !== undefined);
  return [...new Set(all)].filter(({ length }) => length > 2).sort((one, other) => other.length - one.length);
}

const SERVICES = String.raw`(vault|blob|queue|table|dfs|file)\.(azure|core\.[\w]+|usgovcloudapi|azure-api)\.?[\w.-]*`;
const HOSTS = new RegExp(String.raw`[\w-]+(\.[\w-]+)*\.(${SERVICES}|azurewebsites\.(net|us|cn))`, "gi");

/** Nothing that tells whose tenant it was: ids, names that were made, hosts, addresses and tokens become words. */
export function anonymous(text: string, known: readonly string[], prefix: string): string {
  const named = known.reduce((rest, one) => rest.replace(anyCase(one), "<known>"), withoutNames(blotted(text)));
  return named
    .replaceAll(new RegExp(`${prefix}[\\w-]*`, "gi"), "<name>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<id>")
    .replace(/\b[0-9a-f]{32}\b/gi, "<version>")
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, "<address>")
    .replace(/[\w-]+(\.[\w-]+)*\.onmicrosoft\.com/gi, "<domain>")
    .replace(HOSTS, "<host>")
    .replace(/\b(\d{1,3}\.){3}\d{1,3}\b|\b([0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}\b/gi, "<address>");
}

function anyCase(known: string): RegExp {
  return new RegExp(`(?<![\\w-])${known.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`, "gi");
}

/** The names in resource ids; what kinds of resources they are may stay. */
function withoutNames(text: string): string {
  return text.replace(/\/subscriptions\/[^\s"'?,;)]+/gi, (id) => {
    let sinceProviders = Number.NaN;
    return id
      .split("/")
      .map((part, index) => {
        sinceProviders = part.toLowerCase() === "providers" ? 0 : sinceProviders + 1;
        const isName = Number.isNaN(sinceProviders)
          ? index > 0 && index % 2 === 0
          : sinceProviders > 2 && sinceProviders % 2 === 1;
        return isName ? "<name>" : part;
      })
      .join("/");
  });
}

/** How much of which kind is kept, and why; without names. */
export function inSum(kept: Outcome["kept"]): string[] {
  const names = new Set(kept.map(({ what, why }) => JSON.stringify([what, why])));
  const kinds = [...names].map((one) => {
    const [what, why] = JSON.parse(one) as [string, string];
    return `${what.split(" ")[0]}: ${why}`;
  });
  return [...Map.groupBy(kinds, (kind) => kind)].map(([kind, some]) => `${some.length} x ${kind}`);
}

/** Markdown to be pasted into an issue. */
export function report(
  { results, left, kept }: Outcome,
  { release, on, known, prefix }: { release: string; on: Date; known: readonly string[]; prefix: string },
): string {
  const clean = (text: string): string =>
    anonymous(text, known, prefix)
      .replace(/[\r\n|]+/g, " ")
      .trim();
  const count = (state: Result["state"]): number => results.filter((one) => one.state === state).length;
  const row = ({ id, claim, state, seen }: Result): string => `| ${id} | ${state} | ${claim} | ${clean(seen)} |`;
  return [
    `Conformance of the stand-ins of openmetadata-entra ${release}, ${on.toISOString().slice(0, 10)}: ${count("holds")} hold, ${count("differs")} differ, ${count("untried")} could not be tried, ${count("skipped")} skipped${count("not modelled") > 0 ? `, ${count("not modelled")} not modelled` : ""}.`,
    "",
    "| case | state | claim | seen |",
    "|---|---|---|---|",
    ...results.map(row),
    "",
    ...(left.length > 0 ? ["Left behind:", ...left.map(({ what, why }) => `- ${clean(`${what}: ${why}`)}`), ""] : []),
    ...(kept.length > 0 ? [...inSum(kept).map((one) => `- ${one}`), ""] : []),
    "No case tries these; tell what you know:",
    ...NOT_TRIED.map(({ what, because, instead }) => `- ${what}: ${because}. Instead: ${instead}.`),
    "",
  ].join("\n");
}
