import type { Case } from "./case.ts";
import { CASES } from "./cases/all.ts";
import { NOT_TRIED } from "./cases/not-tried.ts";
import { chosen, type Wanted } from "./run.ts";

/** What a run with the same options would try and make, what it would leave out, and what no run tries. */
export function dryRun(wanted: Wanted, prefix: string): string {
  const running = chosen(wanted);
  const others = CASES.filter(
    (one) => !running.includes(one) && (wanted.only.length === 0 || wanted.only.includes(one.id)),
  );
  return [
    ...running.map(inLines),
    ...(others.length > 0
      ? [
          "",
          "Not with these options:",
          ...others.map(({ id, needs = [] }) => `  ${id.padEnd(34)} ${needs.map((need) => `--${need}`).join(" ")}`),
        ]
      : []),
    "",
    "No case tries:",
    ...NOT_TRIED.map(({ what, because }) => `  ${what}: ${because}`),
    "",
    `${running.length} cases. Names begin with ${prefix}-; everything is removed again.`,
    "",
  ].join("\n");
}

function inLines({ id, claim, makes = [], waits }: Case): string {
  const more = [
    ...(makes.length > 0 ? [`makes: ${makes.join(", ")}`] : []),
    ...(waits ? [`may wait ${waits} minutes`] : []),
  ];
  return [`${id.padEnd(34)} ${claim}`, ...more.map((one) => `${" ".repeat(35)}${one}`)].join("\n");
}
