import { PROBLEMS, type ProblemCode, problemType } from "../../shared/problems/problems.ts";

const PARTS: [heading: string, statuses: number[], about: string][] = [
  ["Waiting (202)", [202], "Nobody needs to act. The answer has the code beside the step that waits."],
  ["The request is wrong (400, 413)", [400, 413], "Nothing was changed. Correct the request and send it again."],
  ["The caller is not allowed (401, 403)", [401, 403], "Nothing was changed."],
  ["A person must act (409)", [409], "Repeating the call does not help until somebody has followed the hint."],
  ["A service failed, and a later attempt may succeed (503)", [503], "The app tries again by itself."],
  ["A service refused, or the app has a fault (500, 502)", [500, 502], "Repeating the call does not help by itself."],
];

/** docs/problems.md: one entry for each code, by what whoever reads it can do. */
export function problemsPage(): string {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).sort();
  const parts = PARTS.map(([heading, statuses, about]) => {
    const entries = codes.filter((code) => statuses.includes(PROBLEMS[code].status)).map(entry);
    return [`## ${heading}`, about, ...entries].join("\n\n");
  });
  return `${[INTRODUCTION, ...parts].join("\n\n")}\n`;
}

const INTRODUCTION = `# Problems, by code

<!-- Generated from shared/problems/ by: npx vitest run test/problems --update -->

Every answer other than a success, every step that waits or fails, and every log line about one carries a \`code\` of this list. The list is closed and codes keep their meaning, so scripts and alerts may rely on them. Sentences may change.

Answers are problem details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). \`type\` is \`${problemType("bot-missing").replace("bot-missing", "<code>")}\`, \`detail\` says what failed and on what, and \`hint\` says what to do in this case; commands in a hint are on lines of their own, for bash; those of az alone work in PowerShell too, unless they carry a JSON body. To read a hint as text:

\`\`\`
curl … | jq -r .hint
\`\`\``;

function entry(code: ProblemCode): string {
  const { status, title, means, hint } = PROBLEMS[code];
  return [`### ${code}`, `${title} (${status}).`, `**Means:** ${means}.`, `**Do:** ${hint}.`].join("\n\n");
}
