import { parseArgs } from "node:util";
import { modelCheck } from "./check.ts";

const { values } = parseArgs({
  options: { depth: { type: "string" }, scenario: { type: "string" }, states: { type: "string" }, exact: { type: "boolean" }, beyond: { type: "string" } },
});
const report = await modelCheck({
  ...(values.depth ? { depth: Number(values.depth) } : {}),
  ...(values.states ? { states: Number(values.states) } : {}),
  ...(values.scenario ? { scenarios: [values.scenario] } : {}),
  ...(values.beyond ? { beyond: values.beyond.split(",") as never } : {}),
  exact: values.exact ?? false,
  report: (line) => console.log(line),
});
for (const s of report.scenarios) {
  const { violations, ...row } = s;
  console.log(JSON.stringify(row));
  for (const v of violations) {
    console.log(`${v.breach.promise} ${v.breach.rule} (${v.times}x, ${v.story.length} moves)`);
    v.story.forEach((l, i) => console.log(`${String(i + 1).padStart(3)}. ${l}`));
  }
}
process.exitCode = report.ok ? 0 : 1;
