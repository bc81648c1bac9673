import { readFileSync, writeFileSync } from "node:fs";

/**
 * Writes what of a report was noticed beside it, and gives the path, for Stryker to go on from. All of it would not do: Stryker
 * would keep what was missed too, unless a test is new of which it knows that it passes through there.
 */
export function onlyNoticed(report: string): string {
  const seen = JSON.parse(readFileSync(report, "utf8")) as { files: Record<string, { mutants: { status: string }[] }> };
  for (const file of Object.values(seen.files)) file.mutants = file.mutants.filter(({ status }) => status === "Killed");
  const kept = report.replace(/\.json$/, ".kept.json");
  writeFileSync(kept, JSON.stringify(seen));
  return kept;
}
