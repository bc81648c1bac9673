import { z } from "zod";
import { statusAnswer } from "../../shared/status/answer.ts";
import { REASONS } from "../../shared/status/reasons.ts";

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: string[];
  const?: unknown;
  format?: string;
}

/** docs/status.schema.json: JSON Schema 2020-12 of the answer. */
export function statusSchema(): object {
  return z.toJSONSchema(statusAnswer);
}

/** Fields of which the schema does not say what they mean. */
export function unexplained(): string[] {
  return fieldsOf(statusSchema() as Schema, "").flatMap(({ path, about }) => (/[A-Z`]/.test(about) ? [] : [path]));
}

/** docs/status.md: every field, every condition and every reason, made from the schema. */
export function statusDoc(): string {
  const schema = statusSchema() as Schema;
  const rows = fieldsOf(schema, "").map(({ path, about }) => `| \`${path}\` | ${about} |`);
  const reasons = Object.entries(REASONS).map(([reason, means]) => `| \`${reason}\` | ${means} |`);
  return [
    INTRODUCTION,
    ["## Conditions", CONDITIONS].join("\n\n"),
    [
      "## Reasons",
      "A `reason` is one of these, or a code of [problems.md](problems.md). Both are closed lists.",
      table("reason", reasons),
    ].join("\n\n"),
    [
      "## Fields",
      "Fields that are the same everywhere are told once. A `?` marks what may be absent.",
      table("field", rows),
    ].join("\n\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function table(name: string, rows: readonly string[]): string {
  return [`| ${name} | meaning |`, "|---|---|", ...rows].join("\n");
}

interface Field {
  path: string;
  about: string;
}

/** Told once, under the name by which the table calls them. */
const ONCE = new Map<string, string>();

function fieldsOf(schema: Schema, prefix: string): Field[] {
  ONCE.clear();
  return below(schema, prefix);
}

function below(schema: Schema, prefix: string): Field[] {
  const variants = schema.anyOf ?? [schema];
  const seen = new Set<string>();
  return variants
    .flatMap((variant) => {
      const inner = variant.items ? [variant.items] : [variant];
      return inner.flatMap((one) => (one.anyOf ? below(one, prefix) : properties(one, prefix)));
    })
    .filter(({ path }) => !seen.has(path) && seen.add(path));
}

function properties(schema: Schema, prefix: string): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const optional = schema.required?.includes(name) ? "" : "?";
    const list = isList(field) ? "[]" : "";
    const path = `${prefix}${name}${optional}`;
    const text = JSON.stringify({ ...field, description: undefined });
    const before = ONCE.get(text);
    const nested = before === undefined ? below(field, `${prefix}${name}${list}.`) : [];
    if (nested.length > 0) ONCE.set(text, path);
    const as = before === undefined ? "" : `; its fields are those of \`${before}\``;
    return [{ path, about: `${aboutOf(field)}${as}` }, ...nested];
  });
}

function isList(field: Schema): boolean {
  return field.type === "array" || (field.anyOf ?? []).some(({ type }) => type === "array");
}

function aboutOf(field: Schema): string {
  const words = (field.description ?? field.items?.description ?? "").replaceAll("|", "\\|");
  const values = field.enum && field.enum.length < 8 ? `\`${field.enum.join("`, `")}\`` : "";
  const isSaid = (field.enum ?? []).every((value) => words.includes(`\`${value}\``));
  return [words, isSaid ? "" : values].filter((part) => part !== "").join(": ");
}

const INTRODUCTION = `# What GET /api/status answers

<!-- Generated from shared/status/ by: npx vitest run test/status --update -->

The answer is JSON; [status.schema.json](status.schema.json) is its schema. Every time is ISO 8601 in UTC. Nothing in it is secret. The same look makes the page, \`GET /api/page\`.

\`verdict\` says for everything in the answer, for each deployment and for each credential how it is:

| verdict | means |
|---|---|
| \`healthy\` | all is well, or merely waits its time: \`later\` says what, and until when |
| \`attention\` | everything works, and somebody should look before it no longer does |
| \`failing\` | something does not work, or cannot go on without a person |

\`\`\`
curl … | jq -r '.verdict, (.deployments[] | "\\(.deployment): \\(.verdict): \\(.conditions[0].message)")'
\`\`\`

With \`?limit=\` and \`?after=\` the verdict at the top is that of the app and of the deployments on this page. A part that cannot be read says \`error\`, \`code\` and \`hint\` in its place, and the others are told all the same.

A delivery is \`verified\` where its consumer was seen to have the credential, and \`assumed\` where workloads read the vault by themselves: nobody can see whether they have. \`delivery\` says which, wherever a delivery is told.

A finding that one may leave so is accepted by the setting \`acceptedFindings\` (\`ACCEPTED_FINDINGS\`), with a reason. It stays in the answer with \`accepted\`, and does not count. What is critical always counts; a notice never does.

Whether admin consent is granted is not looked at: no condition says so, and \`healthy\` does not promise it. \`POST /api/consent {"dryRun":true}\` lists what is missing.`;

const CONDITIONS = `| condition | of | \`True\` means |
|---|---|---|
| \`Ready\` | a credential | it signs in, as far as the app can see |
| \`Delivered\` | a credential | whoever signs in with it has it; the reason is \`verified\` or \`assumed\` |
| \`Rotating\` | a credential | it is being replaced, or its predecessor still signs in; healthy unless \`overdue\` |
| \`Blocked\` | a credential | nothing goes on without a person |
| \`Ready\` | a deployment | nothing is failing; reason and message are those of what is worst |
| \`Provisioned\` | a deployment | both registrations are there |
| \`Reachable\` | a deployment | OpenMetadata answers |
| \`Admitted\` | a deployment | OpenMetadata takes the app for an administrator |
| \`Permitted\` | a deployment | the app's identity holds what rotation needs in Microsoft Graph |
| \`Hardened\` | a deployment | no finding counts |
| \`TimerRuns\`, \`QueueClear\`, \`DeploymentsRead\` | the app | the timer runs; no work has failed for good; all deployments of the settings are served |

\`Unknown\` means that something could not be read. The \`verdict\` of a condition says what it alone amounts to. \`since\` is absent where nothing has noted when it began: the app keeps no books of its own.`;
